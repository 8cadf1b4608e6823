/* Moments as the person who looks reads them: in their zone and their locale, against the simulated clock. */

const SHANGHAI = "Asia/Shanghai";

/** Where the day has 24 hours they have two digits each, as on a phone's lock screen: 02:11, but 2:11 AM. */
const hourIn = (locale) => (new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions().hour12 ? "numeric" : "2-digit");

/** Say the time of day: "18:04", "6:04 PM". */
export const clockIn = (at, { locale, tz }) =>
  said(at, locale, { hour: hourIn(locale), minute: "2-digit", timeZone: tz });

/** Say the time of day to the second. */
export const exactIn = (at, { locale, tz }) =>
  said(at, locale, { hour: hourIn(locale), minute: "2-digit", second: "2-digit", timeZone: tz });

/** Say the day: "Tuesday, 1 December". */
export const dayIn = (at, { locale, tz }) =>
  said(at, locale, { weekday: "long", month: "long", day: "numeric", timeZone: tz });

/** Say day and time, short. */
export const momentIn = (at, { locale, tz }) =>
  said(at, locale, { weekday: "short", month: "short", day: "numeric", hour: hourIn(locale), minute: "2-digit", timeZone: tz });

/** Say a moment as mPaaS's calendar has it: in Asia/Shanghai. */
export const momentInShanghai = (at, { locale }) => momentIn(at, { locale, tz: SHANGHAI });

/** Tell whether the person's clock shows the same as Shanghai's. */
export const livesInShanghaiTime = (person) => person.tz === SHANGHAI;

/** Say how long ago something was, as phones do; what is older than an hour is said by the clock, then by the day. */
export function since(at, now, person) {
  const minutes = Math.floor((now - new Date(at)) / 60_000);
  const words = new Intl.RelativeTimeFormat(person.locale, { numeric: "auto", style: "short" });
  if (minutes < 1) return words.format(0, "second");
  if (minutes < 60) return words.format(-minutes, "minute");
  return minutes < 24 * 60 ? clockIn(at, person) : momentIn(at, person);
}

function said(at, locale, how) {
  return new Intl.DateTimeFormat(locale, how).format(new Date(at));
}
