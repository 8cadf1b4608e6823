/* Which part of the page is Slack: a modal covers that part, while the phones, the log and the tour beside it stay alive. */
import { useLayoutEffect, useState } from "preact/hooks";

/** What belongs to Slack, and lies still under a modal. */
export const SLACK = ".frame-sidebar, .frame-chat";

/** Return the place of Slack's part as CSS ({left, top, width, height}), followed while `wanted`; null while none is in sight. */
export function useSlackArea(wanted) {
  const [area, setArea] = useState(null);
  useLayoutEffect(() => {
    if (!wanted) return undefined;
    const measure = () => setArea((before) => same(before, measured()));
    const watch = new ResizeObserver(measure);
    document.querySelectorAll(SLACK).forEach((part) => watch.observe(part));
    measure();
    addEventListener("resize", measure);
    return () => {
      watch.disconnect();
      removeEventListener("resize", measure);
    };
  }, [wanted]);
  return area;
}

function measured() {
  const boxes = [...document.querySelectorAll(SLACK)].map((part) => part.getBoundingClientRect()).filter((box) => box.width);
  if (!boxes.length) return null;
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const width = Math.max(...boxes.map((box) => box.right)) - left;
  const height = Math.max(...boxes.map((box) => box.bottom)) - top;
  return { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` };
}

const same = (before, after) => (JSON.stringify(before) === JSON.stringify(after) ? before : after);
