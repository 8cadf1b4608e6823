/* Which kind of interactive element is drawn by what. Nothing is drawn here but what is not imitated. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Picture } from "../slack/other_blocks.js";
import { Button, Overflow } from "./buttons.js";
import { Checkboxes, RadioButtons } from "./checks.js";
import { DatePicker, DateTimePicker, TimePicker } from "./pickers.js";
import { ExternalSelect, OptionSelect } from "./option_selects.js";
import { PlaceSelect } from "./place_selects.js";
import { RichTextInput, TextInput } from "./text_inputs.js";

const KINDS = {
  button: Button,
  overflow: Overflow,
  image: ({ element }) => html`<${Picture} image=${element} />`,
  static_select: OptionSelect,
  multi_static_select: OptionSelect,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
  users_select: PlaceSelect,
  multi_users_select: PlaceSelect,
  conversations_select: PlaceSelect,
  multi_conversations_select: PlaceSelect,
  channels_select: PlaceSelect,
  multi_channels_select: PlaceSelect,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: DateTimePicker,
  checkboxes: Checkboxes,
  radio_buttons: RadioButtons,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  rich_text_input: RichTextInput,
};

const STILL = { id: "" };
/* Stands for the view of a picture, in which nothing is filled in. */

/**
 * Draw one element of a block, in the message or view `target` (null: a picture that nobody can press).
 * `field` is what an input block tells its element: {id, labelId, describedBy, invalid}.
 */
export function Element({ element, block, target, field = null }) {
  const Kind = Object.hasOwn(KINDS, element.type) ? KINDS[element.type] : NotImitated;
  const drawn = html`<${Kind} element=${element} block=${block} target=${target ?? STILL} field=${field} />`;
  return target ? drawn : html`<span class="el-still" inert=${true}>${drawn}</span>`;
}

/** Say, in the place of an element, that this playground has none of its kind. */
function NotImitated({ element, field }) {
  const { t } = useReader();
  return html`<p class="el-not-imitated" id=${field?.id} data-action=${element.action_id}>
    ${t("elements.not_imitated", { kind: element.type })}
  </p>`;
}
