/* The page's beginning: who looks, what is known, and the frame that everything else hangs in. No rule of Slack here. */
import { render } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { followLive } from "./core/live.js";
import { EMPTY, reduce } from "./core/state.js";
import { alike } from "./core/memo.js";
import { ClockContext, PageContext, ReaderContext } from "./core/context.js";
import { languageFor, translate } from "./core/words.js";
import { followPreferences, preferences, rememberPreference } from "./core/preferences.js";
import { whereLooks, whoLooks, windowOf } from "./core/address.js";
import { Frame } from "./frame.js";

const FRAME = 16;
/* Milliseconds: what comes faster than the screen can show is drawn once. */
const LASTING = ["people", "groups", "channels", "bot", "team", "commands", "shortcuts"];

function Page() {
  const { me, become, arrived } = useWhoLooks();
  const state = useLive(me);
  const reader = useReaderFacts(me, become, state);
  const still = useSame(state, ["now"]);
  const page = useMemo(() => ({ ...reader, state: still }), [reader, still]);
  const now = useMemo(() => new Date(state.now || 0), [state.now]);
  const kept = useRef({ tab: "phones", pane: "chat" });
  return html`<${ReaderContext.Provider} value=${reader}><${PageContext.Provider} value=${page}><${ClockContext.Provider}
    value=${now}><${Frame} key=${me} arrived=${arrived} kept=${kept.current} /><//><//><//>`;
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

/** Follow what is so for a person; all events that come within a frame are one change. */
function useLive(me) {
  const [state, setState] = useState(EMPTY);
  useEffect(() => {
    const gathered = [];
    let timer = 0;
    const apply = () => {
      timer = 0;
      const events = gathered.splice(0);
      setState((before) => events.reduce(reduce, before));
    };
    setState(EMPTY);
    const stop = followLive(me, (events) => {
      gathered.push(...events);
      timer ||= setTimeout(apply, FRAME);
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

/** Return the object of before as long as its values are the same; those that `but` names do not count. */
function useSame(object, but = []) {
  const kept = useRef(object);
  if (!alike(kept.current, object, but)) kept.current = object;
  return kept.current;
}

const root = document.getElementById("page");
root.textContent = "";
render(html`<${Page} />`, root);
