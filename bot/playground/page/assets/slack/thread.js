/* One thread. */
import { html } from "htm/preact";

export function Thread() {
  return html`<div>Thread</div>`;
}
