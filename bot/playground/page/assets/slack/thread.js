/* One thread beside its channel: the message it hangs on, the replies, and a composer of its own. */
import { html } from "htm/preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useFrame, usePage } from "../core/context.js";
import { dialogIsOpen } from "../frame/dialog.js";
import { Closed, Composer } from "./composer.js";
import { Icon } from "./icons.js";
import { MessageList } from "./list.js";
import { spotOf, useNotes, withNotes } from "./notes.js";
import { nameOfPlace } from "./places.js";
import { useReading, useToday } from "./reading.js";
import { threadRows } from "./rows.js";
import { threadMark } from "./unread.js";

const NONE = [];

/** Draw the thread below a message of a channel. */
export function Thread({ channelId, ts }) {
  const page = usePage();
  const { closeThread } = useFrame();
  const channel = page.state.channels.find((one) => one.id === channelId);
  const pane = useRef(null);
  useClosing(pane, channelId, ts, closeThread);
  const rows = useRows(channelId, ts, page);
  const { onLook } = useReading(threadMark(channelId, ts), useMemo(() => rows.flatMap((row) => row.message ?? []), [rows]));
  const today = useToday();
  if (!channel) return null;
  const place = nameOfPlace(channel, page);
  const closing = page.t("conversation.close_thread");
  return html`<section class="conv-thread" ref=${pane} data-part="thread" aria-labelledby="conv-thread-title">
    <header class="conv-heading">
      <h2 class="conv-title" id="conv-thread-title">${page.t("conversation.thread")}</h2>
      <p class="conv-topic">${place}</p>
      <button type="button" class="conv-tool" data-part="close-thread" aria-label=${closing} title=${closing}
        onClick=${closeThread}><${Icon} name="close" /></button>
    </header>
    <${MessageList} rows=${rows} label=${page.t("conversation.thread_of", { place })} today=${today}
      isThread=${true} onLook=${onLook} />
    ${channel.is_archived
      ? html`<${Closed}>${page.t("conversation.closed.archived", { place })}<//>`
      : html`<${Composer} channelId=${channelId} threadTs=${ts} name=${place} />`}
  </section>`;
}

/** List the thread's rows, with what Slackbot told about them. */
function useRows(channelId, ts, { state, me, person }) {
  const all = state.messages[channelId] ?? NONE;
  const notes = useNotes(spotOf({ me, channelId, threadTs: ts }));
  return useMemo(() => threadRows(withNotes(all, notes), ts, { tz: person.tz }), [all, notes, ts, person.tz]);
}

/** Take the focus into the thread; Escape closes it, unless something lies over it, and gives the focus back to the message. */
function useClosing(pane, channelId, ts, close) {
  useEffect(() => {
    pane.current.querySelector("textarea")?.focus({ preventScroll: true });
    const press = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || dialogIsOpen() || document.querySelector(":popover-open")) return;
      close();
    };
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("keydown", press);
      const parent = `.conv-main .conv-message[data-channel="${channelId}"][data-ts="${ts}"]`;
      requestAnimationFrame(() => document.querySelector(parent)?.focus({ preventScroll: true }));
    };
  }, []);
}
