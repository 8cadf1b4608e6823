/* What became of the pushes, in numbers that grow while devices answer; and how often each Msgkey was executed. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { formatter } from "../core/moments.js";
import { Environment, Nothing, Pill, platformOf } from "./rows.js";

const COUNTS = ["PushTotalNum", "PushNum", "ArrivalNum", "OpenNum", "IgnoreNum"];
/* As QueryPushAnalysisCoreIndex calls them: pushed, accepted by the vendors, arrived, opened, ignored. */

const RATES = { arrival_rate: "ArrivalRate", open_rate: "OpenRate", ignore_rate: "IgnoreRate" };

/** Draw the sums of each environment, the numbers of each task, and the executions by Msgkey. */
export function Statistics({ mpaas }) {
  const { t } = useReader();
  if (!mpaas.tasks.length) return html`<${Nothing}>${t("side.statistics.none")}<//>`;
  const totals = Object.entries(mpaas.statistics.totals).filter(([, total]) => total.PushTotalNum > 0);
  return html`<p class="side-lede">${t("side.statistics.lede")}</p>
    ${totals.map(([name, total]) => html`<${Total} key=${name} name=${name} total=${total} />`)}
    <ul class="side-list">
      ${mpaas.tasks.toReversed().map((task) => html`<${TaskNumbers} key=${task.TaskId} task=${task} />`)}</ul>
    <${Executions} byMsgkey=${mpaas.statistics.executed_by_msgkey} />`;
}

function Total({ name, total }) {
  const { t, person } = useReader();
  const rate = formatter("NumberFormat", person.locale, { style: "percent", maximumFractionDigits: 1 });
  const shown = [
    ["pushed", number(person, total.PushTotalNum)],
    ...Object.entries(RATES).map(([key, field]) => [key, rate.format(total[field])]),
  ];
  return html`<div class="side-total" data-total=${name}>
    <p class="side-row-top"><strong>${t("side.statistics.all")}</strong> <${Environment} name=${name} /></p>
    <dl class="side-rates">
      ${shown.map(([key, value]) => html`<div key=${key}><dt>${t(`side.statistics.${key}`)}</dt> <dd>${value}</dd></div>`)}</dl>
  </div>`;
}

const number = (person, value) => formatter("NumberFormat", person.locale).format(value);

function TaskNumbers({ task }) {
  const { t } = useReader();
  const [look, words] = task.IsDelivered ? ["plain", "side.statistics.final"] : ["good", "side.statistics.growing"];
  return html`<li class="side-row side-numbers" data-task=${task.TaskId}>
    <p class="side-row-top"><strong class="side-row-name">${task.TaskName}</strong> <${Pill} look=${look}>${t(words)}<//></p>
    <p class="side-row-line"><${Environment} name=${task.Environment} />
      <span class="side-platform">${platformOf(t, task.DeliveryType)}</span></p>
    <dl class="side-bars">
      ${COUNTS.map((name) => html`<${Bar} key=${name} name=${name} value=${task.Counts[name]} most=${task.Devices} />`)}</dl>
  </li>`;
}

function Bar({ name, value, most }) {
  const { t, person } = useReader();
  const width = `${most ? (value / most) * 100 : 0}%`;
  return html`<div class="side-bar" data-count=${name}><dt>${t(`side.count.${name}`)}</dt>
    <dd><span class="side-bar-track" aria-hidden="true"><span class="side-bar-fill" style=${{ width }}></span></span>
      <span class="side-bar-number">${number(person, value)}</span></dd></div>`;
}

function Executions({ byMsgkey }) {
  const { t } = useReader();
  return html`<table class="side-dates side-executions"><caption>${t("side.once.caption")}</caption>
    <thead><tr><th scope="col">Msgkey</th><th scope="col">${t("side.once.times")}</th></tr></thead>
    <tbody>${Object.entries(byMsgkey)
      .toReversed()
      .map(([key, times]) => html`<tr key=${key} data-twice=${times > 1}>
        <td class="side-mono">${key}</td><td>${times > 1 ? t("side.once.twice", { times }) : times}</td></tr>`)}</tbody>
  </table>`;
}

/** Say, above everything, whether each push was executed once; a duplicate is told loudly. */
export function Once({ statistics }) {
  const { t } = useReader();
  const executed = Object.entries(statistics.executed_by_msgkey ?? {});
  const twice = executed.filter(([, times]) => times > 1);
  const good = statistics.msgkeys === 1 ? t("side.once.one") : t("side.once.good", { number: statistics.msgkeys });
  return html`<div class="side-once" role="status" data-part="once" data-look=${twice.length ? "bad" : "good"}
    hidden=${!executed.length}>
    ${twice.map(([key, times]) => html`<p key=${key}>⚠ ${t("side.once.bad", { key, times })}</p>`)}
    ${executed.length > 0 && !twice.length && html`<p>✓ ${good}</p>`}
  </div>`;
}
