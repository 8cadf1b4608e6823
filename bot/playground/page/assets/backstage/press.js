/* Pressing a fault: the deed, what is remembered of it, and how it stands: armed, at work, struck. No sentence here. */
import { useCallback, useEffect } from "preact/hooks";
import { useBackstage, useLog, useReader } from "../core/context.js";
import { exactNow } from "../core/exact_clock.js";
import { useDeed } from "../elements/deed.js";
import { orderedAs, traceOf } from "./catalogue.js";
import { addTo, forget, remember, usePresses } from "./kept.js";
import { linesSince } from "./since.js";

/**
 * Return {press, busy, failure, run} of one fault. run(verb, facts, {moved}) does the deed and remembers the press;
 * `moved` are seconds by which the deed moves the clock, so that what follows is told from the new time on.
 */
export function usePress(id) {
  const { run: playground } = useReader();
  const backstage = useBackstage();
  const log = useLog();
  const deed = useDeed();
  const press = usePresses(playground)[id];
  const run = useCallback(
    async (verb, facts, { moved = 0 } = {}) => {
      const last = { line: log.at(-1)?.id, deed: backstage.history?.at(-1)?.number ?? 0 };
      const at = exactNow().getTime() + moved * 1000;
      remember(id, { at, facts, ...last }, { run: playground, armed: armedIds(backstage) });
      const result = await deed.run(verb, facts);
      if (result?.refused) forget(id);
      else addTo(id, { done: true, result });
      return result;
    },
    [id, playground, backstage, log],
  );
  return { press, busy: deed.busy, failure: deed.failure, run };
}

/** Tell how many calls a fault still waits for: 0, a number, or Infinity for all until it is cleared. */
export function callsLeft(id, backstage) {
  if (id === "slack-twice") return backstage.event_twice ?? 0;
  const planned = [...backstage.mpaas_faults, ...backstage.slack_faults];
  const times = planned.filter((one) => orderedAs(one)?.id === id).map((one) => one.times ?? Infinity);
  return times.reduce((sum, one) => sum + one, 0);
}

/** Tell whether a fault is at work at this moment. */
export const isAtWork = (id, backstage) =>
  (id === "mpaas-refuse" && Boolean(backstage.refusing)) || (id === "mpaas-hang" && backstage.hanging > 0);

/**
 * Say how a fault stands: "busy", "at-work", "on" (until cleared), "armed", "struck", "done", or "" when nobody pressed it.
 */
export function useStanding(id, { press, busy, atOnce = false }) {
  const backstage = useBackstage();
  const log = useLog();
  const left = callsLeft(id, backstage);
  useEffect(() => {
    if (press && !press.wasArmed && left > 0) addTo(id, { wasArmed: true });
  }, [press, left > 0]);
  if (busy) return "busy";
  if (isAtWork(id, backstage)) return "at-work";
  if (left > 0) return left === Infinity ? "on" : "armed";
  if (!press?.done) return "";
  if (atOnce) return "done";
  if (met(id, press, log)) return "struck";
  return press.wasArmed ? "" : "armed";
}

/** Tell whether a fault has met its call since it was pressed; somebody else may have taken it back instead. */
function met(id, press, log) {
  const wanted = traceOf(id, press.facts);
  return wanted ? linesSince(press, log).some(wanted) : Boolean(press.wasArmed);
}

function armedIds(backstage) {
  const planned = [...backstage.mpaas_faults, ...backstage.slack_faults].map((one) => orderedAs(one)?.id);
  const others = ["slack-twice", "mpaas-refuse", "mpaas-hang"];
  return [...planned, ...others.filter((id) => callsLeft(id, backstage) > 0 || isAtWork(id, backstage))];
}
