/* How far each person has read, and what is unread from there: kept in the browser, so that every window of a person agrees.

   The marks are kept under the playground's run, so that each run starts fresh. As in Slack, one's own messages and those that
   only oneself can see are never unread, and a reply is unread in its thread, not in the channel. */
import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { usePage } from "../core/context.js";
import { mentions } from "./mentions.js";
import { isInChannel, isReply } from "./rows.js";

const PREFIX = "broadcast-playground-read-";
const NONE = {};
const NOTHING = { unread: 0, mentions: 0 };
const followers = new Set();
let kept = { run: "", marks: {} };

/** The name under which a thread's mark is kept; a channel's is kept under its id. */
export const threadMark = (channel, ts) => `${channel}/${ts}`;

/**
 * Return what is unread for the person who looks: {of(channel) -> {unread, mentions}, threads, total: {unread, mentions}}.
 * As in Slack, a direct message counts as a mention, and `threads` are those that the person takes part in.
 */
export function useUnread() {
  const { state } = usePage();
  const marks = useMarks(state);
  const counts = useMemo(() => countsOf(state, marks), [state.messages, state.channels, state.groups, marks]);
  const threads = useMemo(() => unreadThreads(state, marks), [state.messages, state.groups, marks]);
  return { of: (channel) => counts.byChannel.get(channel.id) ?? NOTHING, threads, total: counts.total };
}

function countsOf(state, marks) {
  const byChannel = new Map(state.channels.map((one) => [one.id, unreadIn(state, one, marks[one.id] ?? "")]));
  const sum = (name) => [...byChannel.values()].reduce((all, one) => all + one[name], 0);
  return { byChannel, total: { unread: sum("unread"), mentions: sum("mentions") } };
}

/** Return how far a person has read: the `ts` of the last read message by channel or thread. Draws again when it changes. */
export function useMarks({ run, me }) {
  const again = useReducer((count) => count + 1, 0)[1];
  const marks = marksOf(run)[me] ?? NONE;
  const drawn = useRef(marks);
  drawn.current = marks;
  useEffect(() => {
    if (drawn.current !== (marksOf(run)[me] ?? NONE)) again();
    return follow(run, again);
  }, [run, me]);
  return marks;
}

/** Tell how far a person has read in one place right now; "" is not at all. */
export const readUntil = ({ run, me }, place) => marksOf(run)[me]?.[place] ?? "";

/** Keep that a person has read up to a message; a mark never goes back. */
export function markRead({ run, me }, place, ts) {
  if (!run || ts <= readUntil({ run, me }, place)) return;
  const marks = stored(run) ?? kept.marks;
  kept = { run, marks: { ...marks, [me]: { ...marks[me], [place]: ts } } };
  keep();
  followers.forEach((tell) => tell());
}

/** Say whether a message may count as unread for somebody, wherever it stands. */
export const isForeign = (message, me) => message.user !== me && !message.viewer;

/** Count a channel's unread messages, and those of them that mention the person. */
export function unreadIn(state, channel, mark) {
  const counts = { unread: 0, mentions: 0 };
  for (const message of newerThan(state.messages[channel.id] ?? [], mark)) {
    if (!isForeign(message, state.me) || !isInChannel(message)) continue;
    counts.unread += 1;
    if (channel.is_im || mentions(message, state)) counts.mentions += 1;
  }
  return counts;
}

/** List the threads with unread replies that the person takes part in (wrote in or was mentioned in), the newest last. */
export function unreadThreads(state, marks) {
  const found = [];
  for (const [channel, all] of Object.entries(state.messages)) {
    for (const [ts, replies] of threadsOf(all)) {
      const mark = marks[threadMark(channel, ts)] ?? "";
      const unread = replies.filter((one) => one.ts > mark && isForeign(one, state.me)).length;
      if (unread && follows(all, ts, replies, state)) found.push({ channel, ts, unread, last: replies.at(-1).ts });
    }
  }
  return found.sort((one, other) => (one.last < other.last ? -1 : 1));
}

function follows(all, ts, replies, state) {
  const parent = all.find((one) => one.ts === ts);
  return [parent, ...replies].some((one) => one && (one.user === state.me || mentions(one, state)));
}

function threadsOf(all) {
  const threads = new Map();
  for (const message of all) {
    if (!isReply(message) || message.viewer) continue;
    threads.set(message.thread_ts, [...(threads.get(message.thread_ts) ?? []), message]);
  }
  return threads;
}

function* newerThan(all, mark) {
  for (let at = all.length - 1; at >= 0 && all[at].ts > mark; at -= 1) yield all[at];
}

function marksOf(run) {
  if (kept.run !== run) kept = { run, marks: stored(run) ?? {} };
  return kept.marks;
}

function follow(run, tell) {
  const fromOtherWindow = (event) => {
    if (event.key !== PREFIX + run) return;
    kept = { run, marks: stored(run) ?? {} };
    tell();
  };
  followers.add(tell);
  addEventListener("storage", fromOtherWindow);
  return () => {
    followers.delete(tell);
    removeEventListener("storage", fromOtherWindow);
  };
}

function stored(run) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + run));
  } catch {
    return null;
  }
}

/** Write the marks down, and clear away those of earlier runs. */
function keep() {
  try {
    const ours = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    ours.filter((key) => key !== PREFIX + kept.run).forEach((key) => localStorage.removeItem(key));
    localStorage.setItem(PREFIX + kept.run, JSON.stringify(kept.marks));
  } catch {
    /* A browser that forbids storage forgets the marks with the page. */
  }
}
