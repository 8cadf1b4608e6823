/* The small things that several sections of mPaaS's console draw alike: badges, empty sections, a row that opens. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";

const PLATFORMS = { 1: "android", 2: "ios", 7: "harmonyos" };

/** Name a platform by its DeliveryType. */
export const platformOf = (t, type) => (PLATFORMS[type] ? t(`side.platform.${PLATFORMS[type]}`) : t("side.platform.other", { type }));

/** Draw which environment something belongs to: live and test never look alike. */
export function Environment({ name }) {
  const { t } = useReader();
  const known = ["live", "test"].includes(name);
  return html`<span class="side-environment" data-environment=${name}>${known ? t(`side.environment.${name}`) : name}</span>`;
}

/** Draw a state in a word. look: "good", "bad", "wait" or "plain". */
export const Pill = ({ look, children }) => html`<span class="side-pill" data-look=${look}>${children}</span>`;

/** Say that a section has nothing yet, and what brings something. */
export const Nothing = ({ children }) => html`<p class="side-nothing">${children}</p>`;

/** Draw a choice of few, as buttons beside each other. options: [{id, text}]. */
export const Choice = ({ label, options, chosen, onChoose }) => html`<div class="side-choice" role="group" aria-label=${label}>
  ${options.map(({ id, text }) => html`<button type="button" key=${id} class="side-choice-button" data-choice=${id}
    aria-pressed=${chosen === id} onClick=${() => onChoose(id)}>${text}</button>`)}
</div>`;
