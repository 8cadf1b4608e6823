/* What Slack itself says to one person about something they did: lines by Slackbot that nobody else sees. They look like
   messages and stand among them; the simulator does not know them, and they go when the page goes. */
import { SLACKBOT } from "./avatar.js";
import { shelfOf, useShelf } from "./shelf.js";

const shelf = shelfOf([]);

/** The key of a place in which one person writes: a channel, or a thread in it. */
export const spotOf = ({ me, channelId, threadTs = null }) => [me, channelId, threadTs ?? ""].join("/");

/** Put a line into a place, after the message with the ts `after` and everything said before. */
export function addNote({ me, channelId, threadTs = null }, { text, now, after = "" }) {
  const spot = spotOf({ me, channelId, threadTs });
  const before = [after, shelf.get(spot).at(-1)?.ts ?? "", tsOf(now.getTime())].sort().at(-1);
  const place = { channel: channelId, ts: tsAfter(before), thread_ts: threadTs };
  shelf.put(spot, [...shelf.get(spot), { ...place, user: SLACKBOT, text, blocks: null, viewer: me, isNote: true }]);
}

/** Return the lines of a place, oldest first; draws again when one is added. */
export const useNotes = (spot) => useShelf(shelf, spot);

/** Put lines among messages, in the order of time. Without any line the messages are returned as they are. */
export function withNotes(messages, notes) {
  if (!notes.length) return messages;
  return [...messages, ...notes].sort((one, other) => (one.ts < other.ts ? -1 : 1));
}

const tsOf = (milliseconds) => (milliseconds / 1000).toFixed(6);

/** Make the next smaller-than-a-message step after a ts. Numbers of that size are exact to the microsecond only as parts. */
function tsAfter(ts) {
  const [seconds, micros] = ts.split(".").map(Number);
  return micros < 999_999 ? `${seconds}.${String(micros + 1).padStart(6, "0")}` : `${seconds + 1}.000000`;
}
