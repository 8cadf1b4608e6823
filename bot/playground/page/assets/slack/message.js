/* One message among others: who, when, what, and what one can do with it. What its blocks look like stands in blocks.js. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { memo } from "../core/memo.js";
import { Avatar, memberOf, SLACKBOT } from "./avatar.js";
import { Blocks } from "./blocks.js";
import { clockTime, formatDate, moment } from "./dates.js";
import { Icon } from "./icons.js";
import { companyOf } from "./people.js";
import { isReply } from "./rows.js";
import { Text } from "./text.js";
import { Toolbar } from "./toolbar.js";

const WHOLE = "{date_long_full} {time_secs}";

/** Say how many replies there are. */
export const repliesInWords = (count, t) =>
  t(count === 1 ? "conversation.reply_count.one" : "conversation.reply_count", { count });

/**
 * Draw a message; it is drawn again only when one of these is another one: `message`, `joined` (the one before is by the same
 * person), `replies`, `lastReply` and `repliers` (of its thread), `onThread(ts)` (opens a thread), `today` (in a thread, where
 * no line tells the day).
 */
export const Message = memo(({ message, joined, replies = 0, lastReply, repliers, onThread, today = null }) => {
  const reader = useReader();
  const [isNear, near] = useNearness();
  const author = memberOf(reader, message.user);
  const clock = clockTime(message.ts, reader);
  const time = today ? formatDate(message.ts, "{date_short_pretty} {time}", reader, today) : clock;
  const told = (words) => html`<${Time} ts=${message.ts} words=${words} isNear=${isNear} />`;
  return html`<article class="conv-message" data-ts=${message.ts} data-channel=${message.channel} data-joined=${joined}
    data-ephemeral=${Boolean(message.viewer)} tabindex="-1" aria-label=${`${author.real_name}, ${time}`} ...${near}>
    ${message.viewer && html`<p class="conv-only-you"><${Icon} name="eye" /> ${reader.t("conversation.only_you")}</p>`}
    ${message.in_channel_too && !today && html`<${SentToChannelToo} message=${message} onThread=${onThread} />`}
    <div class="conv-gutter">${joined ? told(clock) : html`<${Avatar} id=${message.user} />`}</div>
    <div class="conv-body">
      ${!joined && html`<p class="conv-author"><${Author} author=${author} /> ${told(time)}</p>`}
      <${Said} message=${message} />
      ${replies > 0 && html`<${ThreadLine} ...${{ message, replies, lastReply, repliers, onThread }} />`}
    </div>
    ${isNear && !message.isNote && html`<${Toolbar} message=${message} onThread=${today ? null : onThread} />`}
  </article>`;
});

/** Return whether the pointer or the focus is in an element, and what that element must listen to. */
function useNearness() {
  const [isPointed, point] = useState(false);
  const [isFocused, focus] = useState(false);
  const left = (event) => event.currentTarget.contains(event.relatedTarget) || focus(false);
  const pointer = { onMouseEnter: () => point(true), onMouseLeave: () => point(false) };
  return [isPointed || isFocused, { ...pointer, onfocusin: () => focus(true), onfocusout: left }];
}

/** Draw what was said: blocks where there are some, else the text; what Slackbot says is plain. */
function Said({ message }) {
  const { t } = useReader();
  const { blocks, text, user } = message;
  const type = user === SLACKBOT ? "plain_text" : "mrkdwn";
  return html`<div class="conv-said">
    ${blocks?.length ? html`<${Blocks} blocks=${blocks} target=${message} />` : html`<${Text} text=${{ type, text }} />`}
    ${message.edited && html`<span class="conv-edited" title=${t("conversation.edited.title")}> ${t("conversation.edited")}</span>`}
  </div>`;
}

function Author({ author }) {
  const { t, bot } = useReader();
  return html`<b class="conv-name">${author.real_name}</b>
    ${author.id === bot.id && html`<span class="conv-badge">${t("conversation.app")}</span>`}
    ${author.is_stranger && html`<span class="conv-badge">${companyOf(author)}</span>`}
    ${author.is_guest && html`<span class="conv-badge">${t("conversation.guest")}</span>`}`;
}

/** Tell the time of day, and the whole moment while the pointer is near: a thousand of these would take their time. */
function Time({ ts, words, isNear }) {
  const reader = useReader();
  const title = isNear ? formatDate(ts, WHOLE, reader) : undefined;
  return html`<time class="conv-time" datetime=${moment(ts).toISOString()} title=${title}>${words}</time>`;
}

/** Lead from a message to the thread below it. */
function ThreadLine({ message, replies, lastReply, repliers, onThread }) {
  const reader = useReader();
  const { t } = reader;
  const when = clockTime(lastReply, reader);
  return html`<button type="button" class="conv-replies" data-part="replies" onClick=${() => onThread(message.ts)}>
    ${repliers.split(" ").slice(0, 4).map((id) => html`<${Avatar} key=${id} id=${id} size=${22} />`)}
    <span class="conv-replies-count">${repliesInWords(replies, t)}</span>
    <span class="conv-replies-last" title=${formatDate(lastReply, WHOLE, reader)}>${t("conversation.last_reply", { when })}</span>
  </button>`;
}

function SentToChannelToo({ message, onThread }) {
  const { t } = useReader();
  if (!isReply(message)) return null;
  return html`<p class="conv-only-you"><button type="button" class="conv-link"
    onClick=${() => onThread(message.thread_ts)}>${t("conversation.replied")}</button></p>`;
}
