/* The tour. */
import { html } from "htm/preact";

export function Tour() {
  return html`<div>Tour</div>`;
}
