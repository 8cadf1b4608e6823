/* What followed a press: from the log's lines and the backstage's history, the few things that tell what the bot did.
   Values in, values out; how it is drawn is aftermath.js's. */

const SHOWS = new Set(["chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.push"]);
const SENDS = new Set(["PushBroadcast", "PushTemplate", "CancelPushScheduler", "RevokePushTask"]);

/** Deeds that have a line of their own in the log. */
const IN_THE_LOG = new Set(["clock_moved"]);

/** The newest that are shown. */
export const SHOWN = 12;

/** List what followed a press, oldest first: {key, at, tone, line} or {key, at, tone, deed}; tone: bad, good, plain. */
export function since(press, { log, history }) {
  const lines = linesSince(press, log).filter(tells).map(ofLine);
  const deeds = (history ?? []).filter((deed) => deed.number > press.deed && !IN_THE_LOG.has(deed.what)).map(ofDeed);
  const all = [...withoutRepeats(lines), ...deeds].sort((one, other) => one.at - other.at);
  return { left: Math.max(0, all.length - SHOWN), items: all.slice(-SHOWN) };
}

/** List the log's lines since a press. */
export const linesSince = (press, log) => log.slice(log.findLastIndex((line) => line.id === press.line) + 1);

const tells = (line) =>
  line.trouble !== "" || line.status >= 400 || line.kind === "event" || SHOWS.has(line.name) || SENDS.has(line.name);

const ofLine = (line) => ({ key: line.id, at: Date.parse(line.at), tone: toneOf(line), line });
const ofDeed = (deed) => ({ key: `deed-${deed.number}`, at: Date.parse(deed.at), tone: "plain", deed });

function toneOf(line) {
  if (line.trouble || line.status >= 400) return "bad";
  return SENDS.has(line.name) && line.finished ? "good" : "plain";
}

/** The bot draws a card as often as something may have changed; the same words in the same place are told once. */
function withoutRepeats(items) {
  const told = new Map();
  return items.filter(({ line, tone }) => {
    if (tone === "bad" || !SHOWS.has(line.name)) return true;
    const [place, ...words] = line.about.split(" · ");
    const repeated = told.get(place) === words.join(" · ");
    told.set(place, words.join(" · "));
    return !repeated;
  });
}
