/* What is seen while there is nothing to look at: no connection yet, or no such person. */
import { html } from "htm/preact";
import { usePage } from "../core/context.js";

/** Say what is missing, and offer the people there are. */
export function Waiting() {
  const { t, me, state, become } = usePage();
  if (!state.nobody) return html`<p class="frame-wait" role="status">${t("frame.connecting")}</p>`;
  return html`<main class="frame-nobody">
    <h1>${t("frame.nobody", { id: me })}</h1>
    <p>${t("frame.nobody.who")}</p>
    <ul>${state.people.map(
      (one) => html`<li key=${one.id}><button type="button" class="frame-button" data-person=${one.id}
        onClick=${() => become(one.id)}>${one.real_name}</button></li>`,
    )}</ul>
  </main>`;
}
