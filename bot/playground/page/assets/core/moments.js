/* Moments and numbers in somebody's own locale and time zone. A browser takes longer to make a formatter than to draw a whole
   part of the page, so each is made once. */

const made = new Map();
const clocks = new Map();

/**
 * Return the formatter of a kind, such as formatter("NumberFormat", "en-US", { style: "percent" }).
 * Give the options always in the same order, or as a constant: what is the same text is the same formatter.
 */
export function formatter(kind, locale, options = {}) {
  const key = `${kind} ${locale} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new Intl[kind](locale, options));
  return made.get(key);
}

/** Write a Date as Intl.DateTimeFormat does, such as moment(now, "en-US", { timeZone: "Europe/Berlin", timeStyle: "short" }). */
export const moment = (date, locale, options) => formatter("DateTimeFormat", locale, options).format(date);

/** Say how the hours of a locale's clock are written: as in 2:11 AM, or with two digits, as in 02:11. */
export function hoursIn(locale) {
  const isHalved = () => formatter("DateTimeFormat", locale, { hour: "numeric" }).resolvedOptions().hour12;
  if (!clocks.has(locale)) clocks.set(locale, isHalved() ? "numeric" : "2-digit");
  return clocks.get(locale);
}
