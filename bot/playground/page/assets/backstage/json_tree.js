/* JSON to look at: indented, with objects and lists that fold. Values are text and nothing but text. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useReader } from "../core/context.js";

const DEEP = 2;
const LONG = 12;
/* Deeper levels, and longer lists, are folded at first. */

/** Draw a JSON value. */
export function Json({ value, name, depth = 0 }) {
  if (value === null || typeof value !== "object") {
    return html`<div class="back-json-leaf"><${Name} name=${name} /><span class="back-json-value" data-kind=${value === null ? "null" : typeof value}>${JSON.stringify(value)}</span></div>`;
  }
  return html`<${Branch} value=${value} name=${name} depth=${depth} />`;
}

function Branch({ value, name, depth }) {
  const { t } = useReader();
  const entries = Object.entries(value);
  const [open, setOpen] = useState(depth < DEEP && (depth === 0 || entries.length <= LONG));
  const [left, right] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return html`<div class="back-json-leaf"><${Name} name=${name} />${left}${right}</div>`;
  return html`<div class="back-json-branch">
    <button type="button" class="back-json-fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <${Name} name=${name} />${left}${!open && html`<span class="back-json-more"> ${t("backstage.json.more", { count: entries.length })} </span>${right}`}
    </button>
    ${open && html`<div class="back-json-inside">${entries.map(([key, one]) => html`<${Json} key=${key} name=${Array.isArray(value) ? undefined : key} value=${one} depth=${depth + 1} />`)}</div>
      <div class="back-json-leaf">${right}</div>`}
  </div>`;
}

const Name = ({ name }) => name !== undefined && html`<span class="back-json-name">${JSON.stringify(name)}</span>: `;

/** Read a text as JSON where it is that; else return it as it came. */
export function parsed(text) {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
