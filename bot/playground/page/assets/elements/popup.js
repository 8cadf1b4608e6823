/* Where a list that opens over the page lies, and that a click elsewhere closes it. What is in the list is not known here. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const MARGIN = 8;
const GAP = 4;
const LEAST = 140;
/* Pixels of height below which the list opens to the other side. */

/**
 * Keep an open popup (an element with popover="manual", so that no scrolling parent cuts it) beside its anchor.
 * `wide` gives it at least the anchor's width; `align` is "start" or "end"; `onOutside` hears of a press elsewhere.
 */
export function usePopup({ open, anchor, popup, align = "start", wide = false, onOutside }) {
  const heard = useRef(onOutside);
  heard.current = onOutside;
  useLayoutEffect(() => {
    if (!open || !popup.current) return undefined;
    popup.current.showPopover?.();
    const put = () => place(anchor.current, popup.current, { align, wide });
    put();
    addEventListener("resize", put);
    addEventListener("scroll", put, true);
    return () => {
      removeEventListener("resize", put);
      removeEventListener("scroll", put, true);
    };
  }, [open]);
  useLayoutEffect(() => {
    if (open) place(anchor.current, popup.current, { align, wide });
  });
  useEffect(() => {
    if (!open) return undefined;
    const press = (event) => {
      if (!anchor.current?.contains(event.target) && !popup.current?.contains(event.target)) heard.current?.();
    };
    addEventListener("pointerdown", press, true);
    return () => removeEventListener("pointerdown", press, true);
  }, [open]);
}

function place(anchor, popup, { align, wide }) {
  if (!anchor || !popup) return;
  const at = anchor.getBoundingClientRect();
  const below = innerHeight - at.bottom - GAP - MARGIN;
  const above = at.top - GAP - MARGIN;
  popup.style.minWidth = wide ? `${at.width}px` : "";
  popup.style.maxWidth = `${Math.min(innerWidth - 2 * MARGIN, Math.max(wide ? at.width : 0, 420))}px`;
  const wanted = popup.scrollHeight + 2;
  const up = wanted > below && above > below && below < Math.max(LEAST, Math.min(wanted, 320));
  popup.style.maxHeight = `${Math.max(LEAST / 2, Math.min(up ? above : below, 320))}px`;
  const height = Math.min(wanted, up ? above : below, 320);
  const left = align === "end" ? at.right - popup.offsetWidth : at.left;
  popup.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - popup.offsetWidth - MARGIN))}px`;
  popup.style.top = `${up ? at.top - GAP - height : at.bottom + GAP}px`;
}
