/* Reading along: what was seen is marked as read, and a "New" line stands where the unread began when the reader came. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useNow, usePage, useReader } from "../core/context.js";
import { dayOf } from "./rows.js";
import { isForeign, markRead, readUntil } from "./unread.js";

/**
 * Follow somebody who reads `messages` in a place (a channel's id, or a threadMark). Returns {newFrom, onLook}: the ts of the
 * first message below the "New" line, or "", and what hears of useScrolling()'s looks.
 *
 * As in Slack, coming in reads everything; what comes later is read when it is seen. The line goes when the reader answers.
 */
export function useReading(place, messages) {
  const { state, me } = usePage();
  const reader = { run: state.run, me };
  const firstUnread = () => messages.find((one) => one.ts > readUntil(reader, place) && isForeign(one, me))?.ts ?? "";
  const [newFrom, setNewFrom] = useState(firstUnread);
  const hasCome = useRef(false);
  const last = messages.findLast((one) => !one.isNote);
  const heard = useRef(null);
  heard.current = ({ isSeen, isAtEnd }) => {
    const reads = isSeen && (isAtEnd || !hasCome.current);
    if (!reads) return setNewFrom((before) => before || firstUnread());
    hasCome.current = true;
    if (last) markRead(reader, place, last.ts);
  };
  useEffect(() => {
    if (last?.user === me) setNewFrom((before) => (last.ts > before ? "" : before));
  }, [last?.ts]);
  return { newFrom, onLook: useCallback((look) => heard.current(look), []) };
}

/** Return the simulated time, as an object that is another one only when the day is another one for the person who looks. */
export function useToday() {
  const now = useNow();
  const { person } = useReader();
  return useMemo(() => now, [dayOf(now.getTime() / 1000, person.tz), person.tz]);
}
