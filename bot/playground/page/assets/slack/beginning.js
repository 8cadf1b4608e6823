/* What stands at the very top of a conversation, and in #general the first steps: commands that a click puts into the field. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icons.js";
import { spotOf } from "./notes.js";
import { markOf, nameOfPlace } from "./places.js";
import { setDraft } from "./said.js";

const FIRST_STEPS = "C0001GENERAL";
const OUTAGE = "outage city=Berlin time=18:00 --target live --to android,ios --audience attached --within 60d --expires 3h";
const EXAMPLES = [
  ["form", "/broadcast"],
  ["preview", `/broadcast ${OUTAGE}`],
  ["help", "/broadcast help"],
];

/** Draw a conversation's beginning. */
export function Beginning({ channel }) {
  const reader = useReader();
  const place = nameOfPlace(channel, reader);
  const mark = channel.is_im ? html`<${Avatar} id=${channel.with} size=${44} />` : html`<${Icon} name=${markOf(channel)} />`;
  const key = channel.is_im ? "conversation.beginning.app" : "conversation.beginning";
  return html`<div class="conv-beginning">
    <p class="conv-beginning-mark">${mark}</p>
    <h2>${channel.is_im ? place : reader.t("conversation.welcome", { place })}</h2>
    <p>${reader.t(key, { place })}</p>
    ${channel.id === FIRST_STEPS && html`<${FirstSteps} channel=${channel} />`}
  </div>`;
}

function FirstSteps({ channel }) {
  const { t, me } = useReader();
  const put = (command) => {
    setDraft(spotOf({ me, channelId: channel.id }), command);
    document.querySelector('[data-part="composer"]')?.focus();
  };
  return html`<div class="conv-examples" data-part="examples">
    <p><b>${t("conversation.examples")}</b></p>
    <ul>${EXAMPLES.map(([name, command]) => html`<li key=${name}>
      <button type="button" class="conv-example" data-example=${name} onClick=${() => put(command)}>
        <code>${command}</code><span>${t(`conversation.example.${name}`)}</span></button></li>`)}</ul>
  </div>`;
}
