/* Buttons and overflow menus: what is pressed reaches the bot at once. */
import { html } from "htm/preact";
import { targetOf } from "../core/api.js";
import { useReader } from "../core/context.js";
import { followable } from "../slack/mrkdwn.js";
import { Text } from "../slack/text.js";
import { useConfirm } from "./confirm.js";
import { DeedNote, useDeed } from "./deed.js";
import { Menu } from "./menu.js";

const STYLES = { primary: "el-primary", danger: "el-danger" };

/** Return {deed, press}: press(value, url) asks for confirmation, opens the address, and sends the press. */
function usePress({ element, block, target }) {
  const { me } = useReader();
  const ask = useConfirm();
  const deed = useDeed();
  const press = async (value, url) => {
    if (deed.busy || !(await ask(element.confirm))) return;
    if (url) open(url, "_blank", "noopener,noreferrer");
    const facts = { user: me, target: targetOf(target), action_id: element.action_id, block_id: block.block_id };
    await deed.run("press", { ...facts, value: value ?? null });
  };
  return { deed, press };
}

/** Draw a button; one with an address opens it and tells the bot as well. */
export function Button({ element, block, target, field }) {
  const { deed, press } = usePress({ element, block, target });
  const url = element.url ? followable(element.url) : null;
  const properties = {
    id: field?.id,
    class: `el-button ${STYLES[element.style] ?? ""} ${deed.busy ? "el-busy" : ""}`,
    "data-action": element.action_id,
    "data-block": block.block_id,
    "data-value": element.value,
    "aria-label": element.accessibility_label,
    "aria-disabled": deed.busy,
    onClick: (event) => {
      event.preventDefault();
      press(element.value, url);
    },
  };
  const inside = html`<span class="el-button-text"><${Text} text=${element.text} /></span>`;
  return html`<span class="el-pressed">
    ${url
      ? html`<a href=${url} target="_blank" rel="noopener noreferrer" ...${properties}>${inside}</a>`
      : html`<button type="button" ...${properties}>${inside}</button>`}
    <${DeedNote} deed=${deed} />
  </span>`;
}

/** Draw the menu of three dots. */
export function Overflow({ element, block, target }) {
  const { t } = useReader();
  const { deed, press } = usePress({ element, block, target });
  const items = element.options.map((option) => ({
    id: option.value,
    text: html`<${Text} text=${option.text} />`,
    description: option.description && html`<${Text} text=${option.description} />`,
    attributes: { "data-value": option.value },
    option,
  }));
  return html`<span class="el-pressed">
    <${Menu} label=${t("elements.overflow")} items=${items} align="end" busy=${deed.busy}
      className=${`el-button el-overflow ${deed.busy ? "el-busy" : ""}`}
      attributes=${{ "data-action": element.action_id, "data-block": block.block_id }}
      onChoose=${({ option }) => press(option.value, option.url ? followable(option.url) : null)}>
      <span aria-hidden="true">${"\u22ef"}</span>
    <//>
    <${DeedNote} deed=${deed} />
  </span>`;
}
