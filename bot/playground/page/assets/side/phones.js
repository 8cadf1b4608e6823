/* Phones. */
import { html } from "htm/preact";

export function Phones() {
  return html`<div>Phones</div>`;
}
