/* The line between chat and side, by which the side is made wider or narrower. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useReader } from "../core/context.js";

const LEAST = 300;
const SIDEBAR_AND_CHAT = 228 + 360;
const STEP = 16;

/** The side's width while nobody chose one, in CSS pixels. */
const usual = () => Math.min(Math.max(320, innerWidth * 0.3), 640);
const most = () => Math.max(LEAST, innerWidth - SIDEBAR_AND_CHAT);

/** Fit a chosen width, 0 for none, into this window; in CSS pixels. */
export const fitted = (width) => Math.round(Math.min(Math.max(width || usual(), LEAST), most()));

/** Draw the line: dragged, or moved by arrow keys (with Shift in bigger steps), Home and End; Enter takes the choice back. */
export function Separator({ width, onWidth }) {
  const { t } = useReader();
  const dragged = useRef(0);
  const shown = fitted(width);
  const grab = (event) => {
    if (event.button) return;
    dragged.current = shown;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    if (!dragged.current) return;
    dragged.current = fitted(innerWidth - event.clientX);
    event.currentTarget.closest(".frame-parts").style.setProperty("--frame-side", `${dragged.current}px`);
  };
  const drop = () => {
    if (dragged.current && dragged.current !== shown) onWidth(dragged.current);
    dragged.current = 0;
  };
  return html`<div class="frame-separator" role="separator" aria-orientation="vertical" tabindex="0"
    aria-label=${t("frame.separator")} title=${t("frame.separator.title")} aria-controls="frame-side"
    aria-valuemin=${LEAST} aria-valuemax=${most()} aria-valuenow=${shown}
    onKeyDown=${(event) => press(event, shown, onWidth)} onDblClick=${() => onWidth(0)}
    onPointerDown=${grab} onPointerMove=${move} onPointerUp=${drop} onPointerCancel=${drop}></div>`;
}

function press(event, shown, onWidth) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const step = event.shiftKey ? STEP * 4 : STEP;
  const to = { ArrowLeft: shown + step, ArrowRight: shown - step, Home: LEAST, End: most(), Enter: 0 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  onWidth(to && fitted(to));
}

/** Return the window's width, again when it changes. */
export function useWindowWidth() {
  const [width, setWidth] = useState(innerWidth);
  useEffect(() => {
    const measure = () => setWidth(innerWidth);
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  return width;
}
