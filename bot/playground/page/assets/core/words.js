/* The page's own words, in English and Simplified Chinese. What the bot says is the bot's, and is shown as it came. */
import frame from "../words/frame.js";
import conversation from "../words/conversation.js";
import messages from "../words/messages.js";
import elements from "../words/elements.js";
import side from "../words/side.js";
import backstage from "../words/backstage.js";
import guide from "../words/guide.js";

const ALL = [frame, conversation, messages, elements, side, backstage, guide];

/** Every key with its sentence, by language ("en", "zh"). */
export const CATALOGUE = {
  en: Object.assign({}, ...ALL.map((one) => one.en)),
  zh: Object.assign({}, ...ALL.map((one) => one.zh)),
};

/** Choose the language: the one that was set, or the one of the person who looks. */
export function languageFor(chosen, person) {
  if (chosen === "en" || chosen === "zh") return chosen;
  return person?.locale.startsWith("zh") ? "zh" : "en";
}

/** Say a sentence; `{name}` is replaced by facts.name. A missing key is shown as it is, so that it is seen. */
export function translate(language, key, facts = {}) {
  const sentence = CATALOGUE[language]?.[key] ?? CATALOGUE.en[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}
