/* Every request that pushes, cancels or recalls, newest first; reading requests are in the log. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { useFocusWhen, useOpened } from "./opened.js";
import { Outcome, Signature, UnderWay } from "./outcome.js";
import { RawRequest } from "./raw_request.js";
import { Environment, Nothing, platformOf } from "./rows.js";
import { exactIn } from "./times.js";

/** List the requests, or show one to the letter. */
export function Requests({ mpaas }) {
  const { t } = useReader();
  const { opened, left, open, close } = useOpened();
  if (opened) {
    return html`<${RawRequest} number=${opened} requests=${mpaas.requests} onBack=${close} back=${t("side.requests.back")} />`;
  }
  if (!mpaas.requests.length) return html`<${Nothing}>${t("side.requests.none")}<//>`;
  return html`<p class="side-lede">${t("side.requests.lede")}</p>
    <ul class="side-list">${mpaas.requests.toReversed().map((one) => html`<${Row} key=${one.number} request=${one}
      returned=${left === one.number} onOpen=${() => open(one.number)} />`)}</ul>`;
}

function Row({ request, returned, onOpen }) {
  const { t, person } = useReader();
  const button = useFocusWhen(returned);
  const fault = request.misbehaviour;
  return html`<li class="side-row" data-request=${request.number}>
    <button type="button" ref=${button} class="side-open" onClick=${onOpen}>
      <span class="side-row-top"><strong class="side-row-name">${request.action || t("side.requests.no_action")}</strong>
        <${Outcome} request=${request} /></span>
      <span class="side-row-line"><${Environment} name=${request.Environment} />
        ${request.DeliveryType && html` <span class="side-platform">${platformOf(t, request.DeliveryType)}</span>`}
        <${Signature} signature=${request.signature} />
        <time class="side-when" datetime=${request.at}>${exactIn(request.at, person)}</time>
        <${Took} request=${request} /></span>
      <span class="side-row-line side-mono">${request.about}</span>
      ${fault && html`<span class="side-row-line">${t("side.requests.fault", { fault })}</span>`}
    </button>
  </li>`;
}

function Took({ request }) {
  const { t } = useReader();
  if (request.finished) return html`<span>${t("side.requests.took", { milliseconds: Math.round(request.milliseconds ?? 0) })}</span>`;
  return html`<span class="side-under-way"><span class="side-spinner" aria-hidden="true"></span>
    <${UnderWay} request=${request} /></span>`;
}
