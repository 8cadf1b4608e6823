/* A channel or a direct message: its heading, its messages, and where one writes. */
import { html } from "htm/preact";
import { useCallback, useMemo } from "preact/hooks";
import { useFrame, usePage } from "../core/context.js";
import { Beginning } from "./beginning.js";
import { Closed, Composer } from "./composer.js";
import { Departed } from "./departed.js";
import { Heading } from "./heading.js";
import { MessageList } from "./list.js";
import { spotOf, useNotes, withNotes } from "./notes.js";
import { nameOfPlace } from "./places.js";
import { useReading, useToday } from "./reading.js";
import { channelRows, isInChannel } from "./rows.js";
import { useUnread } from "./unread.js";

const NONE = [];

/** Draw the conversation with an id for the person who looks; somebody whose account was deactivated has none. */
export function Conversation({ channelId }) {
  const { state, person } = usePage();
  const channel = state.channels.find((one) => one.id === channelId);
  if (person.deleted) return html`<${Departed} />`;
  return channel ? html`<${Channel} channel=${channel} />` : null;
}

function Channel({ channel }) {
  const page = usePage();
  const { openThread } = useFrame();
  const messages = useMessages(channel.id, page);
  const inChannel = useMemo(() => messages.filter(isInChannel), [messages]);
  const { newFrom, onLook } = useReading(channel.id, inChannel);
  const rows = useMemo(() => channelRows(messages, { tz: page.person.tz, newFrom }), [messages, page.person.tz, newFrom]);
  const today = useToday();
  const onThread = useCallback((ts) => openThread(channel.id, ts), [openThread, channel.id]);
  const beginning = useMemo(() => html`<${Beginning} channel=${channel} />`, [channel]);
  const name = nameOfPlace(channel, page);
  return html`<section class="conv-main" aria-label=${name} data-place=${channel.id}>
    <${Heading} channel=${channel} />
    <${MessageList} rows=${rows} label=${page.t("conversation.messages", { place: name })} beginning=${beginning}
      unread=${useUnread().of(channel).unread} today=${today} onThread=${onThread} onLook=${onLook} />
    <${Writing} channel=${channel} name=${name} />
  </section>`;
}

/** Return what one person sees in a channel: its messages, and what Slackbot told them there. */
function useMessages(channelId, { state, me }) {
  const all = state.messages[channelId] ?? NONE;
  const notes = useNotes(spotOf({ me, channelId }));
  return useMemo(() => withNotes(all, notes), [all, notes]);
}

/** Draw the composer, or why there is none. */
function Writing({ channel, name }) {
  const { t } = usePage();
  if (channel.is_archived) return html`<${Closed}>${t("conversation.closed.archived", { place: name })}<//>`;
  if (channel.is_im) return html`<${Closed}>${t("conversation.closed.app")}<//>`;
  return html`<${Composer} channelId=${channel.id} name=${name} />`;
}
