/* A list that stays at its end while more comes, unless the reader went up to read. What is in the list is not known here. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR = 24;
const ABOVE_LINE = 60;

/**
 * Keep `box` (a ref to what scrolls) at the end of its content (a ref), unless the reader went up. Returns {isAway, toEnd}:
 * `isAway` is true while the reader is not at the end. `onLook({isSeen, isAtEnd})` hears each time somebody may have seen
 * something. The first look begins at the element that `startAt` selects, if it lies above what fits.
 */
export function useScrolling({ box, content, rows, startAt, onLook }) {
  const stuck = useRef(true);
  const top = useRef(0);
  const heard = useRef(onLook);
  heard.current = onLook;
  const [isAway, setAway] = useState(false);
  const look = useCallback(() => {
    setAway(!stuck.current);
    heard.current({ isSeen: isSeen(box.current), isAtEnd: stuck.current });
  }, []);
  const toEnd = useCallback(() => {
    stuck.current = true;
    box.current.scrollTop = box.current.scrollHeight;
    look();
  }, []);
  const settle = useCallback(() => (stuck.current ? toEnd() : look()), []);
  useLayoutEffect(() => {
    toEnd();
    const line = box.current.querySelector(startAt);
    if (!line || line.offsetTop >= box.current.scrollTop) return;
    stuck.current = false;
    box.current.scrollTop = line.offsetTop - ABOVE_LINE;
    top.current = box.current.scrollTop;
    look();
  }, []);
  useLayoutEffect(() => followSize([box.current, content.current], settle), []);
  useEffect(settle, [rows]);
  useLayoutEffect(() => {
    const scrolled = () => {
      if (!box.current.clientHeight) return;
      stuck.current = isAtEnd(box.current) || (stuck.current && box.current.scrollTop >= top.current);
      top.current = box.current.scrollTop;
      look();
    };
    const scroller = box.current;
    scroller.addEventListener("scroll", scrolled, { passive: true });
    document.addEventListener("visibilitychange", look);
    return () => {
      scroller.removeEventListener("scroll", scrolled);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return { isAway, toEnd };
}

/** Say whether somebody can see the list at all: not in a hidden window, and not behind another pane of a narrow one. */
const isSeen = (box) => document.visibilityState === "visible" && box.offsetParent !== null;

const isAtEnd = ({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - scrollTop - clientHeight < NEAR;

/** Call `tell` when one of the elements has another size: before that is painted, and without a layout only for this. */
function followSize(elements, tell) {
  const observer = new ResizeObserver(tell);
  elements.forEach((one) => observer.observe(one));
  return () => observer.disconnect();
}
