/* Times of day and dates as somebody reads them: in their own time zone and locale, never this machine's, and against the
   simulated clock. Values in, words out; which moment stands where is decided elsewhere. */
import { formatter as made, hoursIn } from "../core/moments.js";

const DAY = 86_400_000;
const HALF_A_YEAR = 182.5 * DAY;
/* Slack leaves the year out of a date that is less than six months away. */
const NOBODY = { tz: "UTC", locale: "en-US" };
const ORDINALS = { one: "st", two: "nd", few: "rd", other: "th" };
const UNITS = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", DAY / 24],
  ["minute", DAY / 1440],
  ["second", 1000],
];
const LONG = { month: "long", day: "numeric" };
const SHORT = { month: "short", day: "numeric" };

/** What each part of a date's format becomes, of {at, now, is (the reader)}; Slack's list, and that of rich text's dates. */
const TOKENS = {
  date_num: ({ at, is }) => Object.values(civil(at, is)).join("-"),
  date_slash: ({ at, is }) => said(at, is, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (it) => dated(it, LONG),
  date_short: (it) => dated(it, SHORT),
  date_long: (it) => dated(it, { weekday: "long", ...LONG }),
  date_long_full: ({ at, is }) => said(at, is, { ...LONG, year: "numeric" }),
  date_pretty: (it) => nearDay(it) ?? TOKENS.date(it),
  date_short_pretty: (it) => nearDay(it) ?? TOKENS.date_short(it),
  date_long_pretty: (it) => nearDay(it) ?? TOKENS.date_long(it),
  day_divider_pretty: (it) => nearDay(it) ?? dated(it, { weekday: "long", ...LONG }, isOfAnotherYear(it)),
  time: ({ at, is }) => said(at, is, { hour: hoursIn(is.locale), minute: "2-digit" }),
  time_secs: ({ at, is }) => said(at, is, { hour: hoursIn(is.locale), minute: "2-digit", second: "2-digit" }),
  ago: ({ at, now, is }) => ago(at, now, is),
};

/** Make a Date of a message's `ts` ("1735689600.000100"), of seconds since 1970, of ISO text, or of a Date. */
export function moment(at) {
  if (at instanceof Date) return at;
  return new Date(typeof at === "number" || /^\d+(?:\.\d+)?$/.test(at) ? Math.floor(Number(at) * 1000) : at);
}

/** Say the time of day, such as "6:39 PM" or "18:39"; `page` is what useReader() or usePage() returned. */
export const clockTime = (at, page) => formatDate(at, "{time}", page);

/** Say a day as between two messages: "Today", "Yesterday", "Monday, September 29th". `now` is useNow()'s. */
export const dayName = (at, page, now) => formatDate(at, "{day_divider_pretty}", page, now);

/**
 * Write a moment in the words of a <!date> format such as "{date_short_pretty} at {time}".
 * Returns null where Slack shows the fallback: no such moment, or nothing in the format that it knows.
 */
export function formatDate(at, format, page, now = page?.state?.now) {
  const it = { at: moment(at), now: now ? moment(now) : null, is: page?.person ?? NOBODY };
  if (Number.isNaN(it.at.getTime()) || Math.abs(it.at) > 8.64e15) return null;
  let isKnown = false;
  const written = format.replace(/\{(\w+)\}/g, (whole, name, place) => {
    if (!Object.hasOwn(TOKENS, name)) return whole;
    isKnown = true;
    const words = TOKENS[name](it);
    return place === 0 ? words[0].toLocaleUpperCase(it.is.locale) + words.slice(1) : words;
  });
  return isKnown ? written : null;
}

/** Write a date in the reader's order and names; the year only if it is far away, in English the day as an ordinal. */
function dated({ at, now, is }, options, withYear = !now || Math.abs(at - now) >= HALF_A_YEAR) {
  const parts = formatter(is, withYear ? { ...options, year: "numeric" } : options).formatToParts(at);
  const isOrdinal = is.locale.startsWith("en") && options.month === "long";
  return parts.map(({ type, value }) => (isOrdinal && type === "day" ? value + ordinal(value) : value)).join("");
}

const ordinal = (day) => ORDINALS[made("PluralRules", "en", { type: "ordinal" }).select(Number(day))];

/** Say "today", "yesterday" or "tomorrow" in the reader's language; null for other days. */
function nearDay({ at, now, is }) {
  const days = now ? dayNumber(at, is) - dayNumber(now, is) : NaN;
  return Math.abs(days) <= 1 ? made("RelativeTimeFormat", is.locale, { numeric: "auto" }).format(days, "day") : null;
}

const isOfAnotherYear = ({ at, now, is }) => !now || civil(at, is).year !== civil(now, is).year;

function ago(at, now, is) {
  const away = now ? at - now : 0;
  const [unit, length] = UNITS.find((one) => Math.abs(away) >= one[1]) ?? UNITS.at(-1);
  return made("RelativeTimeFormat", is.locale, { numeric: "always" }).format(Math.trunc(away / length) || -0, unit);
}

/** Number the days of a reader's calendar. */
function dayNumber(at, is) {
  const { year, month, day } = civil(at, is);
  return Date.UTC(year, month - 1, day) / DAY;
}

/** Return {year, month, day} of a moment where the reader is, with leading zeros. */
function civil(at, { tz }) {
  const parts = formatter({ tz, locale: "en-US" }, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const { year, month, day } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { year, month, day };
}

const said = (at, is, options) => formatter(is, options).format(at);

const formatter = ({ tz, locale }, options) => made("DateTimeFormat", locale, { timeZone: tz, ...options });
