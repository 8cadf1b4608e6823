/* The group of what runs: the bot's processes and its store, each with its button to kill it or to start it again. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useBackstage, useReader } from "../core/context.js";
import { Aftermath } from "./aftermath.js";
import { Failed, PressButton, Watch } from "./fault.js";
import { Group, Rows } from "./group.js";
import { usePress } from "./press.js";

/** Draw the group. */
export function Processes() {
  const { processes, store_alive: alive } = useBackstage();
  return html`<${Group} name="processes"><${Rows}>
    ${processes.map((one) => html`<${Running} key=${one.name} id=${one.name.replaceAll(" ", "-")} name=${one.name} role=${one.verb[0]}
      alive=${one.alive} how=${howItIs(one)} facts=${one}
      kill=${["kill", { name: one.name }]} start=${["revive", { name: one.name }]} />`)}
    <${Running} id="store" name="store" role="store" alive=${alive} how=${alive ? "runs" : "killed"} facts=${null}
      kill=${["kill_store", {}]} start=${["start_store", {}]} />
  <//><//>`;
}

function howItIs({ alive, ready = true, killed = true }) {
  if (alive) return ready ? "runs" : "starts";
  return killed ? "killed" : "ended";
}

function Running({ id, name, role, alive, how, facts, kill, start }) {
  const { t } = useReader();
  const pressed = usePress(`process-${id}`);
  const [chosen, choose] = useState("");
  const deed = pressed.busy ? chosen : alive ? "kill" : "start";
  const go = () => {
    choose(deed);
    pressed.run(...(deed === "kill" ? kill : start));
  };
  const words = `backstage.role.${["slack", "worker", "run", "store"].includes(role) ? role : "other"}`;
  return html`<li class="back-fault" data-process=${name}>
    <div class="back-fault-head">
      <span class="back-process-name">${role === "store" ? t("backstage.store") : name}</span>
      <span class="back-how" data-how=${how} role="status">${t(`backstage.how.${how}`)}</span>
      ${facts && html`<span class="back-process-facts">${factsInWords(facts, t)}</span>`}
      <${PressButton} id=${`${deed}-${id}`} busy=${pressed.busy} danger=${deed === "kill"} about=${`process-${id}-what`}
        onPress=${go}>${t(`backstage.${deed}${pressed.busy ? ".busy" : ""}`)}<//>
    </div>
    <p class="back-what" id=${`process-${id}-what`}>${t(words)} <${Watch}>${t(`${words}.${alive ? "kill" : "start"}`)}<//></p>
    <${Failed} sentence=${pressed.failure} />
    ${pressed.press && html`<${Aftermath} id=${`process-${id}`} press=${pressed.press} />`}
  </li>`;
}

function factsInWords({ pid, restarts }, t) {
  const started = restarts ? ` · ${t("backstage.restarts", { count: restarts })}` : "";
  return `${t("backstage.pid", { pid })}${started}`;
}
