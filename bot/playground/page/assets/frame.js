/* The frame: where each part hangs, which place is looked at, and what a narrow window shows first. */
import { html } from "htm/preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { FrameContext, usePage } from "./core/context.js";
import { Sidebar } from "./slack/sidebar.js";
import { Conversation } from "./slack/conversation.js";
import { Thread } from "./slack/thread.js";
import { Home } from "./slack/home.js";
import { Modals } from "./elements/modals.js";
import { Phones } from "./side/phones.js";
import { OtherSide } from "./side/other_side.js";
import { Faults } from "./backstage/faults.js";
import { Log } from "./backstage/log.js";
import { Banner } from "./guide/banner.js";
import { Tour } from "./guide/tour.js";

const TABS = { phones: Phones, mpaas: OtherSide, faults: Faults, log: Log };
const GENERAL = "C0001GENERAL";

/** Draw the whole page for the person who looks. */
export function Frame() {
  const { state, t, me } = usePage();
  const [place, setPlace] = useState({ kind: "channel", id: GENERAL });
  const [thread, setThread] = useState(null);
  const [tab, showTab] = useState("phones");
  const [pane, showPane] = useState("chat");
  const [notice, notify] = useState("");
  const go = useCallback((to) => {
    setPlace(to);
    setThread(null);
    showPane("chat");
  }, []);
  const frame = useMemo(
    () => ({
      place,
      go,
      thread,
      openThread: (channel, ts) => setThread({ channel, ts }),
      closeThread: () => setThread(null),
      tab,
      showTab: (name) => {
        showTab(name);
        showPane("side");
      },
      pane,
      showPane,
      notice,
      notify,
    }),
    [place, go, thread, tab, pane, notice],
  );
  useEffect(() => keepToOwnPlaces(state, place, go), [state.channels, place]);
  if (!state.me) return html`<p class="frame-wait" role="status">${t("frame.connecting")}</p>`;
  return html`<${FrameContext.Provider} value=${frame}>
    <div class="frame" data-pane=${pane} data-person=${me}>
      <${Banner} />
      ${!state.connected && html`<p class="frame-lost" role="alert">${t("frame.lost")}</p>`}
      <${PaneSwitch} />
      <div class="frame-parts">
        <nav class="frame-sidebar" aria-label=${t("frame.channels")}><${Sidebar} /></nav>
        <main class="frame-chat" aria-label=${t("frame.chat")}>
          ${place.kind === "home" ? html`<${Home} />` : html`<${Conversation} key=${place.id} channelId=${place.id} />`}
          ${thread && html`<${Thread} key=${thread.ts} channelId=${thread.channel} ts=${thread.ts} />`}
        </main>
        <aside class="frame-side" aria-label=${t("frame.side")}><${Side} /></aside>
      </div>
      <${Modals} />
      <${Tour} />
      <p class="frame-notice" role="status" aria-live="polite">${notice}</p>
    </div>
  <//>`;
}

/** A channel that the person is not in is not looked at: go to the first of their own. */
function keepToOwnPlaces(state, place, go) {
  if (!state.me || place.kind === "home" || state.channels.some((one) => one.id === place.id)) return;
  if (state.channels.length) go({ kind: "channel", id: state.channels[0].id });
}

function PaneSwitch() {
  const { t } = usePage();
  return html`<${FrameContext.Consumer}>${({ pane, showPane }) => html`
    <div class="frame-panes" role="group" aria-label=${t("frame.chat")}>
      ${["channels", "chat", "side"].map((name) => html`<button
        type="button" key=${name} class="frame-pane" aria-pressed=${pane === name}
        onClick=${() => showPane(name)}>${t(`frame.${name}`)}</button>`)}
    </div>`}<//>`;
}

function Side() {
  const { t } = usePage();
  return html`<${FrameContext.Consumer}>${({ tab, showTab }) => html`
    <div class="side-tabs" role="tablist" aria-label=${t("frame.side")} onKeyDown=${(event) => moveTab(event, tab, showTab)}>
      ${Object.keys(TABS).map((name) => html`<button
        type="button" role="tab" key=${name} id=${`tab-${name}`} data-tab=${name} class="side-tab" aria-selected=${tab === name}
        aria-controls="side-panel" tabindex=${tab === name ? 0 : -1} onClick=${() => showTab(name)}>${t(`frame.tab.${name}`)}</button>`)}
    </div>
    <div id="side-panel" class="side-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0">
      ${html`<${TABS[tab]} />`}
    </div>`}<//>`;
}

function moveTab(event, tab, showTab) {
  const names = Object.keys(TABS);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = names[(names.indexOf(tab) + step + names.length) % names.length];
  showTab(next);
  document.getElementById(`tab-${next}`)?.focus();
}
