/* What the tab of the faults remembers while another tab is shown: what was pressed, and which choices were made. It is
   gone with the page, and with the playground that it was about. */
import { useCallback, useEffect, useState } from "preact/hooks";

const listeners = new Set();
let kept = { run: "", presses: {}, choices: {} };

function put(next) {
  kept = { ...kept, ...next };
  for (const hear of listeners) hear(kept);
}

/** Return what was pressed, by the fault's id: {at, line, deed, plan}; of a playground that ended, nothing. */
export function usePresses(run) {
  const all = useKept();
  return all.run === run ? all.presses : {};
}

/**
 * Remember that a fault was pressed now. `line` and `deed` are the last that were known before it, `at` is the simulated
 * time in milliseconds. Another press ends the tale of those that struck already: `armed` names the others.
 */
export function remember(id, press, { run, armed = [] }) {
  const before = kept.run === run ? kept.presses : {};
  const others = Object.entries(before).filter(([other]) => other !== id && armed.includes(other));
  put({ run, presses: { ...Object.fromEntries(others), [id]: press } });
}

/** Add to what is remembered of a press, if it is still remembered. */
export function addTo(id, facts) {
  if (kept.presses[id]) put({ presses: { ...kept.presses, [id]: { ...kept.presses[id], ...facts } } });
}

/** Forget a press, or all of them. */
export function forget(id) {
  const others = Object.entries(kept.presses).filter(([other]) => id !== undefined && other !== id);
  put({ presses: Object.fromEntries(others) });
}

/** Return [value, choose] of a choice by its name. */
export function useChoice(name, first) {
  const value = useKept().choices[name] ?? first;
  const choose = useCallback((chosen) => put({ choices: { ...kept.choices, [name]: chosen } }), [name]);
  return [value, choose];
}

function useKept() {
  const [all, set] = useState(kept);
  useEffect(() => {
    set(kept);
    listeners.add(set);
    return () => listeners.delete(set);
  }, []);
  return all;
}
