/* The tasks that went out, newest first; one opens into the signed request that brought it. */
import { html } from "htm/preact";
import { useNow, useReader } from "../core/context.js";
import { audienceSaid } from "./audience.js";
import { useFocusWhen, useOpened } from "./opened.js";
import { RawRequest } from "./raw_request.js";
import { Environment, Nothing, Pill, platformOf } from "./rows.js";
import { exactIn, momentIn, since } from "./times.js";

/** List the tasks, or show the request of one. */
export function Tasks({ mpaas }) {
  const { t } = useReader();
  const { opened, left, open, close } = useOpened();
  const task = mpaas.tasks.find((one) => one.TaskId === opened);
  if (task) {
    return html`<${RawRequest} number=${task.Request} requests=${mpaas.requests} title=${task.TaskName}
      onBack=${close} back=${t("side.tasks.back")} />`;
  }
  if (!mpaas.tasks.length) return html`<${Nothing}>${t("side.tasks.none")}<//>`;
  return html`<ul class="side-list">${mpaas.tasks.toReversed().map((one) => html`<${Row} key=${one.TaskId} task=${one}
    returned=${left === one.TaskId} onOpen=${() => open(one.TaskId)} />`)}</ul>`;
}

function Row({ task, returned, onOpen }) {
  const { t, person } = useReader();
  const button = useFocusWhen(returned);
  return html`<li class="side-row" data-task=${task.TaskId}>
    <button type="button" ref=${button} class="side-open" onClick=${onOpen}>
      <span class="side-row-top"><strong class="side-row-name">${task.TaskName}</strong> <${TaskState} task=${task} /></span>
      <span class="side-row-line"><${Environment} name=${task.Environment} />
        <span class="side-platform">${platformOf(t, task.DeliveryType)}</span>
        <span>${t("side.tasks.template", { name: task.TemplateName })}</span>
        <${When} at=${task.CreatedAt} /></span>
      <span class="side-row-line">${audienceSaid(t, task, person)}${task.ParentId && ` · ${t("side.tasks.scheduled")}`}</span>
      <span class="side-row-line side-mono">${t("side.tasks.number", { number: task.TaskId })} · ${task.Msgkeys.join(", ")}</span>
    </button>
  </li>`;
}

function When({ at }) {
  const { person } = useReader();
  const now = useNow();
  return html`<time class="side-when" datetime=${at} title=${momentIn(at, person)}>
    ${exactIn(at, person)} · ${since(at, now, person)}</time>`;
}

function TaskState({ task }) {
  const { t } = useReader();
  if (task.RevokedAt) return html`<${Pill} look="wait">${t("side.tasks.recalled")}<//>`;
  return html`<${Pill} look="good">${t(task.IsDelivered ? "side.tasks.sent" : "side.tasks.arriving")}<//>`;
}
