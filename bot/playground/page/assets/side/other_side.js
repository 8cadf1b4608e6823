/* mPaaS's own console, as far as a newcomer needs it: one section at a time, and above all of them whether each push was
   executed once. What stands in a section is that section's module. */
import { html } from "htm/preact";
import { useMpaas, useReader } from "../core/context.js";
import { Requests } from "./requests.js";
import { Scheduled } from "./scheduled.js";
import { Once, Statistics } from "./statistics.js";
import { Tasks } from "./tasks.js";
import { Templates } from "./templates.js";

const SECTIONS = { tasks: Tasks, statistics: Statistics, scheduled: Scheduled, templates: Templates, requests: Requests };

/** Draw mPaaS's side of the playground. */
export function OtherSide() {
  const { t, preferences, prefer } = useReader();
  const mpaas = useMpaas();
  const chosen = Object.hasOwn(SECTIONS, preferences.mpaas?.section) ? preferences.mpaas.section : "tasks";
  const show = (section) => prefer("mpaas", (before) => ({ ...before, section }));
  return html`<section class="side-console" aria-label="mPaaS">
    <${Once} statistics=${mpaas.statistics} />
    <nav class="side-sections" aria-label=${t("side.sections")}>
      ${Object.keys(SECTIONS).map((name) => html`<${SectionButton} key=${name} name=${name} chosen=${chosen === name}
        number=${waiting(name, mpaas)} onChoose=${() => show(name)} />`)}
    </nav>
    <${Titled} key=${chosen} name=${chosen} mpaas=${mpaas} />
  </section>`;
}

function SectionButton({ name, chosen, number, onChoose }) {
  const { t } = useReader();
  return html`<button type="button" class="side-section-button" data-section=${name} aria-current=${chosen ? "true" : undefined}
    onClick=${onChoose}>${t(`side.section.${name}`)}${number > 0 && html` <span class="side-count">${number}</span>`}</button>`;
}

function Titled({ name, mpaas }) {
  const { t } = useReader();
  return html`<div class="side-section" data-shown=${name}>
    <h3 class="visually-hidden">${t(`side.section.${name}`)}</h3>
    <${SECTIONS[name]} mpaas=${mpaas} />
  </div>`;
}

/** What is under way in a section that is not looked at: pushes that wait, requests that hang. */
const waiting = (name, { scheduled, requests }) =>
  ({
    scheduled: scheduled.filter((push) => push.Executed < push.Total).length,
    requests: requests.filter((request) => !request.finished).length,
  })[name] ?? 0;
