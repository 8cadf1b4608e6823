/* Where a tap on a notification would lead. Nothing is opened and nothing is counted. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { useReader } from "../core/context.js";
import { leadsTo } from "./arrival.js";

const ACTIVITY = 1;

/** Draw, over the phone's screen, what the app gets when a notification is tapped. */
export function Tapped({ arrived, app, onBack }) {
  const { t } = useReader();
  const { uri, action, parameters } = leadsTo(arrived.task);
  const button = useRef(null);
  useEffect(() => button.current?.focus(), []);
  return html`<div class="phone-tapped" role="dialog" aria-label=${t("side.tapped", { app })}>
    <p class="phone-tapped-head"><span class="phone-icon" aria-hidden="true">${[...app][0]}</span> ${t("side.tapped", { app })}</p>
    <p class="phone-tapped-kind">${t(uri ? "side.tap_address" : "side.tap_app")}</p>
    ${uri && html`<p class="phone-uri">${uri}</p>`}
    ${uri && action === ACTIVITY && html`<p class="phone-tapped-note">${t("side.tap_activity", { action })}</p>`}
    ${parameters.length > 0 && html`<p class="phone-tapped-kind">${t("side.tap_parameters")}</p><${Pairs} pairs=${parameters} />`}
    <p class="phone-tapped-note">${t("side.tap_nothing")}</p>
    <button type="button" ref=${button} class="phone-back" onClick=${onBack}>${t("side.tap_back")}</button>
  </div>`;
}

/** Draw names and their values. */
export const Pairs = ({ pairs }) => html`<dl class="phone-pairs">
  ${pairs.map(([name, value]) => html`<div key=${name}><dt>${name}</dt> <dd>${written(value)}</dd></div>`)}
</dl>`;

const written = (value) => (typeof value === "string" ? value : JSON.stringify(value));
