/* What helps while somebody types: the list of what can be completed, and the usage hint of the command that is being typed. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { commandIn } from "./suggestions.js";

/** Draw the list above the field. The focus stays in the field, which names the chosen entry. */
export function Suggestions({ id, writing }) {
  const { t, bot } = useReader();
  const { items, at, choose } = writing;
  const isCommands = items[0]?.id.startsWith("/");
  return html`<div class="conv-suggestions" hidden=${!items.length}>
      ${isCommands && html`<p class="conv-suggestions-head" aria-hidden="true">${bot.real_name}</p>`}
      <div role="listbox" id=${id} aria-label=${t(isCommands ? "conversation.commands" : "conversation.names")}>
        ${items.map((item, index) => html`<div key=${item.id} id=${`${id}-${index}`} role="option" aria-selected=${index === at}
          class="conv-suggestion" data-command=${item.id} onMouseDown=${(event) => (event.preventDefault(), choose(item))}>
          <span class="conv-suggestion-title">${item.title}</span> <span class="conv-suggestion-hint">${item.hint}</span>
          ${item.detail && html`<span class="conv-suggestion-detail">${item.detail}</span>`}
        </div>`)}
      </div>
      <p class="conv-suggestions-keys" aria-hidden="true">
        <kbd>Tab</kbd> ${t("conversation.keys.choose")} · <kbd>↑</kbd><kbd>↓</kbd> ${t("conversation.keys.move")} ·${" "}
        <kbd>Esc</kbd> ${t("conversation.keys.close")}
      </p>
    </div>
    <span class="visually-hidden" role="status">
      ${items.length > 0 && t("conversation.suggested", { count: items.length, first: items[at].title })}
    </span>`;
}

/** Keep a command's usage hint in sight while its words are typed. */
export function CommandHint({ text, commands, hidden }) {
  const command = commandIn(text, commands);
  if (!command || hidden) return null;
  return html`<p class="conv-hint" data-part="usage-hint"><b>${command.command}</b> ${command.usage_hint}
    <span class="conv-hint-detail">${command.description}</span></p>`;
}
