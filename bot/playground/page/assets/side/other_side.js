/* mPaaS. */
import { html } from "htm/preact";

export function OtherSide() {
  return html`<div>OtherSide</div>`;
}
