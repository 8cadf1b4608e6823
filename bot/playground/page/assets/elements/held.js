/* What every element that holds a value needs: its value as it is now, and the ways to change it. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { useConfirm } from "./confirm.js";
import { outcome } from "./deed.js";
import { complaintsIn, halfIn, isUntold, listen, nameOfTarget, put, tell, undo, valueIn } from "./filled.js";

/**
 * Return {value, half, busy, since, failure, put, tell, settle, choose, isUntold} of an element.
 * put(value, half) shows a value without telling it; tell({enter}) tells what is shown; settle() does so after the
 * element's confirmation, and takes it back when that is denied; choose(value) asks the confirmation, shows and tells.
 */
export function useHeld({ element, block, target }) {
  const { me } = useReader();
  const ask = useConfirm();
  useFollowing(target);
  const [{ since, failure }, set] = useState({ since: 0, failure: "" });
  const place = useRef(null);
  place.current = { element, block, target, user: me };
  const show = useCallback((value, half = null) => put(place.current, value, half), []);
  const say = useCallback(async (how) => {
    const began = performance.now();
    set({ since: began, failure: "" });
    const deed = await outcome(() => tell(place.current, how));
    set((now) => (now.since === began ? { since: 0, failure: deed.failure } : now));
    return deed;
  }, []);
  const choose = useCallback(async (value) => {
    if (!(await ask(place.current.element.confirm))) return null;
    show(value);
    return say();
  }, []);
  const settle = useCallback(async () => {
    if (await ask(place.current.element.confirm)) return say();
    undo(place.current);
    return null;
  }, []);
  const acts = useMemo(() => ({ put: show, tell: say, settle, choose, isUntold: () => isUntold(place.current) }), []);
  return { value: valueIn(place.current), half: halfIn(place.current), busy: since > 0, since, failure, ...acts };
}

/**
 * Do something once a person has left a field. A field that is taken away loses the focus too, but nobody left it: what was
 * typed waits until its view is on top again, or is forgotten with it.
 */
export function onceLeft({ target }, deed) {
  Promise.resolve().then(() => target.isConnected && deed());
}

/** Return the sentence under an input block, or nothing. */
export function useComplaint(view, block) {
  useFollowing(view);
  return complaintsIn(view)[block.block_id] ?? "";
}

function useFollowing(target) {
  const [, redraw] = useState(0);
  useLayoutEffect(() => listen(target, () => redraw((times) => times + 1)), [nameOfTarget(target)]);
}
