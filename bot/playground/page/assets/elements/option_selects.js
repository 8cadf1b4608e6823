/* Selects whose options the bot names: in the block itself, or in its answer to what is typed. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { act, targetOf } from "../core/api.js";
import { useReader } from "../core/context.js";
import { Text } from "../slack/text.js";
import { Chooser } from "./chooser.js";
import { DeedNote, outcome } from "./deed.js";
import { useHeld } from "./held.js";
import { wordsOf } from "./plain.js";

const PAUSE = 250;
/* Milliseconds without a key before an external select asks. */
const LETTERS = 3;
/* Letters before it asks, where min_query_length does not say. */

const shown = (option) => ({
  value: option.value,
  words: wordsOf(option.text),
  text: html`<${Text} text=${option.text} />`,
  description: option.description && html`<${Text} text=${option.description} />`,
  option,
});

/** Draw a static_select or multi_static_select. */
export function OptionSelect({ element, block, target, field }) {
  const groups = element.option_groups
    ? element.option_groups.map((group) => ({ label: wordsOf(group.label), options: group.options.map(shown) }))
    : [{ options: element.options.map(shown) }];
  return html`<${Held} ...${{ element, block, target, field, groups }} />`;
}

/** Draw an external_select or multi_external_select: every pause in typing asks the bot. */
export function ExternalSelect({ element, block, target, field }) {
  const { options, status, search } = useSearch({ element, block, target });
  const groups = [{ options: options.map(shown) }];
  return html`<${Held} ...${{ element, block, target, field, groups, status, onSearch: search }} />`;
}

/** Draw a select that holds options. */
function Held({ element, block, target, field, groups, status, onSearch }) {
  const { t } = useReader();
  const held = useHeld({ element, block, target });
  const many = element.type.startsWith("multi_");
  const chosen = many ? (held.value ?? []) : held.value ? [held.value] : [];
  const choose = (picked) => {
    const options = picked.map((one) => one.option);
    held.choose(many ? options : (options[0] ?? null));
  };
  const words = wordsOf(element.placeholder) || t(many ? "elements.choose_many" : "elements.choose");
  return html`<span class="el-held">
    <${Chooser} groups=${groups} chosen=${chosen.map(shown)} many=${many} max=${element.max_selected_items ?? Infinity}
      placeholder=${words} name=${words} status=${status} onSearch=${onSearch} onChoose=${choose} busy=${held.busy}
      clearable=${!many && Boolean(block.optional)} field=${field} action=${element.action_id} block=${block.block_id}
      focus=${element.focus_on_load} />
    <${DeedNote} deed=${held} />
  </span>`;
}

/** Ask for options one question at a time, the newest words last; search(null) stops asking. */
function useSearch({ element, block, target }) {
  const { me, t } = useReader();
  const [{ options, status }, set] = useState({ options: [], status: "" });
  const asking = useRef({ wanted: null, isUnder: false, pause: 0 });
  const least = element.min_query_length ?? LETTERS;
  useEffect(() => () => stop(asking.current), []);
  const search = (words) => {
    const state = asking.current;
    stop(state);
    if (words === null) return;
    if ([...words].length < least) {
      set({ options: [], status: t("elements.keep_typing", { count: least }) });
      return;
    }
    state.wanted = words;
    set((before) => ({ ...before, options: [], status: t("elements.loading") }));
    state.pause = setTimeout(ask, words ? PAUSE : 0);
  };
  const ask = async () => {
    const state = asking.current;
    if (state.isUnder || state.wanted === null) return;
    const words = state.wanted;
    clearTimeout(state.pause);
    state.isUnder = true;
    const facts = { user: me, target: targetOf(target), action_id: element.action_id, block_id: block.block_id, query: words };
    const deed = await outcome(() => act("load_options", facts));
    state.isUnder = false;
    if (state.wanted === words) set({ options: deed.options, status: deed.failure });
    else await ask();
  };
  return { options, status, search };
}

function stop(state) {
  clearTimeout(state.pause);
  state.wanted = null;
}
