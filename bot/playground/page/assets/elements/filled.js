/* What a person filled in on this page: shown at once, told to the simulator in the order of the deeds, and forgotten as
   soon as the simulator's own picture of the view holds the same. Nothing is drawn here, and nothing is judged. */
import { act, targetOf } from "../core/api.js";

const STALE = 4000;
/* Milliseconds after which the simulator's picture is right, whatever was filled in here. */
const OPTION = ["selected_option"];
const OPTIONS = ["selected_options"];

/* Under which name the state of each kind of element holds its value, and by which name the element presets it. */
const NAMES = {
  plain_text_input: ["value", "initial_value"],
  email_text_input: ["value", "initial_value"],
  url_text_input: ["value", "initial_value"],
  number_input: ["value", "initial_value"],
  rich_text_input: ["rich_text_value", "initial_value"],
  static_select: [...OPTION, "initial_option"],
  external_select: [...OPTION, "initial_option"],
  radio_buttons: [...OPTION, "initial_option"],
  users_select: ["selected_user", "initial_user"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  channels_select: ["selected_channel", "initial_channel"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  multi_static_select: [...OPTIONS, "initial_options"],
  multi_external_select: [...OPTIONS, "initial_options"],
  checkboxes: [...OPTIONS, "initial_options"],
  multi_users_select: ["selected_users", "initial_users"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  multi_channels_select: ["selected_channels", "initial_channels"],
};

const forms = new Map();

/** Hear of every change of what is filled into a view or a message; returns the way to stop. */
export function listen(target, hear) {
  const form = formOf(target);
  form.listeners.add(hear);
  return () => form.listeners.delete(hear);
}

/** Return what an element holds: what was filled in here, else what the simulator knows, else what the bot preset. */
export function valueIn(place) {
  const entry = entryAt(place);
  return entry ? entry.value : known(place.target, place.block, place.element);
}

/** Return the part of a value that cannot be told yet, such as a day without its time of day; or null. */
export const halfIn = (place) => entryAt(place)?.half ?? null;

/** Say whether an element holds something that was not told yet. */
export const isUntold = (place) => entryAt(place)?.unsent ?? false;

/** Keep a value here, without telling it; `half` is a part of it that cannot be told yet. */
export function put(place, value, half = null) {
  const form = formOf(place.target);
  const name = nameOf(place);
  form.entries.set(name, { flights: [], ...form.entries.get(name), ...place, value, half, unsent: true });
  form.unmarked.set(place.block.block_id, place.target.errors?.[place.block.block_id]);
  delete form.problems[place.block.block_id];
  changed(form);
}

/** Forget what was put and not told. */
export function undo(place) {
  const form = formOf(place.target);
  form.entries.delete(nameOf(place));
  changed(form);
}

/** Tell the simulator what an element holds, after everything told before; returns the deed, throws Refused. */
export async function tell(place, { enter = false } = {}) {
  const form = formOf(place.target);
  const name = nameOf(place);
  if (!form.entries.has(name)) put(place, valueIn(place));
  const entry = form.entries.get(name);
  const flight = { value: entry.value };
  const seen = new Promise((see) => (flight.see = see));
  const done = form.turn.then(() => act(...deedOf({ ...entry, ...flight }, enter)));
  form.turn = Promise.race([done.catch(() => null), seen]);
  entry.unsent = false;
  entry.flights.push(flight);
  try {
    return await done;
  } catch (refusal) {
    if (isTyped(place.element)) entry.unsent = true;
    else form.entries.delete(name);
    throw refusal;
  } finally {
    landed(form, name, flight);
  }
}

/** Tell everything in a view or message that was typed and not told yet; `named` is as the control API names it. */
export async function tellAll(named) {
  const form = forms.get(keyOf(named));
  if (!form) return;
  for (const entry of form.entries.values()) if (entry.unsent) tell(entry).catch(() => null);
  await form.turn;
}

/** Take the sentences under the inputs of a view, as the answer to its submission brought them. */
export function complain(view, problems) {
  const form = formOf(view);
  form.problems = { ...problems };
  form.hash = view.hash;
  form.unmarked.clear();
  changed(form);
}

/** Return the sentences under the inputs by block id; one goes away as soon as its input is changed. */
export function complaintsIn(view) {
  const form = formOf(view);
  const bots = Object.entries(view.errors ?? {}).filter(([block, sentence]) => form.unmarked.get(block) !== sentence);
  return { ...Object.fromEntries(bots), ...(form.hash === view.hash ? form.problems : {}) };
}

/** Name the blocks of a view that are filled in by half; such a form is not submitted. */
export const halvesIn = (view) =>
  [...formOf(view).entries.values()].filter((entry) => entry.half).map((entry) => entry.block.block_id);

/** Forget what was typed into a view that is being closed: nobody wants to know it any more. */
export function abandon(view) {
  for (const entry of formOf(view).entries.values()) entry.unsent = false;
}

/** Compare with the simulator's picture: forget what it holds too, and what belongs to inputs or views that are gone. */
export function compare(views) {
  const open = new Map(views.map((view) => [view.id, view]));
  for (const [key, form] of forms) {
    if (!form.isView) continue;
    form.shown = open.get(key);
    for (const name of form.entries.keys()) rest(form, name);
    if (!form.shown && form.listeners.size === 0) forms.delete(key);
  }
}

/** Name a view or a message in one word. */
export const nameOfTarget = (target) => keyOf(targetOf(target));

const keyOf = (named) => (typeof named === "string" ? named : named && `${named.channel}:${named.ts}`);
const nameOf = ({ block, element }) => JSON.stringify([block.block_id, element.action_id]);
const entryAt = (place) => forms.get(nameOfTarget(place.target))?.entries.get(nameOf(place));
const isTyped = (element) => element.type.endsWith("_input");

function formOf(target) {
  const named = targetOf(target);
  const key = keyOf(named);
  if (!forms.has(key)) forms.set(key, emptyForm(typeof named === "string"));
  return forms.get(key);
}

const emptyForm = (isView) => ({
  isView,
  shown: undefined,
  entries: new Map(),
  listeners: new Set(),
  turn: Promise.resolve(),
  problems: {},
  hash: "",
  unmarked: new Map(),
});

function changed(form) {
  for (const hear of form.listeners) hear();
}

function known(target, block, element) {
  const [held, initial] = NAMES[element.type] ?? [];
  const state = target.state?.[block.block_id]?.[element.action_id];
  return (state ? state[held] : element[initial]) ?? null;
}

/** Choose the verb and the facts that tell a value. */
function deedOf({ target, block, element, user, value }, enter) {
  const facts = { user, target: targetOf(target), block_id: block.block_id, action_id: element.action_id };
  if (isTyped(element)) return ["type", { ...facts, text: value ?? "", enter }];
  const verb = NAMES[element.type][0].startsWith("selected_option") ? "choose" : "pick";
  return [verb, { ...facts, value: bare(value) }];
}

/** Reduce options to their values, which is how they are told and compared. */
const bare = (value) =>
  Array.isArray(value) ? value.map(bare) : typeof value?.value === "string" ? value.value : value || null;

const same = (one, other) => JSON.stringify(bare(one)) === JSON.stringify(bare(other));

function landed(form, name, flight) {
  const flights = form.entries.get(name)?.flights ?? [];
  if (flights.includes(flight)) flights.splice(flights.indexOf(flight), 1);
  rest(form, name);
  if (form.isView) setTimeout(() => rest(form, name, { late: true }), STALE);
  return changed(form);
}

/** Let an entry go, if the simulator's picture can stand for it. */
function rest(form, name, { late = false } = {}) {
  const entry = form.entries.get(name);
  if (!entry || !form.shown) return;
  const state = form.shown.state?.[entry.block.block_id]?.[entry.element.action_id];
  if (!state || state.type !== entry.element.type) return void form.entries.delete(name);
  const there = known(form.shown, entry.block, entry.element);
  for (const flight of entry.flights) if (same(flight.value, there)) flight.see();
  if (entry.unsent || entry.flights.length || entry.half) return;
  if (late || same(entry.value, there)) {
    form.entries.delete(name);
    changed(form);
  }
}
