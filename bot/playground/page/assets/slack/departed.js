/* What somebody sees whose account was deactivated: nothing of the workspace, and why that is worth a look. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Avatar } from "./avatar.js";

const SHOWN = ["out", "act", "votes", "card"];

/** Draw the page, with the way back to somebody who is still there. */
export function Departed() {
  const { person, people, t, become } = useReader();
  const first = people.find((one) => !one.deleted);
  return html`<section class="conv-departed" data-part="departed" aria-labelledby="conv-departed-title">
    <${Avatar} id=${person.id} size=${56} />
    <h1 id="conv-departed-title">${t("conversation.departed.title")}</h1>
    <p>${t("conversation.departed.what", { name: person.real_name })}</p>
    <ul>${SHOWN.map((name) => html`<li key=${name}>${t(`conversation.departed.${name}`)}</li>`)}</ul>
    <button type="button" class="conv-primary" data-part="switch-back" onClick=${() => become(first.id)}>
      ${t("conversation.departed.back", { name: first.real_name })}</button>
  </section>`;
}
