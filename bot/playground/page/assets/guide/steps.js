/* The six steps of the tour as pure functions of what is so in the world: what to say next, where to press, and whether the
   step is done. Nothing is drawn or remembered here.

   The world: {me, person, place, tab, views, messages, bot, channels, faults, since, later, marks}. `tab` is the side's tab that
   is seen now, if any; `views` are the callback ids of the open forms, the topmost last; `since` and `later` are moments (as `ts`) before which cards do not count;
   `marks` are the names of steps whose `mark` has come true.

   A hint: {say, facts, at, where, offer}. `say` is a key of the words; `at` lists selectors, the first one seen is ringed;
   `where` is what has to be looked at for that: {place}, {tab} or {pane}; `offer` is a deed that the tour does for you. */
import { newestCard } from "./cards.js";

const ANA = "U01ANA";
const BO = "U02BO";
const APPROVERS = [BO, "U03CHEN"];
const GENERAL = "C0001GENERAL";
const MOVED_ON = ["veto", "sending", "sent", "unknown"];

/** What the tour types for Ana. */
export const COMMAND =
  "/broadcast outage city=Berlin time=18:00 --target live --to android,ios --audience attached --within 60d --expires 3h";

const top = (world) => world.views.at(-1);
const isAt = (world, id) => world.place.kind === "channel" && world.place.id === id;
const inForm = (name, part) => `[data-view="${name}"] ${part}`;
const onCard = (card, part) => `[data-ts="${card.ts}"] ${part}`;

function become(id, key) {
  return { say: key, at: [`[data-person="${id}"]`, '[data-part="people"]'], where: { pane: "channels" }, offer: { become: id } };
}

function lookAt(world, channel, key) {
  const name = world.channels.find((one) => one.id === channel)?.name ?? "";
  return {
    say: key,
    facts: { channel: name },
    at: [`#frame-sidebar [data-channel="${channel}"]`],
    where: { place: { kind: "channel", id: channel } },
  };
}

/** What lies open is closed before the next thing can be pressed. */
const closeFirst = (world) => ({
  say: top(world) === "submitted" ? "close.submitted" : "close",
  at: [inForm(top(world), '[data-part="close"]')],
});

/** The field of the form, and its button as soon as something stands in the field. */
const TYPING = [
  '[data-view="approve_form"]:has(input:not(:placeholder-shown)) [data-part="submit"]',
  '[data-view="approve_form"] [data-block^="typed_target"] input',
  '[data-view="approve_form"] [data-part="submit"]',
];

/** How Ana comes to the preview. */
function asking(world) {
  if (world.me !== ANA) return become(ANA, "ask.become");
  if (top(world) === "request_form") return { say: "ask.form", at: [inForm("request_form", '[data-part="submit"]')] };
  if (top(world)) return closeFirst(world);
  if (!isAt(world, GENERAL)) return lookAt(world, GENERAL, "ask.place");
  return { say: "ask.type", at: ['[data-part="composer"]'], where: { pane: "chat" }, offer: { type: COMMAND } };
}

function previewing(world) {
  if (top(world) === "preview") return { say: "preview.look", at: [inForm("preview", '[data-part="submit"]')] };
  return { ...asking(world), say: "preview.gone" };
}

/** How somebody comes before the card with nothing on top of it. */
function before(world, card) {
  if (top(world)) return closeFirst(world);
  if (!isAt(world, card.channel)) return lookAt(world, card.channel, "card.place");
  return null;
}

function refusing(world, card) {
  if (!card) return previewing(world);
  if (world.me !== ANA) return become(ANA, "refuse.become");
  if (top(world) === "error") return { say: "refuse.said", at: [inForm("error", '[data-part="close"]')] };
  return before(world, card) ?? press(card, "approve", "refuse.press");
}

function approving(world, card) {
  if (!card) return previewing(world);
  if (MOVED_ON.includes(card.stage)) return before(world, card) ?? press(card, "show_details", "approve.done");
  if (card.stage !== "pending") return finished(card);
  if (!APPROVERS.includes(world.me)) return top(world) ? closeFirst(world) : become(BO, "approve.become");
  if (top(world) === "approve_form") return { say: "approve.type", at: TYPING };
  return before(world, card) ?? press(card, "approve", "approve.press");
}

function watching(world, card) {
  if (!card || ["pending", "over", "changes"].includes(card.stage)) return card ? finished(card) : previewing(world);
  if (card.stage === "veto") return before(world, card) ?? press(card, "stop", "watch.veto");
  if (card.stage === "sending") return before(world, card) ?? press(card, "show_details", "watch.sending");
  if (card.stage === "unknown") return before(world, card) ?? press(card, "settle", "break.unknown");
  if (world.tab === "mpaas") return { say: "watch.mpaas", at: ["#side-panel"], where: { tab: "mpaas" } };
  if (world.tab === "phones") return { say: "watch.phones", at: ['[data-tab="mpaas"]'], where: { tab: "mpaas" } };
  return { say: "watch.sent", at: ['[data-tab="phones"]'], where: { tab: "phones" } };
}

function breaking(world, card) {
  if (card?.stage === "unknown") return before(world, card) ?? press(card, "settle", "break.unknown");
  if (!card && !isLossPlanned(world)) return planning(world);
  if (!card) return top(world) === "preview" ? previewing(world) : { ...asking(world), say: askAgain(world) };
  if (card.stage === "pending") return approving(world, card);
  return card.stage === "veto" || card.stage === "sending" ? watching(world, card) : finished(card);
}

function planning(world) {
  if (top(world)) return closeFirst(world);
  if (world.tab !== "faults") return { say: "break.open", at: ['[data-tab="faults"]'], where: { tab: "faults" } };
  return { say: "break.press", at: ['[data-fault="mpaas-lost"]'], where: { tab: "faults" } };
}

const askAgain = (world) => (asking(world).say === "ask.type" ? "break.type" : asking(world).say);

/** Tell whether mPaaS will execute the next push and lose its answer. */
function isLossPlanned({ faults }) {
  return faults.some((one) => one.when === "after" && ["", "PushBroadcast"].includes(one.action));
}

const press = (card, action, key) => ({
  say: key,
  at: [onCard(card, `[data-action="${action}"]`), `[data-ts="${card.ts}"]`],
  where: { pane: "chat" },
});

/** What is said of a request that came to another end than the tour waits for. */
const finished = (card) => ({ say: card.stage === "pending" ? "watch.wait" : `over.${card.stage}`, at: [], offer: { again: true } });

const first = (world) => newestCard(world, world.since);
const second = (world) => newestCard(world, world.later);

/** The steps in their order: {name, hint(world), done(world), mark(world)?}. */
export const STEPS = [
  { name: "ask", hint: asking, done: (world) => top(world) === "preview" || Boolean(first(world)) },
  { name: "preview", hint: previewing, done: (world) => Boolean(first(world)) },
  {
    name: "refuse",
    hint: (world) => refusing(world, first(world)),
    mark: (world) => world.me === ANA && top(world) === "error" && first(world)?.stage === "pending",
    done: (world) => (world.marks.includes("refuse") && !top(world)) || MOVED_ON.includes(first(world)?.stage),
  },
  {
    name: "approve",
    hint: (world) => approving(world, first(world)),
    done: (world) => MOVED_ON.includes(first(world)?.stage),
  },
  { name: "watch", hint: (world) => watching(world, first(world)), done: (world) => first(world)?.stage === "sent" && world.tab === "faults" },
  { name: "break", hint: (world) => breaking(world, second(world)), done: () => false },
];
