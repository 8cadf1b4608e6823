/* A group of faults: a heading that folds it away, a sentence, choices that hold for all of them, and rows of faults. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { useChoice } from "./kept.js";

/** Draw a group; `name` is its words' key and its anchor, `choices` are drawn above the rows. */
export function Group({ name, choices, children }) {
  const { t } = useReader();
  const [open, setOpen] = useChoice(`group-${name}`, true);
  return html`<section class="back-group" id=${groupId(name)} aria-labelledby=${`${groupId(name)}-title`}>
    <h3 class="back-group-title">
      <button type="button" id=${`${groupId(name)}-title`} class="back-group-fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>
        <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M5 3l5 5-5 5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" /></svg>
        ${t(`backstage.group.${name}`)}
      </button>
    </h3>
    ${open && html`<p class="back-group-about">${t(`backstage.group.${name}.about`)}</p>
      ${choices && html`<div class="back-choices">${choices}</div>`}
      ${children}`}
  </section>`;
}

/** Draw rows of faults, with a heading of their own if there is one. */
export const Rows = ({ title, children }) => html`<div class="back-rows">
  ${title && html`<h4 class="back-rows-title">${title}</h4>`}
  <ul class="back-faults" aria-label=${title}>${children}</ul>
</div>`;

/** Name the element of a group. */
export const groupId = (name) => `back-group-${name}`;
