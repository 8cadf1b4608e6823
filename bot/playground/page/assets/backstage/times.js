/* Times and durations in the reader's own zone and language, to the second: what a log needs. */
import { moment } from "../core/moments.js";

function formatted(reader, at, options) {
  const { locale = "en-US", tz: timeZone = "UTC" } = reader.person ?? {};
  const language = reader.language === "zh" ? "zh-CN" : locale.startsWith("zh") ? "en-US" : locale;
  return moment(at, language, { timeZone, hourCycle: "h23", ...options });
}

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit" };

/** Write a time of day with its seconds, such as 14:03:22. */
export const clock = (reader, at) => formatted(reader, at, CLOCK);

/** Write a time of day with its milliseconds. */
export const exactClock = (reader, at) => formatted(reader, at, { ...CLOCK, fractionalSecondDigits: 3 });

/** Write a day, such as Mon, 23 Nov. */
export const day = (reader, at) => formatted(reader, at, { weekday: "short", day: "numeric", month: "short" });

/** Write a duration in its two largest parts, such as "1 d 2 h"; `t` says the units. */
export function duration(seconds, t) {
  const sizes = [["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
  let rest = Math.round(seconds);
  const parts = sizes.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return [unit, count];
  });
  const first = parts.findIndex(([, count]) => count > 0);
  const shown = first < 0 ? [["s", 0]] : parts.slice(first, first + 2).filter(([, count]) => count > 0);
  return shown.map(([unit, count]) => t(`backstage.unit.${unit}`, { count })).join(" ");
}

/** Write milliseconds as a person reads them: 16 ms, 2.03 s. */
export const taken = (milliseconds) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
