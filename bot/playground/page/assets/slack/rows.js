/* What stands below what in a conversation: day lines, the "New" line, and messages, joined when one person goes on speaking.
   Values in, values out; nothing is drawn here. */

const TOGETHER = 5 * 60;
const QUARTER = 15 * 60;

/** Say whether a message is a reply in a thread. */
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** Say whether a message stands in the channel itself: no reply, or one that was sent to the channel too. */
export const isInChannel = (message) => !isReply(message) || message.in_channel_too;

/**
 * List the rows of a channel, oldest first: {kind: "day"}, {kind: "new"}, or {kind: "message", message, joined, replies, ...}.
 * `newFrom` is the ts of the first message under the "New" line, or "".
 */
export function channelRows(messages, { tz, newFrom = "" }) {
  const shown = messages.filter(isInChannel);
  return withLines(shown, { tz, newFrom, replies: repliesOf(messages) });
}

/** List the rows of a thread: its parent, {kind: "replies", count} when there are some, and the replies. */
export function threadRows(messages, ts, { tz }) {
  const parent = messages.filter((one) => one.ts === ts);
  const replies = messages.filter((one) => isReply(one) && one.thread_ts === ts);
  const rowsOf = (shown) => withLines(shown, { tz }).filter((row) => row.kind === "message");
  const count = replies.filter((one) => !one.viewer).length;
  return [...rowsOf(parent), ...(count ? [{ kind: "replies", key: "replies", count }] : []), ...rowsOf(replies)];
}

function withLines(shown, { tz, newFrom = "", replies = new Map() }) {
  const rows = [];
  let before = null;
  for (const message of shown) {
    const newDay = !before || dayOf(message.ts, tz) !== dayOf(before.ts, tz);
    if (newDay) rows.push({ kind: "day", key: `day ${dayOf(message.ts, tz)}`, ts: message.ts });
    const isNew = newFrom === message.ts;
    if (isNew) rows.push({ kind: "new", key: "new" });
    const joined = !newDay && !isNew && goesOn(before, message);
    rows.push({ kind: "message", key: message.ts, message, joined, ...replies.get(message.ts) });
    before = message;
  }
  return rows;
}

/** Say whether a message is drawn without its author's name because it follows closely on another of theirs. */
function goesOn(before, message) {
  const alike = before.user === message.user && Boolean(before.viewer) === Boolean(message.viewer);
  const apart = before.thread_ts === message.thread_ts || !message.in_channel_too;
  return alike && apart && Number(message.ts) - Number(before.ts) < TOGETHER;
}

/** Tell of each thread how many replies it has, when the last came, and by whom; only values, so that equal ones are equal. */
function repliesOf(messages) {
  const found = new Map();
  for (const message of messages) {
    if (!isReply(message) || message.viewer) continue;
    const { replies = 0, repliers = "" } = found.get(message.thread_ts) ?? {};
    const known = repliers.split(" ").includes(message.user);
    found.set(message.thread_ts, {
      replies: replies + 1,
      lastReply: message.ts,
      repliers: known ? repliers : `${repliers} ${message.user}`.trim(),
    });
  }
  return found;
}

const zones = new Map();

/** Name the day of a moment in a time zone, such as "2026-06-03". Every zone's days begin on a quarter of an hour. */
export function dayOf(ts, tz) {
  const quarter = Math.floor(Number(ts) / QUARTER);
  const { write, days } = zoneOf(tz);
  if (!days.has(quarter)) days.set(quarter, write.format(quarter * QUARTER * 1000));
  return days.get(quarter);
}

function zoneOf(tz) {
  const write = () => new Intl.DateTimeFormat("en-CA", { timeZone: tz, dateStyle: "short" });
  if (!zones.has(tz)) zones.set(tz, { write: write(), days: new Map() });
  return zones.get(tz);
}
