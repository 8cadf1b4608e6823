/* The Home tab. */
import { html } from "htm/preact";

export function Home() {
  return html`<div>Home</div>`;
}
