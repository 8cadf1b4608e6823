/* The group of mPaaS's faults, and what to do about a request that hangs there. */
import { html } from "htm/preact";
import { useBackstage, useReader } from "../core/context.js";
import { useDeed } from "../elements/deed.js";
import { MPAAS_SORTED, mpaasFault } from "./catalogue.js";
import { Often, Segments, Select, timesOf } from "./choices.js";
import { Failed, Fault } from "./fault.js";
import { Group, Rows } from "./group.js";
import { useChoice } from "./kept.js";
import { usePress } from "./press.js";

/** Draw the group. */
export function MpaasFaults() {
  const { t } = useReader();
  const [calls, setCalls] = useChoice("mpaas-calls", "push");
  const [often, setOften] = useChoice("mpaas-often", "once");
  const choices = html`
    <${Segments} label=${t("backstage.calls")} name="mpaas-calls" value=${calls} onChoose=${setCalls}
      options=${["push", "all"].map((value) => ({ value, label: t(`backstage.calls.${value}`) }))} />
    <${Often} name="mpaas-often" value=${often} onChoose=${setOften} />`;
  return html`<${Group} name="mpaas" choices=${choices}>
    ${Object.entries(MPAAS_SORTED).map(([sort, faults]) => html`<${Rows} key=${sort} title=${t(`backstage.mpaas.${sort}`)}>
      ${faults.map((fault) => html`<${MpaasFault} key=${fault.id} fault=${fault} calls=${calls} often=${often} />`)}<//>`)}
  <//>`;
}

function MpaasFault({ fault, calls, often }) {
  const { t } = useReader();
  const [chosen, choose] = useChoice(fault.id, fault.choose?.among[0]);
  const pressed = usePress(fault.id);
  const words = `backstage.${fault.id}`;
  const about = fault.choose ? `.${chosen}` : "";
  return html`<${Fault} id=${fault.id} pressed=${pressed} title=${t(words)} what=${t(`${words}.what${about}`)}
    watch=${t(`${words}.watch${about}`)} waiting=${t(fault.own ? "backstage.waiting.own" : `backstage.waiting.${calls}`)}
    onPress=${() => pressed.run("misbehave", mpaasFault(fault, { calls, times: timesOf(often), chosen }))}
    choice=${fault.choose && html`<${Select} label=${t("backstage.code")} name=${fault.id} value=${chosen} hideLabel
      options=${fault.choose.among.map((value) => ({ value, label: value }))} onChoose=${choose} />`} />`;
}

/** Draw what can be done about requests that hang at mPaaS. */
export function LetGo() {
  const { t } = useReader();
  const { hanging } = useBackstage();
  const deed = useDeed();
  const go = (execute) => !deed.busy && deed.run("let_go", { execute });
  return html`<div class="back-let-go">
    <p>${t("backstage.hanging", { count: hanging })}</p>
    <button type="button" class="back-button" data-fault="let-go" aria-disabled=${deed.busy} onClick=${() => go(true)}>${t("backstage.let_go")}</button>
    <button type="button" class="back-button" data-fault="let-drop" aria-disabled=${deed.busy} onClick=${() => go(false)}>${t("backstage.let_drop")}</button>
    <${Failed} sentence=${deed.failure} />
  </div>`;
}
