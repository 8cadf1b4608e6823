/* Faults. */
import { html } from "htm/preact";

export function Faults() {
  return html`<div>Faults</div>`;
}
