/* The group of Slack's faults: the bot's calls that go wrong, and the way from Slack to the bot. */
import { html } from "htm/preact";
import { useBackstage, useReader } from "../core/context.js";
import { METHODS, SLACK, SOCKET, slackFault } from "./catalogue.js";
import { Often, Select, timesOf } from "./choices.js";
import { Fault } from "./fault.js";
import { Group, Rows } from "./group.js";
import { useChoice } from "./kept.js";
import { usePress } from "./press.js";

/** Draw the group. */
export function SlackFaults() {
  const { t } = useReader();
  const [method, setMethod] = useChoice("slack-method", METHODS[0]);
  const [often, setOften] = useChoice("slack-often", "once");
  const options = METHODS.map((value) => ({ value, label: value === "*" ? t("backstage.method.any") : value }));
  const choices = html`<${Select} label=${t("backstage.method")} name="slack-method" value=${method} options=${options} onChoose=${setMethod} />
    <${Often} name="slack-often" value=${often} onChoose=${setOften} />`;
  return html`<${Group} name="slack" choices=${choices}>
      <${Rows}>${SLACK.map((fault) => html`<${SlackFault} key=${fault.id} fault=${fault} method=${method} often=${often} />`)}<//>
    <//>
    <${Group} name="socket"><${Rows}>${SOCKET.map((fault) => html`<${SocketFault} key=${fault.id} fault=${fault} />`)}<//><//>`;
}

function SlackFault({ fault, method, often }) {
  const { t } = useReader();
  const [chosen, choose] = useChoice(fault.id, fault.choose?.among[0]);
  const pressed = usePress(fault.id);
  const words = `backstage.${fault.id}`;
  const name = method === "*" ? t("backstage.method.any") : method;
  const seconds = fault.choose?.name === "seconds";
  const options = fault.choose?.among.map((value) => ({ value, label: seconds ? t("backstage.unit.s", { count: value }) : value }));
  return html`<${Fault} id=${fault.id} pressed=${pressed} title=${t(words)} what=${t(`${words}.what`, { chosen })}
    watch=${t(`${words}.watch.${sortOf(method)}`, { chosen })}
    waiting=${t("backstage.waiting.slack", { method: name })}
    onPress=${() => pressed.run("fault", slackFault(fault, { method, times: timesOf(often), chosen }))}
    choice=${options && html`<${Select} label=${t(seconds ? "backstage.retry_after" : "backstage.code")} name=${fault.id} value=${chosen} hideLabel
      options=${options} onChoose=${choose} />`} />`;
}

function SocketFault({ fault }) {
  const { t } = useReader();
  const { sockets } = useBackstage();
  const pressed = usePress(fault.id);
  const words = `backstage.${fault.id}`;
  const none = fault.id !== "slack-twice" && pressed.press?.result === 0;
  return html`<${Fault} id=${fault.id} pressed=${pressed} title=${t(words)} what=${t(`${words}.what`)} watch=${t(`${words}.watch`)}
    waiting=${t("backstage.waiting.event")} atOnce=${fault.id !== "slack-twice"} onPress=${() => pressed.run(fault.verb, {})}>
    ${none && html`<p class="back-what">${t("backstage.no_socket")}</p>`}
    ${fault.id === "slack-drop" && html`<p class="back-what">${t("backstage.sockets", { count: sockets })}</p>`}
  <//>`;
}

/** What follows a fault depends on whether something is posted, changed or opened. */
function sortOf(method) {
  if (method.startsWith("views.")) return "views";
  return method === "chat.update" ? "update" : "chat";
}
