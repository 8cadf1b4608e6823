/* What keys and typing do in the composer's field: completing, sending by Enter, going back by the Up arrow. */
import { useState } from "preact/hooks";
import { saidBy, setDraft } from "./said.js";
import { suggestionsFor } from "./suggestions.js";

const CLOSED = { open: false, caret: 0, at: 0 };

/**
 * Hold what happens in a field (a ref) whose text is the draft of `spot`. `known` is what can be named: the state.
 * Returns {items, at, choose, close, submit, onInput, onSelect, onKeyDown}; without items there is nothing to complete.
 */
export function useWriting({ spot, text, field, me, known, send }) {
  const [list, setList] = useState(CLOSED);
  const [recalledAt, setRecalledAt] = useState(-1);
  const { items, from } = list.open ? suggestionsFor(text, list.caret, known) : { items: [], from: 0 };
  const at = Math.min(list.at, items.length - 1);
  const close = () => setList(CLOSED);
  const put = (said, caret = said.length) => {
    setDraft(spot, said);
    requestAnimationFrame(() => (field.current?.focus(), field.current?.setSelectionRange(caret, caret)));
  };
  const choose = (item) => {
    close();
    put(text.slice(0, from) + item.insert + text.slice(list.caret), from + item.insert.length);
  };
  const submit = () => {
    close();
    setRecalledAt(-1);
    if (text.trim()) send(text);
    field.current?.focus();
  };
  const recall = (by) => {
    const all = saidBy(me);
    const to = recalledAt < 0 ? all.length - 1 : recalledAt + by;
    if (to < 0) return;
    setRecalledAt(to < all.length ? to : -1);
    put(all[to] ?? "");
  };
  const onInput = ({ target }) => {
    setDraft(spot, target.value);
    setRecalledAt(-1);
    setList({ open: true, caret: target.selectionStart, at: 0 });
  };
  const onSelect = ({ target }) => list.open && target.selectionStart !== list.caret && close();
  const onKeyDown = (event) => {
    const moveTo = (to) => setList({ ...list, at: to });
    const inList = items.length ? listKeys({ items, at, text, choose, close, moveTo }) : {};
    const deed = { ...fieldKeys({ text, isRecalled: recalledAt >= 0, submit, recall }), ...inList }[nameOf(event)];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
  return { items, at, choose, close, submit, onInput, onSelect, onKeyDown };
}

/** Name a key pressed alone; one that belongs to an input method, as for Chinese, is nobody else's. */
function nameOf(event) {
  const isWithAnother = event.shiftKey || event.altKey || event.ctrlKey || event.metaKey;
  return event.isComposing || isWithAnother ? "" : event.key;
}

/** The keys while a list is open. Enter on a command that is typed in full sends it, as in Slack. */
function listKeys({ items, at, text, choose, close, moveTo }) {
  const isWhole = items[at].insert.trimEnd() === text;
  return {
    ArrowDown: () => moveTo((at + 1) % items.length),
    ArrowUp: () => moveTo((at - 1 + items.length) % items.length),
    Tab: () => choose(items[at]),
    Escape: close,
    ...(isWhole ? {} : { Enter: () => choose(items[at]) }),
  };
}

/** The keys otherwise: Up in an empty field, or in one that holds what was recalled, goes back through what was said. */
function fieldKeys({ text, isRecalled, submit, recall }) {
  return {
    Enter: submit,
    ...(text === "" || isRecalled ? { ArrowUp: () => recall(-1) } : {}),
    ...(isRecalled ? { ArrowDown: () => recall(1) } : {}),
  };
}
