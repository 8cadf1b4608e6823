/* Pushes that wait at mPaaS, or waited: each with its dates, in the person's zone and in mPaaS's. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { Environment, Nothing, Pill, platformOf } from "./rows.js";
import { livesInShanghaiTime, momentIn, momentInShanghai } from "./times.js";

const RECURRING = 2;

/** List the scheduled pushes; what goes out next comes first. */
export function Scheduled({ mpaas }) {
  const { t } = useReader();
  if (!mpaas.scheduled.length) return html`<${Nothing}>${t("side.scheduled.none")}<//>`;
  return html`<p class="side-lede">${t("side.scheduled.lede")}</p>
    <ul class="side-list">${mpaas.scheduled.map((push) => html`<${Push} key=${push.ParentId} push=${push} />`)}</ul>`;
}

function Push({ push }) {
  const { t } = useReader();
  const recurring = push.StrategyType === RECURRING;
  return html`<li class="side-row side-waiting" data-parent=${push.ParentId}>
    <p class="side-row-top"><strong class="side-row-name">${push.TaskName}</strong> <${Progress} push=${push} /></p>
    <p class="side-row-line"><${Environment} name=${push.Environment} />
      <span class="side-platform">${platformOf(t, push.DeliveryType)}</span>
      <span>${t(recurring ? "side.scheduled.recurring" : "side.scheduled.once")}</span></p>
    <p class="side-quote">${push.PushTitle} — ${push.PushContent}</p>
    <${Dates} push=${push} />
    <p class="side-row-line side-mono">${push.ParentId}</p>
  </li>`;
}

function Progress({ push }) {
  const { t } = useReader();
  const done = push.Executed === push.Total;
  const alone = t(done ? "side.scheduled.sent" : "side.scheduled.waits");
  const words = push.Total === 1 ? alone : t("side.scheduled.of", { sent: push.Executed, total: push.Total });
  return html`<${Pill} look=${done ? "good" : "wait"}>${words}<//>`;
}

function Dates({ push }) {
  const { t, person } = useReader();
  const unsaid = push.Total - push.Dates.length;
  const both = !livesInShanghaiTime(person);
  return html`<table class="side-dates">
    <thead><tr><th scope="col">${t("side.scheduled.yours")}</th>
      ${both && html`<th scope="col">${t("side.scheduled.shanghai")}</th>`}
      <th scope="col">${t("side.scheduled.state")}</th></tr></thead>
    <tbody>${push.Dates.map((date) => html`<tr key=${date.UniqueId} data-executed=${date.Executed}>
      <td>${momentIn(date.PushAt, person)}</td>
      ${both && html`<td>${momentInShanghai(date.PushAt, person)}</td>`}
      <td>${t(date.Executed ? "side.scheduled.sent" : "side.scheduled.waits")}</td></tr>`)}</tbody>
  </table>
  ${unsaid > 0 && html`<p class="side-row-line">
    ${t("side.scheduled.more", { number: unsaid, last: momentIn(push.LastAt, person) })}</p>`}`;
}
