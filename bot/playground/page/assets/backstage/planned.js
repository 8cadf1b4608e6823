/* The strip above the groups: what is broken or planned to go wrong at this moment, each with its way back. */
import { html } from "htm/preact";
import { useBackstage, useReader } from "../core/context.js";
import { useDeed } from "../elements/deed.js";
import { orderedAs } from "./catalogue.js";
import { Failed } from "./fault.js";
import { forget } from "./kept.js";
import { LetGo } from "./mpaas_faults.js";

/** Draw the strip. */
export function Planned() {
  const { t } = useReader();
  const backstage = useBackstage();
  const deed = useDeed();
  const chips = chipsOf(backstage, t);
  const clear = async () => {
    if (deed.busy) return;
    await deed.run("clear_everything");
    chips.forEach(({ fault }) => fault && forget(fault));
  };
  return html`<section class="back-planned" aria-label=${t("backstage.planned")}>
    ${chips.length === 0
      ? !backstage.hanging && html`<p class="back-planned-none">${t("backstage.planned.none")}</p>`
      : html`<ul class="back-chips">${chips.map((chip) => html`<${Chip} key=${chip.key} chip=${chip} />`)}</ul>
        ${chips.some((chip) => chip.takeBack) && html`<button type="button" class="back-button" data-fault="clear-everything"
          aria-disabled=${deed.busy} onClick=${clear}>${t("backstage.clear")}</button>`}`}
    ${backstage.hanging > 0 && html`<${LetGo} />`}
    <${Failed} sentence=${deed.failure} />
  </section>`;
}

function Chip({ chip }) {
  const { t } = useReader();
  const deed = useDeed();
  const takeBack = async () => {
    if (deed.busy) return;
    await deed.run(...chip.takeBack);
    if (chip.fault) forget(chip.fault);
  };
  return html`<li class="back-chip" data-chip=${chip.name}>
    <span>${chip.words}</span>
    ${chip.takeBack && html`<button type="button" class="back-chip-x" aria-label=${t("backstage.take_back", { what: chip.words })}
      title=${t("backstage.take_back", { what: chip.words })} aria-disabled=${deed.busy} onClick=${takeBack}>
      <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2" stroke-linecap="round" /></svg>
    </button>`}
  </li>`;
}

/** List what is wrong at this moment: {key, name, words, takeBack: [verb, facts], fault}. */
function chipsOf(backstage, t) {
  const down = backstage.processes.filter((one) => !one.alive).map(({ name }) => ({ name: `down-${name}`, words: t("backstage.chip.down", { name }) }));
  const store = backstage.store_alive ? [] : [{ name: "down-store", words: t("backstage.chip.store") }];
  const refusing = backstage.refusing ? [{ name: "refusing", words: t("backstage.chip.refusing"), takeBack: ["behave", {}], fault: "mpaas-refuse" }] : [];
  const twice = backstage.event_twice ? [{ name: "twice", words: t("backstage.chip.twice", { count: backstage.event_twice }), takeBack: ["clear_faults", {}], fault: "slack-twice" }] : [];
  const mpaas = backstage.mpaas_faults.map((planned) => chipOf(planned, ["forget_misbehaviour", { fault: planned }], t));
  const slack = backstage.slack_faults.map((planned) => chipOf(planned, ["forget_fault", { plan_id: planned.id }], t));
  return [...down, ...store, ...refusing, ...mpaas, ...slack, ...twice].map((chip, at) => ({ key: `${chip.name}-${at}`, ...chip }));
}

function chipOf(planned, takeBack, t) {
  const fault = orderedAs(planned)?.id;
  const what = fault ? t(`backstage.${fault}`) : planned.kind;
  const calls = "method" in planned ? (planned.method === "*" ? t("backstage.method.any") : planned.method) : planned.action || t("backstage.calls.all");
  const key = planned.times === null ? "backstage.chip.always" : planned.times === 1 ? "backstage.chip.once" : "backstage.chip.times";
  return { name: fault ?? planned.kind, words: t(key, { what, calls, times: planned.times }), takeBack, fault };
}
