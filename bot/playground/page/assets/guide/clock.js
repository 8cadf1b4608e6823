/* The simulated time, as the person who looks would read it, and how far it is ahead of the real one. */
import { html } from "htm/preact";
import { useBackstage, useNow, useReader } from "../core/context.js";
import { moment } from "../core/moments.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** Draw the clock. */
export function Clock() {
  const { person, t } = useReader();
  const now = useNow();
  const ahead = aheadOf(useBackstage().ahead);
  const said = (options) => moment(now, person.locale, { timeZone: person.tz, ...options });
  return html`<span class="guide-clock">
    <time datetime=${now.toISOString()} title=${`${said({ dateStyle: "full", timeStyle: "medium" })} (${person.tz})`}>
      ${said({ hour: "2-digit", minute: "2-digit", second: "2-digit" })}</time>
    ${ahead && html`<span class="guide-ahead">${t(`guide.ahead.${ahead.unit}`, { count: ahead.count })}</span>`}
  </span>`;
}

/** Say how far a clock is ahead: {count, unit} with one digit after the point at most, or nothing. */
export function aheadOf(seconds) {
  if (seconds < 1) return null;
  const [unit, length] = seconds < MINUTE ? ["seconds", 1] : seconds < HOUR ? ["minutes", MINUTE] : seconds < 2 * DAY ? ["hours", HOUR] : ["days", DAY];
  return { unit, count: Math.round((seconds / length) * 10) / 10 };
}
