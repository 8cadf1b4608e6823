/* Small choices of the backstage: a few words of which one holds, and a list. What is chosen is their owner's business. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";

/** Draw a choice of a few words, of which one holds. options: [{value, label}]. */
export function Segments({ label, name, value, options, onChoose }) {
  return html`<fieldset class="back-segments">
    <legend>${label}</legend>
    <div class="back-segments-row">
      ${options.map((one) => html`<label key=${one.value} class="back-segment">
        <input type="radio" name=${name} value=${one.value} checked=${one.value === value} onChange=${() => onChoose(one.value)} />
        <span>${one.label}</span>
      </label>`)}
    </div>
  </fieldset>`;
}

/** Draw a small list to choose from. */
export function Select({ label, name, value, options, onChoose, hideLabel = false }) {
  return html`<label class="back-select">
    <span class=${hideLabel ? "visually-hidden" : "back-select-label"}>${label}</span>
    <select data-choice=${name} value=${value} onChange=${(event) => onChoose(options[event.currentTarget.selectedIndex].value)}>
      ${options.map((one) => html`<option key=${one.value} value=${one.value} selected=${one.value === value}>${one.label}</option>`)}
    </select>
  </label>`;
}

/** Draw the choice between the next call and every call. */
export function Often({ name, value, onChoose }) {
  const { t } = useReader();
  const options = ["once", "always"].map((one) => ({ value: one, label: t(`backstage.often.${one}`) }));
  return html`<${Segments} label=${t("backstage.often")} name=${name} value=${value} options=${options} onChoose=${onChoose} />`;
}

/** Write a choice between once and always as the number of calls. */
export const timesOf = (often) => (often === "once" ? 1 : null);
