/* How far somebody is in the tour, kept among the preferences, so that it lives through a change of person and a reload.
   Pure: {run, step, far, since, later, marks} in, the same out. `far` is the furthest step that was reached. */
import { STEPS } from "./steps.js";

const LAST = STEPS.length - 1;

/** Begin at the first step; cards before `ts` do not count. */
export const begun = (run, ts) => ({ run, step: 0, far: 0, since: ts, later: ts, marks: [] });

/** Go to a step; the last one counts only the cards after `ts`, when it is reached for the first time. */
export function moved(progress, to, ts) {
  const step = Math.max(0, Math.min(to, LAST));
  return { ...progress, step, far: Math.max(progress.far, step), later: step === LAST && progress.far < LAST ? ts : progress.later };
}

/** Forget the card that went another way, so that the step waits for the next one. */
export function anew(progress, ts) {
  const last = progress.step === LAST;
  return last ? { ...progress, later: ts } : { ...progress, step: 0, far: 0, since: ts, marks: [] };
}

/** Return the tour after a look at the world, or the same when nothing is new. */
export function followed(progress, world, ts) {
  const step = STEPS[progress.step];
  if (!progress.marks.includes(step.name) && step.mark?.(world)) return { ...progress, marks: [...progress.marks, step.name] };
  return progress.step === progress.far && step.done(world) ? moved(progress, progress.step + 1, ts) : progress;
}

/** Tell whether a step is the last one. */
export const isLast = (progress) => progress.step === LAST;
