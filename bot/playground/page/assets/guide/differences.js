/* The honest list: what the playground does not imitate. Its source is what the simulators say of themselves (the
   docstrings of bot/playground/slack and bot/playground/mpaas) and what their code leaves out. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Dialog } from "../frame/dialog.js";

/** What is not imitated, by whom it is missed; each has its sentence in the words. */
export const DIFFERENCES = {
  slack: [
    "limits", "mentions", "richtext", "editing", "files", "search", "unfurling", "presence", "notifications", "huddles", "channels",
    "members", "events", "oauth", "enterprise", "connect", "ephemeral", "blocks", "sentences", "mobile",
  ],
  mpaas: ["devices", "vendors", "audience", "numbers", "console", "pictures", "readings", "repeats", "access"],
  machine: ["network", "clock", "store", "often", "kept"],
};

/** Draw the list; `onDone` takes it away. */
export function Differences({ onDone }) {
  const { t } = useReader();
  return html`<${Dialog} part="differences-list" title=${t("guide.differs")} isRead onClose=${onDone}>
    <p>${t("guide.differs.real")}</p>
    ${Object.entries(DIFFERENCES).map(
      ([whose, names]) => html`<section key=${whose}><h3>${t(`guide.differs.${whose}`)}</h3>
        <ul class="guide-differences">${names.map((name) => html`<li key=${name}>${t(`guide.differs.${whose}.${name}`)}</li>`)}</ul></section>`,
    )}
  <//>`;
}
