/* One line of the log: who spoke to whom, about what, how it ended, and how much of Slack's three seconds it took. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { memo } from "../core/memo.js";
import { Entry } from "./entry.js";
import { clock, taken } from "./times.js";
import { eventInWords, troubleInWords, wayInWords } from "./words_of_lines.js";

/** Draw a line; `onToggle(id)` opens or closes it. */
export const Line = memo(function Line({ line, open, onToggle }) {
  const reader = useReader();
  const { t } = reader;
  const bad = Boolean(line.trouble) || line.status >= 400;
  return html`<li class="back-line" data-line=${line.id} data-between=${line.between} data-kind=${line.kind} data-bad=${bad}>
    <button type="button" class="back-line-head" aria-expanded=${open} onClick=${() => onToggle(line.id)}>
      <span class="back-line-time">${clock(reader, new Date(line.at))}</span>
      <span class="back-line-way">${wayInWords(line, t)}</span>
      <span class="back-line-end">${endInWords(line, t)}</span>
      <${Words} name=${line.kind === "event" ? "" : line.name} about=${line.kind === "event" ? eventInWords(line, t) : line.about} />
      ${bad && line.kind !== "event" && html`<span class="back-line-trouble">${troubleInWords(line, t)}</span>`}
      ${line.limit && html`<${Spent} milliseconds=${line.milliseconds} limit=${line.limit} />`}
    </button>
    ${open && html`<${Entry} line=${line} />`}
  </li>`;
});

/** Draw a line's name and what it is about. */
export const Words = ({ name, about }) => html`<span class="back-line-words">
  ${name && html`<span class="back-line-name">${name}</span>`} <span class="back-line-about">${about}</span></span>`;

/** Draw how much of the limit was used; it is said in words as well. */
export function Spent({ milliseconds, limit }) {
  const { t } = useReader();
  const part = Math.min(1, milliseconds / limit);
  const words = t("backstage.bar", { taken: taken(milliseconds), limit: limit / 1000 });
  return html`<span class="back-spent" role="img" aria-label=${words} title=${words}>
    <span class="back-spent-part" data-near=${part > 0.66} style=${{ width: `${Math.max(1, part * 100)}%` }}></span></span>`;
}

function endInWords(line, t) {
  if (line.kind === "event") return line.limit ? t("backstage.late") : "";
  if (!line.finished) return t("backstage.under_way");
  const took = line.milliseconds === null ? "" : taken(line.milliseconds);
  if (!line.to_bot) return [line.status, took].filter(Boolean).join(" · ");
  const late = line.trouble === "timeout" || line.milliseconds > line.limit;
  return [late && t("backstage.late"), took].filter(Boolean).join(" · ");
}
