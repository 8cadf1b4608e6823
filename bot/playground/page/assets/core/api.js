/* The way to the simulators: deeds by the control API. Nothing is drawn here, and what changed comes by live.js. */

/** The simulator would not do it; the message is its sentence. */
export class Refused extends Error {}

/**
 * Do one thing by the control API, such as act("press", {user, target, action_id}).
 * Returns its result; throws Refused with the simulator's sentence.
 */
export async function act(verb, facts = {}) {
  let answer;
  try {
    const response = await fetch(`/_control/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(facts),
    });
    answer = await response.json();
  } catch {
    throw new Refused("The playground does not answer. Is it still running?");
  }
  if (!answer.ok) throw new Refused(answer.error ?? "The playground refused, and did not say why.");
  return answer.result;
}

/** Name a message or a view as the control API wants it. */
export const targetOf = (shown) => ("ts" in shown ? { channel: shown.channel, ts: shown.ts } : shown.id);
