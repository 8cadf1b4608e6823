/* Channels, direct messages, people. */
import { html } from "htm/preact";

export function Sidebar() {
  return html`<div>Sidebar</div>`;
}
