/* The first things that Tab reaches: ways past the channels, unseen until they have the focus. */
import { html } from "htm/preact";
import { useFrame, useReader } from "../core/context.js";
import { focusPlace } from "./place.js";

/** Draw the links. */
export function SkipLinks() {
  const { t, preferences } = useReader();
  const { showPane, showTab, tab } = useFrame();
  const ways = [
    ["messages", () => (showPane("chat"), afterDrawing(() => document.getElementById("frame-chat")?.focus()))],
    ["composer", () => (showPane("chat"), afterDrawing(focusPlace))],
    ["side", () => (showTab(tab), afterDrawing(() => document.getElementById(`tab-${tab}`)?.focus()))],
    ...(preferences.tour === "open" ? [["tour", () => document.querySelector('[data-part="tour"]')?.focus()]] : []),
  ];
  return html`<div class="frame-skips" role="navigation" aria-label=${t("frame.skip")}>
    ${ways.map(
      ([name, follow]) => html`<button type="button" key=${name} class="frame-skip" data-skip=${name} onClick=${follow}>
        ${t(`frame.skip.${name}`)}</button>`,
    )}
  </div>`;
}

/** Do something when what was just asked for is on the page. */
export const afterDrawing = (deed) => requestAnimationFrame(() => setTimeout(deed));
