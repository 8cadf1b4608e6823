/* Three phones of the audience, and what mPaaS's pushes look like on them. Live pushes arrive on one set of phones, tests
   on another that looks different, because the two must never be confused. One phone is phone.js's. */
import { html } from "htm/preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { useMpaas, useReader } from "../core/context.js";
import { memo } from "../core/memo.js";
import { ANDROID, HARMONYOS, IOS } from "./limits.js";
import { Phone } from "./phone.js";

const PLATFORMS = [
  { name: "android", type: ANDROID, first: "own" },
  { name: "ios", type: IOS, first: "centre" },
  { name: "harmonyos", type: HARMONYOS, first: "harmonyos" },
];
const ENVIRONMENTS = ["live", "test"];

/** Draw the phones of one environment: the one that was chosen, or the one where the newest push arrived. */
export function Phones() {
  const { tasks } = useMpaas();
  return html`<${Row} tasks=${tasks} />`;
}

const Row = memo(({ tasks }) => {
  const { t } = useReader();
  const [chosen, choose] = useState({ environment: "", at: "" });
  const newest = tasks.at(-1);
  const environment = chosen.at === newest?.TaskId ? chosen.environment : (newest?.Environment ?? "live");
  const fresh = useFresh(tasks);
  const here = useMemo(() => tasks.filter((task) => task.Environment === environment), [tasks, environment]);
  return html`<section class="side-phones" aria-label=${t("frame.tab.phones")}>
    <${Environments} tasks=${tasks} chosen=${environment} onChoose=${(name) => choose({ environment: name, at: newest?.TaskId })} />
    <p class="side-lede">${t(here.length ? "side.phones.lede" : "side.phones.empty")}</p>
    <div class="side-phone-row">
      ${PLATFORMS.map((platform) => html`<${Phone} key=${`${environment}-${platform.name}`} platform=${platform}
        environment=${environment} tasks=${here} fresh=${fresh} />`)}
    </div>
  </section>`;
});

/** Remember which pushes were there when the phones were first looked at: only later ones arrive with a movement. */
function useFresh(tasks) {
  const before = useRef(new Set(tasks.map((task) => task.TaskId)));
  return (task) => !before.current.has(task.TaskId);
}

function Environments({ tasks, chosen, onChoose }) {
  const { t } = useReader();
  const count = (name) => tasks.filter((task) => task.Environment === name).length;
  return html`<div class="side-choice" role="group" aria-label=${t("side.phones.which")}>
    ${ENVIRONMENTS.map((name) => html`<button type="button" key=${name} class="side-choice-button" data-environment=${name}
      aria-pressed=${chosen === name} onClick=${() => onChoose(name)}>
        ${t(`side.phones.${name}`)}${count(name) > 0 && html` <span class="side-count">${count(name)}</span>`}
      </button>`)}
  </div>`;
}
