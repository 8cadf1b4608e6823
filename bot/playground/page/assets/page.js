/* The page's beginning: who looks, what is known, and the frame that everything else hangs in. No rule of Slack here. */
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "htm/preact";
import { followLive } from "./core/api.js";
import { EMPTY, reduce } from "./core/state.js";
import { PageContext } from "./core/context.js";
import { languageFor, translate } from "./core/words.js";
import { preferences, rememberPreference } from "./core/preferences.js";
import { whoLooks } from "./core/address.js";
import { Frame } from "./frame.js";

function Page() {
  const [me, setMe] = useState(whoLooks);
  const [state, setState] = useState(EMPTY);
  const [chosen, setChosen] = useState(preferences);
  useEffect(() => {
    setState(EMPTY);
    return followLive(me, (events) => setState((before) => events.reduce(reduce, before)));
  }, [me]);
  const person = state.people.find((one) => one.id === me);
  const language = languageFor(chosen.language, person);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.documentElement.dataset.theme = chosen.theme;
  }, [language, chosen.theme]);
  const context = useMemo(
    () => ({
      state,
      me,
      person,
      language,
      preferences: chosen,
      t: (key, facts) => translate(language, key, facts),
      become: (id) => {
        history.pushState(null, "", `?as=${encodeURIComponent(id)}`);
        setMe(id);
      },
      prefer: (name, value) => setChosen(rememberPreference(name, value)),
    }),
    [state, me, person, language, chosen],
  );
  useEffect(() => {
    const back = () => setMe(whoLooks());
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  return html`<${PageContext.Provider} value=${context}><${Frame} key=${me} /><//>`;
}

const root = document.getElementById("page");
root.textContent = "";
render(html`<${Page} />`, root);
