/* Fields that are typed into. What is typed stays here until the field is left, Return is pressed, or something is pressed
   in the same view; a field that dispatches every character tells it after a short pause. */
import { html } from "htm/preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useReader } from "../core/context.js";
import { DeedNote } from "./deed.js";
import { onceLeft, useHeld } from "./held.js";
import { wordsOf } from "./plain.js";
import { useView } from "./view_context.js";

const PAUSE = 300;
/* Milliseconds without a key before a character that dispatches is told. */
const LONGEST = 3000;
const NEAR = 100;
/* Characters left under which a field without a limit of its own shows how many are left. */
const FIELDS = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", inputmode: "email" },
  url_text_input: { type: "url", inputmode: "url" },
  number_input: { type: "text", inputmode: "decimal" },
};

/** Draw a plain_text_input, email_text_input, url_text_input or number_input. */
export function TextInput({ element, block, target, field }) {
  const held = useHeld({ element, block, target });
  const text = held.value ?? "";
  return html`<${Typed} ...${{ element, block, field, held, text }} onText=${(typed) => held.put(typed)} />`;
}

/** Draw a rich_text_input as plain lines; its formatting is not imitated. */
export function RichTextInput({ element, block, target, field }) {
  const held = useHeld({ element, block, target });
  const rich = { ...element, multiline: true };
  return html`<${Typed} element=${rich} ...${{ block, field, held }} text=${linesOf(held.value)}
    onText=${(typed) => held.put(richOf(typed))} />`;
}

function Typed({ element, block, field, held, text, onText }) {
  const { t } = useReader();
  const view = useView();
  const hint = useId();
  const pause = useRef(0);
  useEffect(() => () => clearTimeout(pause.current), []);
  const on = dispatches(block, element);
  const left = leftOf(element, text);
  const tell = (how) => {
    clearTimeout(pause.current);
    return held.tell(how);
  };
  const typed = (event) => {
    onText(event.target.value);
    clearTimeout(pause.current);
    if (on.character) pause.current = setTimeout(tell, PAUSE);
  };
  const key = (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey || (element.multiline && !on.enter)) return;
    event.preventDefault();
    if (on.enter) tell({ enter: true });
    else if (!on.character) view?.submit();
  };
  const properties = {
    id: field?.id,
    class: "el-input",
    placeholder: wordsOf(element.placeholder),
    value: text,
    autocomplete: "off",
    "aria-label": field ? undefined : wordsOf(element.placeholder) || t("elements.text"),
    "aria-describedby": [field?.describedBy, on.enter && hint].filter(Boolean).join(" ") || undefined,
    "aria-invalid": field?.invalid,
    "aria-required": field?.required,
    "data-action": element.action_id,
    "data-block": block.block_id,
    "data-focus": element.focus_on_load,
    onInput: typed,
    onKeyDown: key,
    onBlur: (event) => onceLeft(event, () => held.isUntold() && tell()),
  };
  return html`<span class="el-held el-typed">
    ${element.multiline
      ? html`<textarea rows=${rowsOf(element)} ...${properties}></textarea>`
      : html`<input ...${FIELDS[element.type]} ...${properties} />`}
    ${left !== null && html`<span class="el-left" data-over=${left < 0} aria-label=${t("elements.left", { count: left })}>${left}</span>`}
    ${on.enter && html`<span id=${hint} class="el-hint">${t("elements.enter")}</span>`}
    <${DeedNote} deed=${held} />
  </span>`;
}

const rowsOf = (element) => Math.min(element.max_lines ?? 12, Math.max(element.min_lines ?? 3, 3));

function dispatches(block, element) {
  if (!block.dispatch_action) return { enter: false, character: false };
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  return { enter: on.includes("on_enter_pressed"), character: on.includes("on_character_entered") };
}

/** Count the characters left, as Slack does it: where a limit was set, or when the general one is near. */
function leftOf(element, text) {
  if (element.type !== "plain_text_input") return null;
  const left = (element.max_length ?? LONGEST) - [...text].length;
  return element.max_length || left <= NEAR ? left : null;
}

function richOf(text) {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

const linesOf = (rich) =>
  (rich?.elements ?? []).map((part) => (part.elements ?? []).map((one) => one.text ?? "").join("")).join("\n");
