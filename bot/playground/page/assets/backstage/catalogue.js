/* The faults that can be ordered from mPaaS and from Slack: values only. What each does is the simulators' business, what
   is said about it stands in words/backstage.js under the same id. */

/** What the bot does just before each push: it looks for the task there, and at mPaaS's clock. */
const LOOK = "QueryPushAnalysisTaskList";
const SEND = "PushBroadcast";

/** Faults of mPaaS: the words of `Misbehaviour`, sorted by what they prove; `own` ones have their own calls and times. */
export const MPAAS_SORTED = {
  unknown: [
    { id: "mpaas-lost", facts: { kind: "close", when: "after" } },
    { id: "mpaas-hang", facts: { kind: "hang" } },
    { id: "mpaas-reset-before", facts: { kind: "reset", when: "before" } },
    { id: "mpaas-reset-after", facts: { kind: "reset", when: "after" } },
    { id: "mpaas-status-before", facts: { kind: "status", when: "before" } },
    { id: "mpaas-status-after", facts: { kind: "status", when: "after" } },
    { id: "mpaas-half", facts: { kind: "half", when: "after" } },
    { id: "mpaas-rubbish", facts: { kind: "rubbish" } },
  ],
  waits: [
    { id: "mpaas-refuse", facts: { kind: "refuse", seconds: 10 }, own: true },
    { id: "mpaas-throttle", facts: { kind: "throttle" } },
    { id: "mpaas-slow", facts: { kind: "slow", seconds: 4 } },
    { id: "mpaas-wrong-date", facts: { kind: "wrong_date", seconds: 3600 }, narrow: LOOK },
  ],
  says: [{ id: "mpaas-result", facts: { kind: "result" }, choose: { name: "code", among: ["3022", "3028", "8014", "8011", "9000"] } }],
};

/** All of them. */
export const MPAAS = Object.values(MPAAS_SORTED).flat();

/** Faults of Slack's Web API: the words of the control API's `fault`. */
export const SLACK = [
  { id: "slack-ratelimited", facts: { kind: "ratelimited" }, choose: { name: "seconds", among: [3, 1, 10] } },
  {
    id: "slack-error",
    facts: { kind: "error" },
    choose: { name: "code", among: ["internal_error", "channel_not_found", "not_in_channel", "invalid_auth", "fatal_error"] },
  },
  { id: "slack-slow", facts: { kind: "slow", seconds: 4 } },
  { id: "slack-http-500", facts: { kind: "http_500" } },
  { id: "slack-reset-before", facts: { kind: "reset_before" } },
  { id: "slack-reset-after", facts: { kind: "reset_after" } },
];

/** Faults of the way from Slack to the bot: each is a verb of its own, and happens at once or with the next event. */
export const SOCKET = [
  { id: "slack-drop", verb: "drop_sockets" },
  { id: "slack-refresh", verb: "refresh_sockets" },
  { id: "slack-twice", verb: "duplicate_events" },
];

/** Steps of the clock, as people say them. */
export const STEPS = [
  { count: 1, unit: "min", seconds: 60 },
  { count: 10, unit: "min", seconds: 600 },
  { count: 31, unit: "min", seconds: 1860 },
  { count: 1, unit: "h", seconds: 3600 },
  { count: 25, unit: "h", seconds: 90_000 },
  { count: 7, unit: "d", seconds: 604_800 },
];

/** Methods of Slack's Web API that a fault can be kept to; "*" is any. */
export const METHODS = ["chat.postMessage", "chat.update", "views.open", "*"];

/** Write down a fault of mPaaS as `misbehave` takes it. `calls`: "push" or "all"; `times`: 1, or null until cleared. */
export function mpaasFault(fault, { calls, times, chosen }) {
  if (fault.own) return { ...fault.facts };
  const action = calls === "all" ? "" : (fault.narrow ?? SEND);
  return { ...fault.facts, action, times, ...chosenFact(fault, chosen) };
}

/** Write down a fault of Slack as `fault` takes it. */
export const slackFault = (fault, { method, times, chosen }) => ({
  ...fault.facts,
  method,
  times,
  ...chosenFact(fault, chosen),
});

const chosenFact = (fault, chosen) => (fault.choose ? { [fault.choose.name]: chosen ?? fault.choose.among[0] } : {});

/** Find what a planned fault was ordered as; undefined for one that came from elsewhere. */
export const orderedAs = (planned) =>
  "method" in planned
    ? SLACK.find(({ facts }) => facts.kind === planned.kind)
    : MPAAS.find(({ facts }) => facts.kind === planned.kind && (facts.when ?? "before") === planned.when);

/** What a fault of Slack leaves in the log, beside its error code. */
const SLACK_TRACES = {
  "slack-ratelimited": (line) => line.trouble.startsWith("ratelimited"),
  "slack-slow": (line) => line.trouble.startsWith("answered"),
  "slack-http-500": (line) => line.status === 500,
  "slack-reset-before": (line) => line.trouble.startsWith("connection reset, nothing"),
  "slack-reset-after": (line) => line.trouble.startsWith("connection reset, it"),
};

/** Return what recognises the line of the log in which a fault struck; undefined where no line tells. */
export function traceOf(id, facts) {
  if (id === "slack-error") return (line) => line.trouble === facts.code;
  const ordered = MPAAS.find((fault) => fault.id === id && !fault.own);
  const trouble = ordered && `${ordered.facts.kind} ${ordered.facts.when ?? "before"}`;
  return ordered ? (line) => line.between === "mpaas" && line.trouble === trouble : SLACK_TRACES[id];
}

/** Read a time such as "90", "45 s", "3h" or "2 d" as seconds; null when it is none. Without a unit it is minutes. */
export function secondsOf(text) {
  const found = /^(\d+(?:[.,]\d+)?)\s*(s|m|min|h|d|w)?$/i.exec(text.trim());
  if (!found) return null;
  const unit = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 }[(found[2] ?? "min").toLowerCase()];
  const seconds = Math.round(Number(found[1].replace(",", ".")) * unit);
  return seconds > 0 ? seconds : null;
}
