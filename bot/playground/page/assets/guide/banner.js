/* The line above everything: that this is not Slack, how the page is to be read, and whether the playground answers. */
import { html } from "htm/preact";
import { useFrame, useReader } from "../core/context.js";
import { Menu } from "../elements/menu.js";
import { Clock } from "./clock.js";
import { useRestart } from "./tour.js";

const LANGUAGES = ["person", "en", "zh"];
const THEMES = ["system", "light", "dark"];

/** Draw the banner. */
export function Banner() {
  const { t, connected } = useReader();
  const { showOverlay } = useFrame();
  return html`<header class="guide-banner">
    <p class="guide-honest"><strong>${t("guide.banner.not")}</strong>${" "}${t("guide.banner.simulation")}${" "}
      <button type="button" class="guide-link" data-part="differences" aria-haspopup="dialog"
        onClick=${() => showOverlay("differences")}>${t("guide.banner.differences")}</button></p>
    <div class="guide-tools">
      <span class=${`guide-connection ${connected ? "guide-on" : "guide-off"}`} data-connected=${connected}>
        <span>${t(connected ? "guide.connected" : "guide.disconnected")}</span></span>
      <${Clock} />
      <${TourButton} />
      <button type="button" class="guide-tool" data-part="keys" aria-haspopup="dialog" title=${t("guide.keys")} aria-label=${t("guide.keys")}
        onClick=${() => showOverlay("help")}><${Drawing} name="keys" /></button>
      <${Choice} name="language" values=${LANGUAGES} />
      <${Choice} name="theme" values=${THEMES} />
    </div>
  </header>`;
}

function TourButton() {
  const { t } = useReader();
  const restart = useRestart();
  return html`<button type="button" class="guide-tool guide-tool-worded" data-part="tour-restart" title=${t("guide.tour.restart")} onClick=${restart}>
    <${Drawing} name="tour" /><span>${t("guide.tour")}</span></button>`;
}

/** Draw a menu in which one value of a preference is chosen. */
function Choice({ name, values }) {
  const { t, preferences, prefer } = useReader();
  const items = values.map((value) => ({
    id: value,
    text: t(`guide.${name}.${value}`),
    selected: preferences[name] === value,
    attributes: { "data-choice": value, ...(value in SPOKEN ? { lang: SPOKEN[value] } : {}) },
  }));
  return html`<${Menu} label=${t(`guide.${name}`, { chosen: t(`guide.${name}.${preferences[name]}`) })} items=${items} align="end" className="guide-tool"
    attributes=${{ "data-part": name, title: t(`guide.${name}.title`) }} onChoose=${({ id }) => prefer(name, id)}><${Drawing} name=${name} /><//>`;
}

const SPOKEN = { en: "en", zh: "zh-CN" };

const PATHS = {
  tour: "M4 17V3.5h9.5L12 7l1.5 3.5H4",
  keys: "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7",
  language: "M2.5 10a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0zM2.5 10h15M10 2.5c-4.5 4.5-4.5 10.5 0 15 4.5-4.5 4.5-10.5 0-15z",
  theme: "M2.5 10a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0zM10 2.5v15M10 6h5.5M10 10h7.5M10 14h5.5",
};

const Drawing = ({ name }) => html`<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
  <path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" /></svg>`;
