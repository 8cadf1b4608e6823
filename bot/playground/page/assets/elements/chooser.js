/* A field in which one or several options are searched and chosen: the look and the keys of every select menu. Where the
   options come from, and what choosing does, is told by the selects. Keys: ARIA's combobox with a list. */
import { html } from "htm/preact";
import { useId, useRef, useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { ChoiceList, placesIn } from "./choice_list.js";
import { usePopup } from "./popup.js";

const PAGE = 8;
/* Options that Page Down passes. */

/**
 * Draw a select field.
 *
 * groups: [{label, options}] to choose from; an option is {value, words, text, description}: `words` are searched and
 * shown in the field, `text` and `description` are drawn in the list. chosen: the options chosen. many: several may be,
 * at most `max`. onChoose(options) gets all that are chosen now; onSearch(words or null), if given, looks for options
 * elsewhere, and then nothing is filtered here; `status` is shown in place of the list. clearable: nothing is a choice.
 */
export function Chooser(properties) {
  const { chosen, many, onChoose, placeholder, status, busy, clearable, field, name } = properties;
  const { t } = useReader();
  const own = useId();
  const id = field?.id ?? own;
  const [box, list, input] = [useRef(null), useRef(null), useRef(null)];
  const choosing = useChoosing(properties);
  const { query, open, at, options, full } = choosing;
  usePopup({ open, anchor: box, popup: list, wide: true, onOutside: choosing.close });
  const press = (event) => {
    if (event.target.tagName !== "SPAN") return;
    input.current.focus();
    choosing.show();
  };
  const note = full ? t("elements.most", { count: properties.max }) : "";
  return html`<span class="el-chooser" ref=${box} data-busy=${busy} data-invalid=${Boolean(field?.invalid)} onClick=${press}>
    ${many && chosen.map((option) => html`<${Token} key=${option.value} option=${option} onDrop=${() => choosing.toggle(option)} />`)}
    <input ref=${input} id=${id} class="el-chooser-input" role="combobox" autocomplete="off" spellcheck=${false}
      aria-expanded=${open} aria-controls=${open && options.length ? `${id}-list` : undefined} aria-autocomplete="list"
      aria-activedescendant=${open && options[at] ? `${id}-${at}` : undefined} aria-label=${field ? undefined : name}
      aria-describedby=${field?.describedBy} aria-invalid=${field?.invalid} aria-required=${field?.required}
      data-action=${properties.action} data-block=${properties.block} data-focus=${properties.focus}
      placeholder=${many && chosen.length ? "" : placeholder}
      value=${query ?? (many ? "" : (chosen[0]?.words ?? ""))}
      onClick=${() => (open && query === null ? choosing.close() : choosing.show())} onFocus=${(event) => event.target.select()}
      onInput=${(event) => choosing.type(event.target.value)} onKeyDown=${choosing.key} onBlur=${choosing.close} />
    ${clearable && chosen.length > 0 && html`<button type="button" class="el-chooser-clear" aria-label=${t("elements.clear")}
      onClick=${() => onChoose([])}><span aria-hidden="true">×</span></button>`}
    <span class="el-chevron" aria-hidden="true"></span>
    ${open && html`<${ChoiceList} list=${list} id=${id} name=${name} groups=${choosing.found} chosen=${chosen} at=${at} many=${many}
      full=${full} status=${status || (options.length ? "" : t("elements.none"))} note=${note} onChoose=${choosing.toggle} />`}
  </span>`;
}

/** Return what is searched, what is found and where the cursor is; and what opens, moves and chooses. */
function useChoosing({ groups, chosen, many, max, onChoose, onSearch }) {
  const [query, setQuery] = useState(null);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = onSearch || !query ? groups : fitting(groups, query);
  const options = placesIn(found);
  const full = many && chosen.length >= max;
  const search = (words) => {
    setQuery(words);
    setAt(0);
    onSearch?.(words);
  };
  const show = () => {
    if (open) return;
    setAt(Math.max(0, placesIn(groups).findIndex((option) => option.value === chosen[0]?.value)));
    setOpen(true);
    onSearch?.(query ?? "");
  };
  const type = (words) => {
    show();
    search(words);
  };
  const close = () => {
    setOpen(false);
    setQuery(null);
    onSearch?.(null);
  };
  const toggle = (option) => {
    const others = chosen.filter((one) => one.value !== option.value);
    const isThere = others.length < chosen.length;
    if (many && !isThere && full) return;
    onChoose(many ? (isThere ? others : [...chosen, option]) : [option]);
    if (!many) close();
    else if (query && onSearch) search("");
    else setQuery(null);
  };
  const deeds = { show, close, move: setAt, choose: toggle, drop: () => onChoose(chosen.slice(0, -1)) };
  const key = (event) => pressed(event, { open, options, at, canDrop: many && !query && chosen.length > 0 }, deeds);
  return { query, open, at, found, options, full, show, type, close, toggle, key };
}

function Token({ option, onDrop }) {
  const { t } = useReader();
  return html`<span class="el-token" data-value=${option.value}>
    <span class="el-token-text">${option.text}</span>
    <button type="button" class="el-token-drop" aria-label=${t("elements.drop", { name: option.words })} onClick=${onDrop}>
      <span aria-hidden="true">×</span>
    </button>
  </span>`;
}

function fitting(groups, query) {
  const wanted = query.trim().toLowerCase();
  return groups
    .map((group) => ({ ...group, options: group.options.filter((one) => one.words.toLowerCase().includes(wanted)) }))
    .filter((group) => group.options.length);
}

/** Do what a key means in the field; what it does not mean is left to the browser and to the dialog around. */
function pressed(event, { open, options, at, canDrop }, deeds) {
  if (event.isComposing) return;
  const last = options.length - 1;
  const [down, up] = [at < last ? at + 1 : 0, at > 0 ? at - 1 : last];
  const moves = { ArrowDown: down, ArrowUp: up, PageDown: Math.min(last, at + PAGE), PageUp: at - PAGE };
  const opens = event.key === "ArrowDown" || event.key === "ArrowUp" || event.key === "Enter";
  if (!open && opens) deeds.show();
  else if (open && event.key in moves) deeds.move(Math.max(0, moves[event.key]));
  else if (open && event.key === "Enter") options[at] && deeds.choose(options[at]);
  else if (open && event.key === "Escape") deeds.close();
  else if (event.key === "Backspace" && canDrop) deeds.drop();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
