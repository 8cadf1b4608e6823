/* What reached a phone and is not on its screen, and what did not reach it: refused, silent, taken back. */
import { html } from "htm/preact";
import { useReader, useNow } from "../core/context.js";
import { Pairs } from "./tapped.js";
import { since } from "./times.js";

const MOST = 6;

/** List, below a phone, the newest pushes that it does not show, and why. */
export function Asides({ arrived }) {
  const { t } = useReader();
  const hidden = arrived.filter(isAside).slice(0, MOST);
  return html`<ul class="phone-asides" aria-live="polite" aria-relevant="additions" aria-label=${t("side.not_shown")}>
    ${hidden.map((one) => html`<${Aside} key=${one.task.TaskId} arrived=${one} />`)}
  </ul>`;
}

const isAside = ({ kind, way }) => (kind === "recalled" ? way.recall !== "overwritten" : kind !== "shown");

function Aside({ arrived }) {
  const { t, person } = useReader();
  const now = useNow();
  const { task, kind, way } = arrived;
  return html`<li class="phone-aside" data-kind=${kind} data-task=${task.TaskId}>
    <p class="phone-aside-head"><strong>${task.Title}</strong> <span class="phone-when">${since(task.CreatedAt, now, person)}</span></p>
    ${sentencesOf(t, arrived).map((sentence) => html`<p key=${sentence} class="phone-aside-why">${sentence}</p>`)}
    <${AppData} pairs=${dataOf(kind, task, way)} />
  </li>`;
}

function sentencesOf(t, { task, kind, way, judged }) {
  const name = t(`side.way.${way.id}`);
  if (kind === "refused") return judged.faults.map((fault) => faultSaid(t, way, name, fault));
  if (kind === "recalled") return [t(way.recall === "gone" ? "side.recalled_gone" : "side.recalled_unknown", { way: name })];
  return [t(kind === "data" ? "side.data" : "side.silent", { way: name, title: task.Title })];
}

/** Say why a vendor does not deliver a push. */
function faultSaid(t, way, name, { part, length, limit }) {
  const facts = { way: name, part: t(`side.part.${part}`), length, limit, wide: limit / 2 };
  if (part === "message") return t("side.fault_bytes", facts);
  if (limit === 0) return t("side.fault_empty", facts);
  return t(way.wide === 2 ? "side.fault_wide" : "side.fault", facts);
}

const dataOf = (kind, task, way) =>
  Object.entries({ data: task.TransparentMessagePayload[way.key], silent: task.ExtendedParams }[kind] ?? {});

function AppData({ pairs }) {
  const { t } = useReader();
  if (!pairs.length) return null;
  return html`<details class="phone-aside-data"><summary>${t("side.for_the_app")}</summary><${Pairs} pairs=${pairs} /></details>`;
}
