/* The switch of a narrow window, which shows one pane at a time. */
import { html } from "htm/preact";
import { useFrame, useReader } from "../core/context.js";
import { useUnread } from "../slack/unread.js";

const MOST = 99;

/** Draw a button for each pane; what is unread is counted on the one with the channels. */
export function PaneSwitch() {
  const { t } = useReader();
  const { pane, showPane } = useFrame();
  const { unread } = useUnread().total;
  return html`<nav class="frame-panes" aria-label=${t("frame.panes")}>
    ${["channels", "chat", "side"].map(
      (name) => html`<button type="button" key=${name} class="frame-pane" data-pane=${name} aria-pressed=${pane === name}
        onClick=${() => showPane(name)}>${t(`frame.${name}`)}
        ${name === "channels" && unread > 0 && html`<span class="frame-badge">${unread > MOST ? `${MOST}+` : unread}<span class="visually-hidden">${" "}${t("frame.unread")}</span></span>`}
      </button>`,
    )}
  </nav>`;
}
