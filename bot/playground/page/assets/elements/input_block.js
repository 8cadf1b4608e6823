/* A block of type "input": the label above, the hint and the error below. The field itself is the element's. */
import { html } from "htm/preact";
import { useId } from "preact/hooks";
import { useReader } from "../core/context.js";
import { Text } from "../slack/text.js";
import { Element } from "./element.js";
import { useComplaint } from "./held.js";

const GROUPS = new Set(["checkboxes", "radio_buttons", "datetimepicker"]);
/* Elements of several fields: the label names the group, not one field of it. */

/** Draw an input block of a modal, the Home tab or a message (`view` is any of them). */
export function InputBlock({ block, view }) {
  const { t } = useReader();
  const complaint = useComplaint(view, block);
  const id = useId();
  const ids = { field: `${id}-field`, label: `${id}-label`, hint: `${id}-hint`, error: `${id}-error` };
  const describedBy = [complaint && ids.error, block.hint && ids.hint].filter(Boolean).join(" ") || undefined;
  const field = {
    id: ids.field,
    labelId: ids.label,
    describedBy,
    invalid: complaint ? "true" : undefined,
    required: block.optional ? undefined : "true",
  };
  const words = html`<${Text} text=${block.label} />${block.optional && html` <span class="el-optional">${t("elements.optional")}</span>`}`;
  return html`<div class="el-input-block" data-block=${block.block_id} data-invalid=${Boolean(complaint)}>
    ${GROUPS.has(block.element.type)
      ? html`<div id=${ids.label} class="el-label">${words}</div>`
      : html`<label id=${ids.label} for=${ids.field} class="el-label">${words}</label>`}
    <${Element} element=${block.element} block=${block} target=${view} field=${field} />
    ${complaint && html`<p id=${ids.error} class="el-error"><span class="el-warning-sign" aria-hidden="true">⚠</span> ${complaint}</p>`}
    ${block.hint && html`<p id=${ids.hint} class="el-hint"><${Text} text=${block.hint} /></p>`}
  </div>`;
}
