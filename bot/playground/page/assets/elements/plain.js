/* Text objects as mere words, for the places of a browser that hold no drawn text: fields, placeholders, names. */
import { plainText } from "../slack/text.js";

/** Return the words of a plain text object, emoji where it allows them; none for none. */
export const wordsOf = (text) => plainText(text, {});
