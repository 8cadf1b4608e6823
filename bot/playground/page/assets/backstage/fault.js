/* One fault as it stands in its group: its button, what it does, what to watch, how it stands, and what followed. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Aftermath } from "./aftermath.js";
import { useStanding } from "./press.js";

/**
 * Draw a fault. id: its `data-fault` and its words' key; pressed: what usePress() returned; onPress: does it.
 * title, what, watch: its sentences; waiting: what is said while it waits for its call; choice: drawn beside the button;
 * atOnce: it happens with the press; danger: the button looks like it; children: drawn below, such as further buttons.
 */
export function Fault({ id, pressed, onPress, title, what, watch, waiting, choice, atOnce, danger, children }) {
  const standing = useStanding(id, { ...pressed, atOnce });
  return html`<li class="back-fault" data-standing=${standing || "quiet"}>
    <div class="back-fault-head">
      <${PressButton} id=${id} busy=${pressed.busy} danger=${danger} onPress=${onPress} about=${`${id}-what`}>${title}<//>
      ${choice}
      <${Standing} standing=${standing} />
    </div>
    <p class="back-what" id=${`${id}-what`}>${what} ${watch && html`<${Watch}>${watch}<//>`}</p>
    ${children}
    <${Failed} sentence=${pressed.failure} />
    ${pressed.press && html`<${Aftermath} id=${id} press=${pressed.press} waiting=${standing === "armed" ? waiting : ""} />`}
  </li>`;
}

/** Draw the button of a deed that may take a moment; while it does, it stays where it is and does nothing. */
export function PressButton({ id, busy, danger, onPress, about, children }) {
  const look = danger ? "back-button back-button-danger" : "back-button";
  return html`<button type="button" class=${look} data-fault=${id} aria-describedby=${about} aria-disabled=${busy}
    aria-busy=${busy} onClick=${() => !busy && onPress()}>${children}</button>`;
}

/** Draw in a word how a fault stands; it is announced when it changes. */
export function Standing({ standing }) {
  const { t } = useReader();
  return html`<span class="back-standing" data-standing=${standing || "quiet"} role="status">${standing && t(`backstage.standing.${standing}`)}</span>`;
}

/** Draw what to look at. */
export function Watch({ children }) {
  const { t } = useReader();
  return html`<span class="back-watch"><span class="back-watch-word">${t("backstage.watch")}</span> ${children}</span>`;
}

/** Draw the sentence of a deed that was refused. */
export const Failed = ({ sentence }) => sentence && html`<p class="back-failed" role="alert">${sentence}</p>`;
