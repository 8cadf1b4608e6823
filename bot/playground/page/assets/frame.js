/* The frame: where each part hangs, and what it gives to all of them. What a part draws is the part's own business. */
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { memo } from "./core/memo.js";
import { FrameContext, useFrame, usePage, useReader } from "./core/context.js";
import { Sidebar } from "./slack/sidebar.js";
import { Conversation } from "./slack/conversation.js";
import { Thread } from "./slack/thread.js";
import { Home } from "./slack/home.js";
import { useUnread } from "./slack/unread.js";
import { Modals } from "./elements/modals.js";
import { Banner } from "./guide/banner.js";
import { Differences } from "./guide/differences.js";
import { Keys } from "./guide/keys.js";
import { Tour } from "./guide/tour.js";
import { Guarded } from "./frame/guarded.js";
import { Notice, useNotice } from "./frame/notice.js";
import { PaneSwitch } from "./frame/panes.js";
import { focusPlace, usePlace } from "./frame/place.js";
import { fitted, useWindowWidth } from "./frame/separator.js";
import { neighbour, useShortcuts } from "./frame/shortcuts.js";
import { Side } from "./frame/side.js";
import { SkipLinks } from "./frame/skip.js";
import { Switcher } from "./frame/switcher.js";
import { useTitle } from "./frame/title.js";
import { Waiting } from "./frame/nobody.js";

/** Draw the whole page for the person who looks; `arrived` when this window was somebody else's before. */
export function Frame({ arrived, kept }) {
  const { state, me } = usePage();
  return state.me === me ? html`<${Parts} arrived=${arrived} kept=${kept} />` : html`<${Waiting} />`;
}

/* Only what changes rarely is asked for here, so that a message is no reason to draw the parts that it does not concern. */
const Parts = memo(({ arrived, kept }) => {
  const { t, me, preferences, run, connected } = useReader();
  const frame = useFrameDeeds(kept);
  const { place, thread, pane, notice } = frame;
  useFocus(place, arrived, frame.notify);
  useNewRun(run, frame.notify);
  useShortcuts(useKeys(frame));
  useWindowWidth();
  const { open, width } = preferences.side;
  return html`<${FrameContext.Provider} value=${frame}>
    <div class="frame" data-pane=${pane} data-person=${me} data-side=${open ? "open" : "away"}>
      <${Title} place=${place} />
      <${SkipLinks} />
      <${Guarded} name=${t("frame.banner")}><${Banner} /><//>
      <p class="frame-lost" role="alert">${!connected && t("frame.lost")}</p>
      <${PaneSwitch} />
      <div class="frame-parts" style=${{ "--frame-side": `${fitted(width)}px` }}>
        <nav class="frame-sidebar" id="frame-sidebar" aria-label=${t("frame.channels")}>
          <${Guarded} name=${t("frame.channels")}><${Sidebar} /><//></nav>
        <main class="frame-chat" id="frame-chat" tabindex="-1" aria-label=${t("frame.chat")}><${Chat} place=${place} thread=${thread} /></main>
        <aside class="frame-side" id="frame-side" aria-label=${t("frame.side")}><${Side} /></aside>
      </div>
      <${Guarded} name=${t("frame.forms")}><${Modals} /><//>
      <${Guarded} name=${t("frame.tour")}><${Tour} /><//>
      <${Overlay} />
      <${Notice} notice=${notice} />
    </div>
  <//>`;
});

function Title({ place }) {
  useTitle(place, useUnread().total);
  return null;
}

function Chat({ place, thread }) {
  const { t } = useReader();
  const at = place.id ?? place.kind;
  return html`<${Guarded} key=${at} name=${t("frame.chat")}>
      ${place.kind === "home" ? html`<${Home} />` : html`<${Conversation} key=${at} channelId=${at} />`}<//>
    ${
      thread &&
      html`<${Guarded} key=${thread.ts} name=${t("frame.thread")}>
        <${Thread} key=${thread.ts} channelId=${thread.channel} ts=${thread.ts} /><//>`
    }`;
}

function Overlay() {
  const { overlay, showOverlay } = useFrame();
  const Shown = { switch: Switcher, help: Keys, differences: Differences }[overlay];
  return Shown && html`<${Shown} onDone=${() => showOverlay("")} />`;
}

/** Hold what the frame gives to all parts; its deeds stay the same functions. `kept` outlives a change of person. */
function useFrameDeeds(kept) {
  const { me, channels, prefer } = useReader();
  const [place, move] = usePlace(me, channels);
  const [thread, setThread] = useState(null);
  const [tab, setTab] = useState(kept.tab);
  const [pane, showPane] = useState(kept.pane);
  const [overlay, showOverlay] = useState("");
  const [notice, notify] = useNotice();
  useEffect(() => void Object.assign(kept, { tab, pane }), [tab, pane]);
  const deeds = useMemo(
    () => ({
      go: (to) => (move(to), setThread(null), showPane("chat")),
      openThread: (channel, ts) => (setThread({ channel, ts }), showPane("chat")),
      closeThread: () => setThread(null),
      showTab: (name) => (setTab(name), showPane("side"), prefer("side", (side) => ({ ...side, open: true }))),
      showPane,
      showOverlay,
      notify,
    }),
    [move],
  );
  return useMemo(
    () => ({ ...deeds, place, thread, tab, pane, overlay, notice }),
    [deeds, place, thread, tab, pane, overlay, notice],
  );
}

/** Say who somebody became, and take the focus along to every new place. */
function useFocus(place, arrived, notify) {
  const { t, person } = useReader();
  const before = useRef(place);
  useEffect(() => {
    if (!arrived) return;
    notify(t("frame.you_are", { name: person.real_name }));
    focusPlace();
  }, []);
  useEffect(() => {
    if (before.current !== place) focusPlace();
    before.current = place;
  }, [place]);
}

/** Say that the playground was started anew: what was before is gone. */
function useNewRun(run, notify) {
  const { t } = useReader();
  const before = useRef(run);
  useEffect(() => {
    if (before.current !== run) notify(t("frame.anew"));
    before.current = run;
  }, [run]);
}

function useKeys({ place, go, showOverlay }) {
  return useMemo(() => {
    const step = (by) => () => {
      const to = neighbour(place, by);
      if (to) go(to);
    };
    return { switch: () => showOverlay("switch"), help: () => showOverlay("help"), before: step(-1), after: step(1) };
  }, [place, go, showOverlay]);
}
