/* What a step of the clock would pass at present: the moments that the bot wrote into its messages, and the pushes that
   mPaaS has in its calendar. Values in, values out. */

const MOMENT = /^\*([^*\n]+)\*\n<!date\^(\d+)\^/;
const REQUEST = /^([0-9A-Z]{4}-[0-9A-Z]{4}) · /;
const RESPONSE_URLS = 30 * 60;

/** List the moments to come, earliest first: {at, label, about} in milliseconds; label null: a push of mPaaS is due. */
export function momentsAhead({ messages, bot, mpaas }, now) {
  const written = Object.values(messages).flat().filter((message) => message.user === bot.id).flatMap(writtenIn);
  const planned = mpaas.scheduled.filter((one) => one.ExecutedStatus === "0").map((one) => ({
    at: Date.parse(one.PushAt),
    label: null,
    about: one.TaskName,
  }));
  const all = [...written, ...planned].filter(({ at }) => at > now);
  return all.sort((one, other) => one.at - other.at);
}

/** Choose those that a step to `to` passes and one to `from` does not; both are seconds from now on. */
export const passed = (moments, { now, from, to }) =>
  moments.filter(({ at }) => at > now + from * 1000 && at <= now + to * 1000);

/** Tell whether the response URLs that were handed out until now die on the way. */
export const endsResponseUrls = (seconds) => seconds > RESPONSE_URLS;

/** Read the labelled times of a card: fields such as "*Approve until*" with a date that Slack writes out. */
function writtenIn({ blocks }) {
  const texts = (blocks ?? []).flatMap((block) => block.elements ?? []).map((element) => element.text);
  const about = texts.map((text) => typeof text === "string" && REQUEST.exec(text)?.[1]).find(Boolean);
  if (!about) return [];
  const found = (blocks ?? []).flatMap((block) => block.fields ?? []).map(({ text }) => MOMENT.exec(text));
  return found.filter(Boolean).map(([, label, seconds]) => ({ at: Number(seconds) * 1000, label, about }));
}
