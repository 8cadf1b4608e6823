/* The help on the keyboard: every key of the page, and what browsers' own keys do in it. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Dialog } from "../frame/dialog.js";
import { SHORTCUTS, isMac } from "../frame/shortcuts.js";

const MAC = { ctrl: "⌘", alt: "⌥", shift: "⇧" };
const USUAL = [
  { keys: ["Tab"], does: "tab" },
  { keys: ["Enter"], does: "send" },
  { keys: ["shift", "Enter"], does: "line" },
  { keys: ["Esc"], does: "escape" },
  { keys: ["←", "→"], does: "tabs", either: true },
];

/** Draw the help; `onDone` takes it away. */
export function Keys({ onDone }) {
  const { t } = useReader();
  return html`<${Dialog} part="keys-help" title=${t("guide.keys")} isRead onClose=${onDone}>
    <dl class="guide-keys">
      ${[...SHORTCUTS, ...USUAL].map(
        ({ keys, does, either }) => html`<div key=${does} class="guide-key-row"><dt><${Combination} keys=${keys} either=${either} /></dt>
          <dd>${t(`guide.key.${does}`)}</dd></div>`,
      )}
    </dl>
  <//>`;
}

function Combination({ keys, either }) {
  const named = (key) => (isMac() ? MAC[key] : undefined) ?? { ctrl: "Ctrl", alt: "Alt", shift: "Shift" }[key] ?? key;
  return keys.map((key, at) => html`${at > 0 && (either ? " / " : " + ")}<kbd key=${key} class="guide-key">${named(key)}</kbd>`);
}
