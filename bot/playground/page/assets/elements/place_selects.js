/* Selects whose options Slack knows by itself: people, channels, conversations. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Chooser } from "./chooser.js";
import { DeedNote } from "./deed.js";
import { useHeld } from "./held.js";
import { wordsOf } from "./plain.js";

/* What each select offers, and how the page asks for it when the bot gave no placeholder. */
const OFFERS = {
  users_select: [users, "elements.choose_user"],
  multi_users_select: [users, "elements.choose_users"],
  conversations_select: [conversations, "elements.choose_conversation"],
  multi_conversations_select: [conversations, "elements.choose_conversations"],
  channels_select: [publicChannels, "elements.choose_channel"],
  multi_channels_select: [publicChannels, "elements.choose_channels"],
};

/** Draw a select of people, conversations or channels. */
export function PlaceSelect({ element, block, target, field }) {
  const reader = useReader();
  const held = useHeld({ element, block, target });
  const many = element.type.startsWith("multi_");
  const [offer, words] = OFFERS[element.type];
  const options = offer(reader, element);
  const ids = many ? (held.value ?? []) : held.value ? [held.value] : [];
  const chosen = ids.map((id) => options.find((one) => one.value === id) ?? anybody(reader, id));
  const choose = (picked) => held.choose(many ? picked.map((one) => one.value) : (picked[0]?.value ?? null));
  const placeholder = wordsOf(element.placeholder) || reader.t(words);
  return html`<span class="el-held">
    <${Chooser} groups=${[{ options }]} chosen=${chosen} many=${many} max=${element.max_selected_items ?? Infinity}
      placeholder=${placeholder} name=${placeholder} onChoose=${choose} busy=${held.busy}
      clearable=${!many && Boolean(block.optional)} field=${field} action=${element.action_id} block=${block.block_id}
      focus=${element.focus_on_load} />
    <${DeedNote} deed=${held} />
  </span>`;
}

const option = (value, words, description = null) => ({ value, words, text: words, description });

/** Everybody who is still in the workspace, bots too: Slack's filters are for conversations only. */
function users({ people, bot }) {
  return [...people, bot].filter((one) => !one.deleted).map((one) => option(one.id, one.real_name, `@${one.name}`));
}

function publicChannels({ channels }) {
  return open(channels).filter((one) => kindOf(one) === "public").map((one) => option(one.id, `# ${one.name}`));
}

function conversations({ channels, people, bot }, { filter = {} }) {
  const wanted = filter.include ?? ["im", "mpim", "private", "public"];
  return open(channels)
    .filter((one) => wanted.includes(kindOf(one)))
    .filter((one) => !(filter.exclude_external_shared_channels && one.is_ext_shared))
    .filter((one) => !(filter.exclude_bot_users && one.is_im && one.with === bot.id))
    .map((one) => option(one.id, one.is_im ? nameOf([...people, bot], one.with) : channelName(one)));
}

const open = (channels) => channels.filter((one) => !one.is_archived);
const kindOf = (channel) => (channel.is_im ? "im" : channel.is_mpim ? "mpim" : channel.is_private ? "private" : "public");
const channelName = (channel) => `${channel.is_private ? "🔒" : "#"} ${channel.name}`;
const nameOf = (all, id) => all.find((one) => one.id === id)?.real_name ?? id;

/** Name what the bot preset although the person could not choose it, such as a channel they are not in. */
function anybody({ channels, people, bot }, id) {
  const channel = channels.find((one) => one.id === id);
  return option(id, channel ? channelName(channel) : nameOf([...people, bot], id));
}
