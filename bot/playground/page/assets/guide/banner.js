/* The banner. */
import { html } from "htm/preact";

export function Banner() {
  return html`<div>Banner</div>`;
}
