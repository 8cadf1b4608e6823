/* What somebody is about to say, by place, and what they have said before: kept while the page is open. */
import { shelfOf, useShelf } from "./shelf.js";

const drafts = shelfOf("");
const recalled = shelfOf([]);
const REMEMBERED = 50;

/** Return what stands in the composer of a place. */
export const useDraft = (spot) => useShelf(drafts, spot);

/** Tell what stands in the composer of a place right now. */
export const draftIn = (spot) => drafts.get(spot);

/** Put a text into the composer of a place. */
export const setDraft = (spot, text) => drafts.put(spot, text);

/** Keep what a person said, for the Up arrow. */
export function rememberSaid(me, text) {
  const before = recalled.get(me).filter((one) => one !== text);
  recalled.put(me, [...before, text].slice(-REMEMBERED));
}

/** List what a person said, the newest last. */
export const saidBy = (me) => recalled.get(me);
