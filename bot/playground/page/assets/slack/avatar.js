/* Who somebody is, as the chat shows them: a name and a coloured square with initials. What they may do stands in people.js. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Icon } from "./icons.js";

/** The id under which Slack itself says something to one person. */
export const SLACKBOT = "USLACKBOT";
const COLOURS = 6;

/** Find a member, the bot or Slackbot by id; somebody unknown is called by their id. */
export function memberOf({ people, bot }, id) {
  if (id === SLACKBOT) return { id, real_name: "Slackbot", name: "slackbot" };
  if (id === bot.id) return bot;
  return people.find((one) => one.id === id) ?? { id, real_name: id, name: id };
}

/** Draw somebody's square; its meaning must stand beside it in words. `size` is its side in CSS pixels. */
export function Avatar({ id, size = 36 }) {
  const { people, bot } = useReader();
  const member = memberOf({ people, bot }, id);
  const look = member.is_bot ? "bot" : id === SLACKBOT ? "slackbot" : people.indexOf(member) % COLOURS;
  return html`<span class="conv-avatar" data-look=${look} data-gone=${Boolean(member.deleted)} aria-hidden="true"
    style=${{ "--size": `${size}px` }}>${member.is_bot ? html`<${Icon} name="horn" />` : initials(member.real_name)}</span>`;
}

const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
