/* How much text each way to a device takes, and what becomes of more: the vendor's page, read a second time for this page,
   so that the bot's own reading is judged and not repeated. What a phone draws of it is not decided here. */

export const ANDROID = 1;
export const IOS = 2;
export const HARMONYOS = 7;
/* DeliveryType on the wire (help page 2871129). */

const MESSAGE_BYTES = 2048;
/* A whole message, on every Android channel and on iOS (help page 311229). */

const CUTS = "cuts";
const REFUSES = "refuses";
const OVERWRITTEN = "overwritten";
const GONE = "gone";
const UNKNOWN = "unknown";

const wayTo = (platform, id, { key = "", image = "", title, body, wide = 1, over, recall = UNKNOWN }) =>
  ({ platform, id, key, image, title, body, wide, over, recall });

/**
 * Every way to a device. `title` and `body` are limits in characters, or in Latin characters where `wide` is 2: there a
 * Chinese one counts as two. `over` says what becomes of more: the phone cuts it, or the vendor refuses the push after
 * mPaaS took it. Limits, counting and refusals: help page 311229. `key` names the vendor in the maps of a push (help
 * pages 436435, 2835878), `image` in a template's pictures (help page 2882067). `recall` is what becomes of a
 * notification that is revoked; unknown is where the page is silent (help page 260264).
 */
export const WAYS = [
  wayTo(ANDROID, "own", {}),
  wayTo(ANDROID, "xiaomi", { key: "xiaomi", image: "miuiUrl", title: 50, body: 128, over: REFUSES, recall: OVERWRITTEN }),
  wayTo(ANDROID, "huawei", { key: "hms", image: "hmsUrl", title: 40, body: 1024, over: REFUSES, recall: OVERWRITTEN }),
  wayTo(ANDROID, "oppo", { key: "oppo", image: "oppoUrl", title: 32, body: 200, over: REFUSES, recall: OVERWRITTEN }),
  wayTo(ANDROID, "vivo", { key: "vivo", title: 40, body: 100, wide: 2, over: REFUSES, recall: GONE }),
  wayTo(ANDROID, "honor", { key: "honor", image: "honorUrl", title: 60, body: 4096, wide: 2, over: REFUSES }),
  wayTo(ANDROID, "fcm", { key: "fcm" }),
  wayTo(IOS, "centre", { title: 40, body: 110, wide: 2, over: CUTS, recall: OVERWRITTEN }),
  wayTo(IOS, "banner", { title: 40, body: 62, wide: 2, over: CUTS, recall: OVERWRITTEN }),
  wayTo(HARMONYOS, "harmonyos", { key: "harmonyos", image: "harmonyosUrl", title: 60, body: 4096, wide: 2, over: REFUSES }),
];

/** Return the ways to the devices of a platform. */
export const waysOf = (platform) => WAYS.filter((one) => one.platform === platform);

/** Return a way by its id. */
export const wayOf = (id) => WAYS.find((one) => one.id === id);

const LETTERS_OF_THE_EAST =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const HALF_WIDTH = /[\uff61-\uffdc\uffe8-\uffee]/;
const EMOJI = /\p{Emoji_Presentation}/u;
const HALF_A_FLAG = /[\u{1f1e6}-\u{1f1ff}]/u;
/* What is drawn two columns wide counts as a Chinese character; the page says it of Chinese alone. */

/** Count a text as a way counts it. */
export const lengthOn = (way, text) => [...text].reduce((sum, letter) => sum + (isWide(letter) ? way.wide : 1), 0);

const isWide = (letter) =>
  EMOJI.test(letter) ? !HALF_A_FLAG.test(letter) : LETTERS_OF_THE_EAST.test(letter) && !HALF_WIDTH.test(letter);

const LETTERS = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cut a text where a limit is reached, never inside what people see as one character: {shown, hidden}. */
export function cut(way, text, limit) {
  if (limit === undefined || lengthOn(way, text) <= limit) return { shown: text, hidden: "" };
  let shown = "";
  let used = 0;
  for (const { segment } of LETTERS.segment(text)) {
    used += lengthOn(way, segment);
    if (used > limit) break;
    shown += segment;
  }
  return { shown, hidden: text.slice(shown.length) };
}

/**
 * Judge what a way does with a message {title, body, rest}: {title, body, faults}. Title and body are {shown, hidden};
 * without faults it is delivered. A fault is {part, length, limit}; a limit of 0 says that the part is empty.
 */
export function judge(way, { title, body, rest = "" }) {
  const cuts = way.over === CUTS;
  const whole = (text) => ({ shown: text, hidden: "" });
  return {
    title: cuts ? cut(way, title, way.title) : whole(title),
    body: cuts ? cut(way, body, way.body) : whole(body),
    faults: [
      ...(cuts ? [] : faultsOf(way, "title", title)),
      ...(cuts ? [] : faultsOf(way, "body", body)),
      ...tooBig(way, `${title}${body}${rest}`),
    ],
  };
}

function faultsOf(way, part, text) {
  if (way.over !== REFUSES) return [];
  const length = lengthOn(way, text);
  if (text.trim() === "") return [{ part, length, limit: 0 }];
  return length > way[part] ? [{ part, length, limit: way[part] }] : [];
}

function tooBig(way, message) {
  const length = new TextEncoder().encode(message).length;
  return way.platform !== HARMONYOS && length > MESSAGE_BYTES ? [{ part: "message", length, limit: MESSAGE_BYTES }] : [];
}
