/* The bot's own place: its Home tab, and the way to the messages with it. What stands on the tab is the bot's. */
import { html } from "htm/preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { act } from "../core/api.js";
import { useFrame, usePage } from "../core/context.js";
import { Avatar } from "./avatar.js";
import { Blocks } from "./blocks.js";

/** Draw the app's place for the reader; entering it tells the bot, as Slack does, which then draws their Home tab. */
export function Home() {
  const { state, t } = usePage();
  const [tab, showTab] = useState("home");
  const { bot } = state;
  return html`<section class="msg-home" aria-label=${bot.real_name}>
    <header class="msg-home-head">
      <${Avatar} id=${bot.id} size=${28} />
      <h1 class="msg-home-name">${bot.real_name}</h1>
    </header>
    <${Tabs} tab=${tab} showTab=${showTab} />
    <div id="msg-home-panel" class="msg-home-panel" role="tabpanel" aria-labelledby=${`msg-home-tab-${tab}`} tabindex="0">
      ${tab === "home"
        ? html`<${HomeTab} />`
        : html`<p class="msg-home-empty">${t("messages.home.no_messages", { bot: bot.real_name })}</p>`}
    </div>
  </section>`;
}

function Tabs({ tab, showTab }) {
  const { state, t } = usePage();
  const frame = useFrame();
  const direct = state.channels.find((one) => one.is_im && one.with === state.bot.id);
  const choose = (name) => (name === "messages" && direct ? frame.go({ kind: "channel", id: direct.id }) : showTab(name));
  const names = ["home", "messages"];
  const step = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    document.getElementById(`msg-home-tab-${names.find((name) => name !== event.target.dataset.homeTab)}`).focus();
  };
  return html`<div class="msg-home-tabs" role="tablist" aria-label=${state.bot.real_name} onKeyDown=${step}>
    ${names.map((name) => html`<button type="button" role="tab" key=${name} id=${`msg-home-tab-${name}`} data-home-tab=${name}
      class="msg-home-tab" aria-selected=${tab === name} aria-controls="msg-home-panel" tabindex=${tab === name ? 0 : -1}
      onClick=${() => choose(name)}>${t(`messages.home.${name}`)}</button>`)}
  </div>`;
}

/** Draw what the bot has published; before that, and when it is not told or does not hear, say what is the matter. */
function HomeTab() {
  const { state, t } = usePage();
  const { isAsking, trouble, enter } = useEntering();
  return html`
    ${trouble && html`<div class="msg-home-trouble" role="alert">
      <p>${trouble.sentence}</p>
      ${trouble.mayTryAgain && html`<button type="button" class="msg-home-again" onClick=${enter}>
        ${t("messages.home.again")}</button>`}
    </div>`}
    ${state.home && html`<${Blocks} blocks=${state.home.blocks} target=${state.home} />`}
    ${!state.home && !trouble && html`<p class="msg-home-empty" role="status">
      ${t(isAsking ? "messages.home.loading" : "messages.home.nothing")}</p>`}`;
}

/** Tell the bot that the tab is open, on entering and on demand: {isAsking, trouble: {sentence, mayTryAgain}, enter}. */
function useEntering() {
  const { me, t } = usePage();
  const [{ isAsking, trouble }, tell] = useState({ isAsking: true, trouble: null });
  const enter = useCallback(async () => {
    tell({ isAsking: true, trouble: null });
    try {
      const deed = await act("open_home", { user: me });
      const silent = { sentence: deed.failure || t("messages.home.silent"), mayTryAgain: true };
      tell({ isAsking: false, trouble: deed.acked ? null : silent });
    } catch (refused) {
      tell({ isAsking: false, trouble: { sentence: refused.message, mayTryAgain: false } });
    }
  }, [me]);
  useEffect(() => {
    enter();
  }, [enter]);
  return { isAsking, trouble, enter };
}
