/* The guided tour: what to press next, said beside it. The steps are steps.js's, how far one is progress.js's. */
import { render } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { useBackstage, useFrame, usePage, useReader } from "../core/context.js";
import { exactNow } from "../core/exact_clock.js";
import { useSideSeen } from "../frame/side.js";
import { afterDrawing } from "../frame/skip.js";
import { Box } from "./box.js";
import { asTs } from "./cards.js";
import { anew, begun, followed, isLast, moved } from "./progress.js";
import { bringIntoView, followSpot, makeHost } from "./spot.js";
import { STEPS } from "./steps.js";

/** Draw the tour, unless it was dismissed; in a new run of the playground it begins at the first step. */
export function Tour() {
  const { run, preferences, prefer } = useReader();
  const { progress } = preferences;
  const isShown = preferences.tour === "open";
  const isOld = progress.run !== run;
  useEffect(() => {
    if (isShown && isOld) prefer("progress", begun(run, momentAsTs()));
  }, [isShown, isOld]);
  return isShown && !isOld && html`<${Walk} progress=${progress} />`;
}

/** Return the way to show the tour again, from its first step. */
export function useRestart() {
  const { run, prefer } = useReader();
  return () => {
    prefer("progress", begun(run, momentAsTs()));
    prefer("tour", "open");
  };
}

function Walk({ progress }) {
  const { t, people, prefer } = useReader();
  const world = useWorld(progress);
  const step = STEPS[progress.step];
  const hint = step.hint(world);
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    const next = followed(progress, world, momentAsTs());
    if (next !== progress) prefer("progress", next);
  });
  const box = useBox(hint, setSeen);
  const { offer, show } = useDeeds(hint);
  const words = {
    label: t("guide.tour"),
    count: t("guide.tour.count", { at: progress.step + 1, of: STEPS.length }),
    title: t(`guide.step.${step.name}`),
    text: t(`guide.say.${hint.say}`, hint.facts),
    dismiss: t("guide.tour.dismiss"),
    back: t("guide.tour.back"),
    next: t(isLast(progress) ? "guide.tour.end" : "guide.tour.next"),
    show: t("guide.tour.show"),
    offer: hint.offer && offerWords(hint.offer, { t, people }),
  };
  const to = (at) => () => prefer("progress", moved(progress, at, momentAsTs()));
  const end = () => prefer("tour", "dismissed");
  box(html`<${Box} say=${hint.say} words=${words} offer=${hint.offer ? offer : null} show=${hint.where && !seen ? show : null}
    back=${progress.step > 0 ? to(progress.step - 1) : null} next=${isLast(progress) ? end : to(progress.step + 1)} dismiss=${end} />`);
  return null;
}

/** Say what the time is, so that cards before it do not count. */
const momentAsTs = () => asTs(exactNow());

/** Gather what the steps look at. */
function useWorld({ since, later, marks }) {
  const { state, me } = usePage();
  const { place, tab } = useFrame();
  const isSideSeen = useSideSeen();
  return {
    me,
    place,
    tab: isSideSeen ? tab : "",
    bot: state.bot,
    channels: state.channels,
    messages: state.messages,
    views: state.views.map((one) => one.callback_id),
    faults: useBackstage().mpaas_faults,
    since,
    later,
    marks,
  };
}

function offerWords(offer, { t, people }) {
  const name = people.find((one) => one.id === offer.become)?.real_name.split(" ")[0] ?? "";
  return t(`guide.offer.${Object.keys(offer)[0]}`, { name });
}

/** Return the way to draw into the tour's own host, which follows what the hint points at. */
function useBox(hint, onSeen) {
  const host = useRef(null);
  host.current ??= makeHost();
  const drawn = useRef(null);
  useLayoutEffect(() => render(drawn.current, host.current));
  useLayoutEffect(
    () => () => {
      render(null, host.current);
      host.current.remove();
    },
    [],
  );
  const at = hint.at.join("\n");
  // Before anything is painted: under new words, neither the old ring nor the old offer to show it must be seen or pressed.
  useLayoutEffect(() => followSpot(host.current, hint.at, onSeen), [at, hint.say]);
  return (vnode) => (drawn.current = vnode);
}

/** Say what the tour does for somebody: its offer, and to look where there is something to press. */
function useDeeds(hint) {
  const { become, prefer } = useReader();
  const { go, showTab, showPane } = useFrame();
  const show = () => {
    const { place, tab, pane } = hint.where;
    if (place) go(place);
    if (tab) showTab(tab);
    if (pane) showPane(pane);
    afterDrawing(() => bringIntoView(hint.at));
  };
  const deeds = {
    become,
    again: () => prefer("progress", (progress) => anew(progress, momentAsTs())),
    type: (words) => {
      showPane("chat");
      afterDrawing(() => typeFor(words));
    },
  };
  const offer = () => Object.entries(hint.offer).forEach(([name, fact]) => deeds[name](fact));
  return { offer, show };
}

/** Put words into the composer as if they were typed, and leave the caret behind them. */
function typeFor(words) {
  const composer = document.querySelector('#frame-chat [data-part="composer"]');
  if (!composer) return;
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(composer), "value");
  set.call(composer, words);
  composer.dispatchEvent(new Event("input", { bubbles: true }));
  composer.focus();
  composer.setSelectionRange(words.length, words.length);
}
