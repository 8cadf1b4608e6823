/* What becomes of a text that somebody sends: a slash command to the bot, or a message to the channel, and what Slack says when
   it fails. What was typed is put back then, unless something else was typed meanwhile. */
import { useMemo, useRef } from "preact/hooks";
import { act, Refused } from "../core/api.js";
import { usePage } from "../core/context.js";
import { exactNow } from "../core/exact_clock.js";
import { addNote, spotOf } from "./notes.js";
import { asSent } from "./mentions.js";
import { draftIn, rememberSaid, setDraft } from "./said.js";
import { shelfOf, useShelf } from "./shelf.js";

const waiting = shelfOf(null);

/**
 * Return {pending, send(text), use(shortcut)} for a place: `pending` is {name, since} while the bot has not acknowledged
 * (`since` as by performance.now()), else null; `use` uses a global shortcut.
 */
export function useSending({ channelId, threadTs = null }) {
  const page = usePage();
  const latest = useRef(null);
  latest.current = page;
  const place = useMemo(() => ({ me: page.me, channelId, threadTs }), [page.me, channelId, threadTs]);
  const pending = useShelf(waiting, spotOf(place));
  return useMemo(
    () => ({
      pending,
      send: (text) => send(text, place, latest),
      use: ({ name, callback_id }) => attempt(place, latest, { name, deed: ["shortcut", { user: place.me, callback_id }] }),
    }),
    [pending, place],
  );
}

function send(typed, place, latest) {
  const { state, t } = latest.current;
  const text = typed.trimEnd();
  rememberSaid(place.me, text);
  setDraft(spotOf(place), "");
  const word = text.split(/\s/, 1)[0];
  const trouble = text.startsWith("/") && objectionTo(word, place, state.commands);
  if (trouble) return tell(t(`conversation.${trouble}`, { word }), place, latest, text);
  const who = { user: place.me, channel: place.channelId };
  if (text.startsWith("/")) return attempt(place, latest, { name: word, text, deed: ["command", { ...who, said: text }] });
  const thread = place.threadTs ? { thread_ts: place.threadTs } : {};
  return attempt(place, latest, { text, deed: ["say", { ...who, ...thread, text: asSent(text.trim(), state) }] });
}

/** Say what Slack's own client objects to before anything is sent: it knows the commands, and takes none in threads. */
function objectionTo(word, { threadTs }, commands) {
  if (!commands.some(({ command }) => command === word)) return "unknown_command";
  return threadTs ? "no_commands_in_threads" : "";
}

/** Do a deed; `name` is what is waited for, `text` is put back when it fails. */
async function attempt(place, latest, { name = "", text = "", deed }) {
  const spot = spotOf(place);
  if (name) waiting.put(spot, { name, since: performance.now() });
  const failure = await failureOf(deed);
  if (name) waiting.put(spot, null);
  if (failure) tell(failure, place, latest, text);
}

async function failureOf(deed) {
  try {
    return (await act(...deed)).failure;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.message;
  }
}

/** Let Slackbot say something, and put back what was typed. */
function tell(sentence, place, latest, text) {
  const { state } = latest.current;
  addNote(place, { text: sentence, now: exactNow(), after: state.messages[place.channelId]?.at(-1)?.ts });
  if (text && !draftIn(spotOf(place))) setDraft(spotOf(place), text);
}
