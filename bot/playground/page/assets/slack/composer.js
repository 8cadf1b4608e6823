/* Where somebody writes: the growing field, what is completed in it, sending, recalling, and why a place is closed for writing.
   What becomes of what is sent stands in sending.js. */
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePage } from "../core/context.js";
import { Waiting } from "../elements/deed.js";
import { CommandHint, Suggestions } from "./composer_list.js";
import { Icon } from "./icons.js";
import { spotOf } from "./notes.js";
import { useDraft } from "./said.js";
import { useSending } from "./sending.js";
import { ShortcutMenu } from "./shortcut_menu.js";
import { useWriting } from "./writing.js";

/** Draw the composer of a channel, or of a thread in it; `name` is the place's name for people. */
export function Composer({ channelId, threadTs = null, name }) {
  const { state, me, t } = usePage();
  const spot = spotOf({ me, channelId, threadTs });
  const text = useDraft(spot);
  const { pending, send, use } = useSending({ channelId, threadTs });
  const field = useRef(null);
  const writing = useWriting({ spot, text, field, me, known: state, send: (said) => !pending && send(said) });
  useLayoutEffect(() => grow(field.current), [text]);
  const label = threadTs ? t("conversation.reply_placeholder") : t("conversation.placeholder", { place: name });
  const part = threadTs ? "thread-composer" : "composer";
  const list = `${part}-list`;
  const isOpen = writing.items.length > 0;
  const listed = isOpen && { "aria-haspopup": "listbox", "aria-controls": list, "aria-activedescendant": `${list}-${writing.at}` };
  return html`<div class="conv-composer">
    <${CommandHint} text=${text} commands=${threadTs ? [] : state.commands} hidden=${isOpen} />
    <${Suggestions} id=${list} writing=${writing} />
    <div class="conv-composer-box">
      <textarea ref=${field} class="conv-field" data-part=${part} rows="1" value=${text} placeholder=${label} aria-label=${label}
        aria-autocomplete="list" ...${listed} autocomplete="off" enterkeyhint="send" onInput=${writing.onInput}
        onKeyDown=${writing.onKeyDown} onSelect=${writing.onSelect} onBlur=${writing.close}></textarea>
      <div class="conv-composer-tools">
        ${!threadTs && html`<${ShortcutMenu} onUse=${use} />`}
        <${Pending} pending=${pending} />
        <button type="button" class="conv-send" data-part=${`${part}-send`} aria-label=${t("conversation.send")}
          title=${t("conversation.send")} disabled=${!text.trim() || Boolean(pending)}
          onClick=${writing.submit}><${Icon} name="send" /></button>
      </div>
    </div>
  </div>`;
}

/** Say that the bot has not acknowledged yet, and how much of Slack's three seconds is over. */
function Pending({ pending }) {
  const { t, state } = usePage();
  return html`<span class="conv-pending" role="status">
    ${pending && html`<span class="conv-spinner" aria-hidden="true"></span>
      <span class="visually-hidden">${t("conversation.pending", { name: pending.name, bot: state.bot.real_name })}</span>
      <span aria-hidden="true">${pending.name} <${Waiting} since=${pending.since} /></span>`}
  </span>`;
}

/** Say why nobody can write in a place. */
export function Closed({ children }) {
  return html`<div class="conv-composer"><p class="conv-closed" data-part="closed">${children}</p></div>`;
}

/** Let the field be as high as its text; the style sheet says how high at most. */
function grow(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
