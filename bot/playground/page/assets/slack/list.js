/* The messages of a place: one below the other, with the lines between them, the way back down, and the keys to walk through.
   What stands below what is decided in rows.js, when to scroll in scrolling.js. */
import { html } from "htm/preact";
import { useMemo, useRef } from "preact/hooks";
import { useReader } from "../core/context.js";
import { memo } from "../core/memo.js";
import { Announcer } from "./announcer.js";
import { dayName } from "./dates.js";
import { useGrowing } from "./growing.js";
import { Icon } from "./icons.js";
import { Message, repliesInWords } from "./message.js";
import { useScrolling } from "./scrolling.js";

/**
 * Draw rows; it is drawn again only when one of these is another one. `beginning` is drawn above them, `unread` is counted on
 * the way down, `today` tells the days, `isThread` whether each message tells its own.
 */
export const MessageList = memo(({ rows, label, beginning, unread = 0, today, isThread = false, onThread, onLook }) => {
  const box = useRef(null);
  const content = useRef(null);
  const lineAt = rows.findIndex((row) => row.kind === "new");
  const hidden = useGrowing(rows.length, lineAt < 0 ? rows.length : lineAt);
  const shown = useMemo(() => rows.slice(hidden), [rows, hidden]);
  const { isAway, toEnd } = useScrolling({ box, content, rows: shown, startAt: ".conv-new", onLook });
  return html`<div class="conv-list-frame">
    <div class="conv-list" ref=${box} role="log" aria-live="off" aria-label=${label} tabindex="0" onKeyDown=${walk}>
      <div class="conv-list-content" ref=${content}>
        ${hidden === 0 && beginning}
        ${shown.map((row) => drawnRow(row, { today, isThread, onThread }))}
      </div>
    </div>
    ${isAway && html`<${WayDown} unread=${unread} onClick=${toEnd} />`}
    <${Announcer} rows=${rows} />
  </div>`;
});

function drawnRow(row, { today, isThread, onThread }) {
  if (row.kind === "day") return html`<${DayLine} key=${row.key} ts=${row.ts} today=${today} />`;
  if (row.kind === "new") return html`<${NewLine} key="new" />`;
  if (row.kind === "replies") return html`<${RepliesLine} key="replies" count=${row.count} />`;
  const { kind, key, ...properties } = row;
  return html`<${Message} key=${key} ...${properties} today=${isThread ? today : null} onThread=${onThread} />`;
}

function DayLine({ ts, today }) {
  const reader = useReader();
  const day = dayName(ts, reader, today);
  return html`<hr class="conv-day-rule" aria-hidden="true" />
    <div class="conv-day" role="separator" aria-label=${day} data-part="day">${day}</div>`;
}

function NewLine() {
  const words = useReader().t("conversation.new");
  return html`<div class="conv-line conv-new" role="separator" aria-label=${words} data-part="new"><span>${words}</span></div>`;
}

function RepliesLine({ count }) {
  const words = repliesInWords(count, useReader().t);
  return html`<div class="conv-line conv-replies-line" role="separator" aria-label=${words}><span>${words}</span></div>`;
}

function WayDown({ unread, onClick }) {
  const { t } = useReader();
  const below = unread === 1 ? "conversation.new_below.one" : "conversation.new_below";
  const words = unread ? t(below, { count: unread }) : t("conversation.latest");
  return html`<button type="button" class="conv-way-down" data-part="way-down" data-unread=${unread > 0} onClick=${onClick}>
    ${words} <${Icon} name="down" /></button>`;
}

/** Arrows walk from message to message, the first Up to the last one; the browser scrolls by the other keys. */
function walk(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const from = event.target.closest(".conv-message");
  const isElsewhere = event.target !== event.currentTarget && event.target !== from;
  if (!step || isElsewhere || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...event.currentTarget.querySelectorAll(".conv-message")];
  const to = from ? all[all.indexOf(from) + step] : all.at(step < 0 ? -1 : 0);
  if (!to) return;
  event.preventDefault();
  to.focus({ preventScroll: true });
  to.scrollIntoView({ block: "nearest" });
}
