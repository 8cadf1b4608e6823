/* One deed at a time: that it is under way, how long Slack waits for the bot, and what went wrong. What the deed is, and
   what it changes, is told by whoever does it and by the live stream. */
import { html } from "htm/preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { act, Refused } from "../core/api.js";
import { useReader } from "../core/context.js";
import { tellAll } from "./filled.js";

const PATIENCE = 3;
/* Seconds that Slack waits for the bot. */
const SOON = 600;
/* Milliseconds in which a prompt bot answers; only a slower one makes the clock appear. */

/**
 * Return {busy, since, failure, run, forget}. run(verb, facts) does one deed of the control API and returns what it
 * returned, or null while another one is under way; a refusal comes as {sent: false, failure, refused: true}. What was
 * typed in the same view or message is told to the simulator before.
 */
export function useDeed() {
  const [{ since, failure }, set] = useState({ since: 0, failure: "" });
  const under = useRef(false);
  const run = useCallback(async (verb, facts = {}) => {
    if (under.current) return null;
    under.current = true;
    set({ since: performance.now(), failure: "" });
    let deed = null;
    try {
      deed = await outcome(() => tellAll(facts.target ?? facts.view).then(() => act(verb, facts)));
      return deed;
    } finally {
      under.current = false;
      set({ since: 0, failure: deed?.failure ?? "" });
    }
  }, []);
  const forget = useCallback(() => set((before) => ({ ...before, failure: "" })), []);
  return useMemo(() => ({ busy: since > 0, since, failure, run, forget }), [since, failure]);
}

/** Wait for a deed; a refusal becomes a deed that says so. */
export async function outcome(doing) {
  try {
    return await doing();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { sent: false, acked: false, milliseconds: 0, failure: error.message, problems: {}, options: [], refused: true };
  }
}

/** Show, beside what was pressed, that a deed failed, or how long the bot has left to answer. */
export function DeedNote({ deed }) {
  return html`${deed.busy && html`<${Waiting} since=${deed.since} />`}
    ${!deed.busy && deed.failure && html`<${Failure} sentence=${deed.failure} />`}`;
}

/** Show a sentence of something that went wrong, with Slack's warning sign. */
export const Failure = ({ sentence }) =>
  html`<span class="el-failure" role="alert"><span class="el-warning-sign" aria-hidden="true">⚠</span> ${sentence}</span>`;

/** Show how much of Slack's three seconds is over, once the bot is not prompt. */
export function Waiting({ since }) {
  const { t } = useReader();
  const [now, setNow] = useState(since);
  useEffect(() => {
    const tick = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(tick);
  }, [since]);
  if (now - since < SOON) return null;
  const seconds = Math.min(PATIENCE, (now - since) / 1000).toFixed(1);
  return html`<span class="el-waiting">${t("elements.waiting", { seconds, patience: PATIENCE })}</span>`;
}
