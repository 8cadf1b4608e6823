/* Moments in somebody's own locale and time zone. A formatter takes a browser milliseconds to make, so each is made once. */

const made = new Map();

/**
 * Write a Date as Intl.DateTimeFormat does, such as moment(now, "en-US", { timeZone: "Europe/Berlin", timeStyle: "short" }).
 * Give the options always in the same order, or as a constant: what is the same text is the same formatter.
 */
export function moment(date, locale, options) {
  const key = `${locale} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale, options));
  return made.get(key).format(date);
}
