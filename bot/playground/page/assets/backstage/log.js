/* The log. */
import { html } from "htm/preact";

export function Log() {
  return html`<div>Log</div>`;
}
