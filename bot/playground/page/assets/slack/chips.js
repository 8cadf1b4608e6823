/* What a text names, drawn: people, user groups, channels, everybody, moments, links, emoji. Which text names them is read in
   mrkdwn.js and rich_text.js; words without a look are said by `wordsOf`. */
import { html } from "htm/preact";
import { useFrame, useNow, useReader } from "../core/context.js";
import { formatDate } from "./dates.js";
import { followable } from "./mrkdwn.js";

/** Draw one node that names something: {kind: "user", id}, ...; `children` draws the words of a link. */
export function Chip({ node, children }) {
  return html`<${DRAWN[node.kind]} ...${node} shown=${children} />`;
}

const DRAWN = { user: User, group: Group, channel: Channel, everybody: Everybody, date: Moment, link: Link, emoji: Emoji };

/** Tell whether a kind of node is one that this module draws. */
export const isChip = (kind) => Object.hasOwn(DRAWN, kind);

/** Say a chip's words; `known` is a reader or a state: {people, bot, groups, channels, person or me}, `now` a moment. */
export function wordsOf(node, known, now) {
  if (node.kind === "user") return nameOfUser(node, known);
  if (node.kind === "group") return nameOfGroup(node, known);
  if (node.kind === "channel") return nameOfChannel(node, known) ?? known.t?.("messages.private_channel") ?? `#${node.id}`;
  if (node.kind === "everybody") return `@${node.range}`;
  return node.kind === "date" ? written(node, known, now) : node.character;
}

const bareName = (label) => label?.replace(/^[@#]/, "");

function nameOfUser({ id, label }, { people = [], bot }) {
  const member = [...people, bot].find((one) => one?.id === id);
  return `@${member?.real_name ?? (bareName(label) || id)}`;
}

function nameOfGroup({ id, label }, { groups = [] }) {
  const group = groups.find((one) => one.id === id);
  return `@${group?.handle ?? (bareName(label) || id)}`;
}

/** Name a channel; null for one that the reader is not in and whose name the text does not say. */
function nameOfChannel({ id, label }, { channels = [] }) {
  const name = channels.find((one) => one.id === id)?.name ?? bareName(label);
  return name ? `#${name}` : null;
}

function written({ seconds, format, fallback }, known, now) {
  const person = known.person ?? known.people?.find((one) => one.id === known.me);
  return formatDate(Number(seconds), format, { person }, now) ?? fallback;
}

function User(node) {
  const reader = useReader();
  return html`<${Mention} isMine=${node.id === reader.me} id=${node.id} words=${nameOfUser(node, reader)} />`;
}

function Group(node) {
  const reader = useReader();
  const isMine = reader.groups.find((one) => one.id === node.id)?.users.includes(reader.me);
  return html`<${Mention} isMine=${isMine} id=${node.id} words=${nameOfGroup(node, reader)} />`;
}

function Everybody({ range }) {
  return html`<${Mention} isMine id=${range} words=${`@${range}`} />`;
}

function Mention({ words, isMine, id }) {
  return html`<span class=${isMine ? "msg-mention msg-mention-mine" : "msg-mention"} data-mention=${id}>${words}</span>`;
}

/** A channel that the reader is in is a way there; of another one Slack tells the name only if the text does. */
function Channel(node) {
  const { channels, t } = useReader();
  const frame = useFrame();
  const name = nameOfChannel(node, { channels });
  const isMine = channels.some((one) => one.id === node.id);
  if (!isMine || !frame) {
    return html`<span class="msg-mention" data-mention=${node.id}>${name ?? t("messages.private_channel")}</span>`;
  }
  const go = () => frame.go({ kind: "channel", id: node.id });
  return html`<button type="button" class="msg-mention msg-mention-way" data-mention=${node.id} onClick=${go}>${name}</button>`;
}

function Moment(node) {
  const now = useNow();
  const words = written(node, useReader(), now);
  const at = html`<time class="msg-date" title=${words === node.fallback ? undefined : node.fallback}>${words}</time>`;
  return node.url ? html`<${Link} url=${node.url} shown=${at} />` : at;
}

/** Draw a link that may be followed; any other address is shown as the text it is. */
export function Link({ url, shown = url }) {
  const address = followable(url);
  if (!address) return html`<span>${shown}</span>`;
  return html`<a class="msg-link" href=${address} target="_blank" rel="noopener noreferrer">${shown}</a>`;
}

function Emoji({ name, character }) {
  return html`<span class="msg-emoji" title=${`:${name}:`}>${character}</span>`;
}
