/* The "+" beside the composer, behind which the app's global shortcuts are. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Menu } from "../elements/menu.js";
import { Icon } from "./icons.js";

/** Draw the button and its menu; `onUse` gets the shortcut that was chosen. */
export function ShortcutMenu({ onUse }) {
  const { shortcuts, t } = useReader();
  const items = shortcuts
    .filter((one) => one.type === "global")
    .map((one) => ({
      id: one.callback_id,
      text: html`<span class="conv-shortcut"><${Icon} name="bolt" /> ${one.name}</span>`,
      description: one.description,
      attributes: { "data-shortcut": one.callback_id },
    }));
  if (!items.length) return null;
  const use = ({ id }) => onUse(shortcuts.find((one) => one.callback_id === id));
  return html`<${Menu} label=${t("conversation.shortcuts")} className="conv-tool" items=${items} onChoose=${use}
    attributes=${{ "data-part": "shortcuts", title: t("conversation.shortcuts") }}><${Icon} name="plus" /><//>`;
}
