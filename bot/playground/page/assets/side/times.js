/* Moments as the person who looks reads them: in their zone and their locale, against the simulated clock. */
import { formatter, hoursIn, moment } from "../core/moments.js";

const SHANGHAI = "Asia/Shanghai";

/** Say the time of day: "18:04", "6:04 PM". */
export const clockIn = (at, { locale, tz }) =>
  said(at, locale, { hour: hoursIn(locale), minute: "2-digit", timeZone: tz });

/** Say the time of day to the second. */
export const exactIn = (at, { locale, tz }) =>
  said(at, locale, { hour: hoursIn(locale), minute: "2-digit", second: "2-digit", timeZone: tz });

/** Say the day: "Tuesday, 1 December". */
export const dayIn = (at, { locale, tz }) =>
  said(at, locale, { weekday: "long", month: "long", day: "numeric", timeZone: tz });

/** Say day and time, short. */
export const momentIn = (at, { locale, tz }) =>
  said(at, locale, { weekday: "short", month: "short", day: "numeric", hour: hoursIn(locale), minute: "2-digit", timeZone: tz });

/** Say a moment as mPaaS's calendar has it: in Asia/Shanghai. */
export const momentInShanghai = (at, { locale }) => momentIn(at, { locale, tz: SHANGHAI });

/** Tell whether the person's clock shows the same as Shanghai's. */
export const livesInShanghaiTime = (person) => person.tz === SHANGHAI;

/** Say how long ago something was, as phones do; what is older than an hour is said by the clock, then by the day. */
export function since(at, now, person) {
  const minutes = Math.floor((now - new Date(at)) / 60_000);
  const words = formatter("RelativeTimeFormat", person.locale, { numeric: "auto", style: "short" });
  if (minutes < 1) return words.format(0, "second");
  if (minutes < 60) return words.format(-minutes, "minute");
  return minutes < 24 * 60 ? clockIn(at, person) : momentIn(at, person);
}

const said = (at, locale, how) => moment(new Date(at), locale, how);
