/* The tab of the faults: everything that can be broken at a click, in groups, and what is broken now. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { ClockFaults } from "./clock_faults.js";
import { groupId } from "./group.js";
import { MpaasFaults } from "./mpaas_faults.js";
import { Planned } from "./planned.js";
import { Processes } from "./processes.js";
import { SlackFaults } from "./slack_faults.js";

const GROUPS = ["processes", "clock", "mpaas", "slack", "socket"];

/** Draw the tab. */
export function Faults() {
  const { t } = useReader();
  return html`<div class="back">
    <p class="back-intro">${t("backstage.intro")}</p>
    <div class="back-top">
      <nav class="back-jumps" aria-label=${t("backstage.groups")}>
        ${GROUPS.map((name) => html`<button type="button" key=${name} class="back-jump" onClick=${() => show(name)}>${t(`backstage.jump.${name}`)}</button>`)}
      </nav>
      <${Planned} />
    </div>
    <${Processes} />
    <${ClockFaults} />
    <${MpaasFaults} />
    <${SlackFaults} />
  </div>`;
}

/** Bring a group to the top, and the keyboard to its heading. */
function show(name) {
  const group = document.getElementById(groupId(name));
  group?.scrollIntoView({ block: "start", behavior: "smooth" });
  group?.querySelector("button")?.focus({ preventScroll: true });
}
