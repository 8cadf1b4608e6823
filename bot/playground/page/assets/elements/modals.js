/* The open modals. */
import { html } from "htm/preact";

export function Modals() {
  return html`<div>Modals</div>`;
}
