/* The page's beginning: who looks, what is known, and the frame that everything else hangs in. No rule of Slack here. */
import { render } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { followLive } from "./core/live.js";
import { EMPTY, reduce } from "./core/state.js";
import { alike } from "./core/memo.js";
import { BackstageContext, ClockContext, LogContext, MpaasContext, PageContext, ReaderContext } from "./core/context.js";
import { hearTime } from "./core/exact_clock.js";
import { languageFor, translate } from "./core/words.js";
import { followPreferences, preferences, rememberPreference } from "./core/preferences.js";
import { whereLooks, whoLooks, windowOf } from "./core/address.js";
import { Frame } from "./frame.js";

const FRAME = 16;
/* Milliseconds: what comes faster than the screen can show is drawn once. */
const BESIDE = new Set(["log", "mpaas", "backstage", "clock"]);
/* What stands beside the chat, and changes with nearly everything that happens. */
const SECOND = "2026-01-01T00:00:00".length;
/* So much of a moment's text tells the second. */
const LASTING = ["people", "groups", "channels", "bot", "team", "run", "connected", "commands", "shortcuts"];

function Page() {
  const { me, become, arrived } = useWhoLooks();
  const { log, mpaas, backstage, now, ...slack } = useLive(me);
  const reader = useReaderFacts(me, become, slack);
  const state = useSame(slack);
  const page = useMemo(() => ({ ...reader, state }), [reader, state]);
  const second = useMemo(() => new Date(now || 0), [now.slice(0, SECOND)]);
  const kept = useRef({ tab: "phones", pane: "chat" });
  const frame = useMemo(() => html`<${Frame} key=${me} arrived=${arrived} kept=${kept.current} />`, [me, arrived]);
  const given = [
    [ReaderContext, reader],
    [PageContext, page],
    [MpaasContext, mpaas],
    [BackstageContext, backstage],
    [LogContext, log],
    [ClockContext, second],
  ];
  return given.reduceRight((inner, [context, value]) => html`<${context.Provider} value=${value}>${inner}<//>`, frame);
}

/** Follow who looks: {me, become, arrived}; `arrived` tells whether this window was somebody else's before. */
function useWhoLooks() {
  const [{ me, arrived }, set] = useState(() => ({ me: whoLooks(), arrived: false }));
  const look = useCallback(() => {
    const id = whoLooks();
    set((before) => (before.me === id ? before : { me: id, arrived: true }));
  }, []);
  const become = useCallback((id) => {
    history.pushState(null, "", windowOf(id, whereLooks()));
    look();
  }, []);
  useEffect(() => {
    addEventListener("popstate", look);
    return () => removeEventListener("popstate", look);
  }, []);
  return { me, become, arrived };
}

/**
 * Follow what is so for a person. What happens in Slack is drawn at once, because somebody waits for it; what stands beside it is
 * gathered and drawn a moment later, however much of it comes.
 */
function useLive(me) {
  const [state, setState] = useState(EMPTY);
  useEffect(() => {
    const gathered = [];
    let timer = 0;
    const apply = (events) => events.length && setState((before) => events.reduce(reduce, before));
    const later = () => {
      timer = 0;
      apply(gathered.splice(0));
    };
    setState(EMPTY);
    const stop = followLive(me, (events) => {
      const told = events.findLast((one) => one.now);
      if (told) hearTime(told.now);
      if (events.some((one) => one.kind === "hello")) gathered.length = 0;
      apply(events.filter((one) => !BESIDE.has(one.kind)));
      gathered.push(...events.filter((one) => BESIDE.has(one.kind)));
      timer ||= setTimeout(later, FRAME);
    });
    return () => (clearTimeout(timer), stop());
  }, [me]);
  return state;
}

/** Gather what useReader() returns, and let the document follow the reader's language and theme. */
function useReaderFacts(me, become, state) {
  const [chosen, setChosen] = useState(preferences);
  const prefer = useCallback((name, value) => setChosen((before) => rememberPreference(before, name, value)), []);
  useEffect(() => followPreferences(setChosen), []);
  const person = state.people.find((one) => one.id === me);
  const language = languageFor(chosen.language, person);
  const t = useCallback((key, facts) => translate(language, key, facts), [language]);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.documentElement.dataset.theme = chosen.theme;
  }, [language, chosen.theme]);
  const lasting = Object.fromEntries(LASTING.map((name) => [name, state[name]]));
  return useSame({ me, person, language, preferences: chosen, t, become, prefer, ...lasting });
}

/** Return the object of before as long as its values are the same. */
function useSame(object) {
  const kept = useRef(object);
  if (!alike(kept.current, object)) kept.current = object;
  return kept.current;
}

const root = document.getElementById("page");
root.textContent = "";
render(html`<${Page} />`, root);
