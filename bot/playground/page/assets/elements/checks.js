/* Checkboxes and radio buttons: options that are all in sight. */
import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { useReader } from "../core/context.js";
import { Text } from "../slack/text.js";
import { DeedNote } from "./deed.js";
import { useHeld } from "./held.js";

/** Draw checkboxes; every change tells all that are checked, in the order of the options. */
export function Checkboxes({ element, block, target, field }) {
  const held = useHeld({ element, block, target });
  const chosen = held.value ?? [];
  const isChosen = (option) => chosen.some((one) => one.value === option.value);
  const toggle = (option) => held.choose(element.options.filter((one) => isChosen(one) !== (one.value === option.value)));
  return html`<${Group} role="group" ...${{ field, held }}>
    ${element.options.map((option, index) => html`<${Check} key=${option.value} kind="checkbox" option=${option} block=${block}
      element=${element} checked=${isChosen(option)} isFirst=${index === 0} field=${field} onChoose=${() => toggle(option)} />`)}
  <//>`;
}

/** Draw radio buttons. */
export function RadioButtons({ element, block, target, field }) {
  const held = useHeld({ element, block, target });
  const name = useId();
  const at = Math.max(0, element.options.findIndex((option) => option.value === held.value?.value));
  return html`<${Group} role="radiogroup" ...${{ field, held }}>
    ${element.options.map((option, index) => html`<${Check} key=${option.value} kind="radio" name=${name} option=${option}
      block=${block} element=${element} checked=${held.value?.value === option.value} isFirst=${index === at} field=${field}
      onChoose=${() => held.choose(option)} />`)}
  <//>`;
}

function Group({ role, field, held, children }) {
  const { t } = useReader();
  const words = t(role === "group" ? "elements.choose_many" : "elements.choose");
  const label = field ? { "aria-labelledby": field.labelId } : { "aria-label": words };
  return html`<div class="el-checks" role=${role} ...${label} aria-describedby=${field?.describedBy}
    aria-invalid=${role === "radiogroup" ? field?.invalid : undefined}
    aria-required=${role === "radiogroup" ? field?.required : undefined} data-busy=${held.busy} data-invalid=${Boolean(field?.invalid)}>
    ${children}
    <${DeedNote} deed=${held} />
  </div>`;
}

function Check({ kind, name, option, block, element, checked, isFirst, field, onChoose }) {
  const about = useId();
  return html`<label class="el-check">
    <input type=${kind} name=${name} checked=${checked} aria-describedby=${option.description ? about : undefined}
      aria-invalid=${kind === "checkbox" ? field?.invalid : undefined} data-action=${element.action_id} data-block=${block.block_id}
      data-value=${option.value} data-focus=${isFirst && element.focus_on_load} onChange=${(event) => keep(event, checked, onChoose)} />
    <span class="el-check-words">
      <span class="el-check-text"><${Text} text=${option.text} /></span>
      ${option.description && html`<span id=${about} class="el-check-description"><${Text} text=${option.description} /></span>`}
    </span>
  </label>`;
}

/** Choose, but let the box show what is held: a confirmation may be denied. */
function keep(event, checked, onChoose) {
  event.target.checked = checked;
  onChoose();
}
