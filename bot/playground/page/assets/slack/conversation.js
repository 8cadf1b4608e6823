/* One conversation. */
import { html } from "htm/preact";

export function Conversation() {
  return html`<div>Conversation</div>`;
}
