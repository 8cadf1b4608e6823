/* Where the focus is while a modal lies open: first in its first input, then within it, and never nowhere. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const STOPS = "a[href], button, input, select, textarea, [tabindex='0']";
const INPUTS = "[data-focus=true], .modal-body :is(input, textarea, select)";
const SECTIONS = [".modal", "[data-part=tour]", ".frame-side"];

const stops = (within) => [...within.querySelectorAll(STOPS)].filter((one) => one.tabIndex >= 0 && one.getClientRects().length);

/* Where the focus was last in each view, for the way back from a view that was pushed on top of it. */
const left = new Map();

/** Remember where the focus is in a view. */
export function rememberFocus(view, { target }) {
  const named = ["action", "value", "part"].filter((name) => target.dataset[name]);
  const own = named.map((name) => `[data-${name}="${CSS.escape(target.dataset[name])}"]`).join("");
  const block = target.closest("[data-block]")?.dataset.block;
  if (own) left.set(view.id, block && !target.dataset.part ? `[data-block="${CSS.escape(block)}"]${own}` : own);
}

/**
 * Put the focus where it was when the view was left, or where Slack puts it: on what asks for it, else on the first input,
 * else on the dialog. The view's inputs may come later than its title. Nothing that is out of sight takes the focus.
 */
export function useFirstFocus(dialog, view, isInSight) {
  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    const inputs = [...dialog.current.querySelectorAll(INPUTS)];
    const before = left.has(view.id) && dialog.current.querySelector(left.get(view.id));
    const first = before || (inputs.find((one) => one.dataset.focus === "true") ?? inputs[0]);
    const lost = document.activeElement === document.body || !document.activeElement;
    if (!isPlaced.current) (first || dialog.current).focus({ preventScroll: !first });
    else if (lost) dialog.current.focus({ preventScroll: true });
    isPlaced.current ||= Boolean(first) && isInSight;
  }, [view.hash, isInSight]);
}

/** Keep Tab within the dialog. */
export function keepInside(event, dialog) {
  if (event.key !== "Tab") return;
  const all = stops(dialog);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge && document.activeElement !== dialog) return;
  if (document.activeElement === dialog && !event.shiftKey) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}

/** Let F6 go round the dialog and what stays alive beside it, as F6 goes round the sections of Slack. */
export function useSections(isOpen) {
  useEffect(() => {
    if (!isOpen) return undefined;
    const key = (event) => {
      if (event.key !== "F6") return;
      event.preventDefault();
      goRound(event.shiftKey ? -1 : 1);
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, [isOpen]);
}

function goRound(step) {
  const there = SECTIONS.map((one) => document.querySelector(one)).filter((one) => one && stops(one).length);
  const at = there.findIndex((one) => one.contains(document.activeElement));
  const next = there[(Math.max(0, at) + step + there.length) % there.length];
  if (next) stops(next)[0].focus();
}
