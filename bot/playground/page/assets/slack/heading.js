/* What stands above a conversation: its name, what it is for, who is in it. */
import { html } from "htm/preact";
import { useFrame, useReader } from "../core/context.js";
import { Avatar, memberOf } from "./avatar.js";
import { Icon } from "./icons.js";
import { roleOf } from "./people.js";
import { markOf, nameOfPlace } from "./places.js";

const FACES = 3;

/** Draw the heading of a conversation. */
export function Heading({ channel }) {
  const reader = useReader();
  if (channel.is_im) return html`<${AppHeading} channel=${channel} />`;
  const shared = reader.t("conversation.shared");
  return html`<header class="conv-heading">
    <h1 class="conv-title"><${Icon} name=${markOf(channel)} /><span>${channel.name}</span></h1>
    ${channel.is_ext_shared && html`<span class="conv-shared" title=${shared}><${Icon} name="shared" />
      <span class="visually-hidden">${shared}</span></span>`}
    <p class="conv-topic">${topicOf(channel, reader.t)}</p>
    <${Members} channel=${channel} />
  </header>`;
}

/** Say what a channel is for; nothing for one that the catalogue does not know. */
function topicOf(channel, t) {
  const key = `conversation.topic.${channel.id}`;
  const topic = t(key);
  return topic === key ? "" : topic;
}

/** Draw the heading of the bot's direct message, which is one of the two sides of the app; the other is its Home. */
function AppHeading({ channel }) {
  const { bot, t } = useReader();
  const { go } = useFrame();
  const tab = (name, to) => html`<button type="button" class="conv-app-tab" data-app-tab=${name}
    aria-current=${to.id === channel.id ? "page" : undefined} onClick=${() => go(to)}>${t(`conversation.app.${name}`)}</button>`;
  return html`<header class="conv-heading conv-heading-app">
    <h1 class="conv-title"><${Avatar} id=${bot.id} size=${28} /><span>${bot.real_name}</span></h1>
    <div class="conv-app-tabs" role="group" aria-label=${bot.real_name}>
      ${tab("home", { kind: "home" })} ${tab("messages", { kind: "channel", id: channel.id })}
    </div>
  </header>`;
}

function Members({ channel }) {
  const reader = useReader();
  const { t } = reader;
  const known = [...reader.people.map((one) => one.id), reader.bot.id].filter((id) => channel.members.includes(id));
  const words = t("conversation.members", { count: known.length });
  return html`<button type="button" class="conv-members" data-part="members" popovertarget="conv-members"
      aria-label=${words} title=${words}>
      ${known.slice(0, FACES).map((id) => html`<${Avatar} key=${id} id=${id} size=${20} />`)} ${known.length}
    </button>
    <div id="conv-members" class="conv-popover" popover="auto">
      <h2>${t("conversation.members_of", { place: nameOfPlace(channel, reader) })}</h2>
      <ul>${known.map((id) => html`<${Member} key=${id} member=${memberOf(reader, id)} />`)}</ul>
    </div>`;
}

function Member({ member }) {
  const { t } = useReader();
  const role = member.is_bot ? t("conversation.role.bot") : roleOf(member, t);
  return html`<li class="conv-member"><${Avatar} id=${member.id} size=${28} />
    <span><b>${member.real_name}</b><br /><span class="conv-member-role">${role}</span></span></li>`;
}
