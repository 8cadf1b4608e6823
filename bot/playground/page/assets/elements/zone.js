/* Moments and what a clock on the wall shows for them in a time zone; the machine's own zone never matters. */

/** Return {date: "2026-12-01", time: "09:00"} of an epoch in seconds, in an IANA zone. */
export function wallOf(epoch, zone) {
  const iso = new Date((epoch + offset(epoch, zone)) * 1000).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 16) };
}

/** Return the epoch in seconds of a wall's day and time; one that a change of clocks skips is read an hour later. */
export function epochOf({ date, time }, zone) {
  const there = Date.parse(`${date}T${time}Z`) / 1000;
  const near = there - offset(there, zone);
  return there - offset(near, zone);
}

/** Return the seconds by which a zone is ahead of UTC at an epoch. */
function offset(epoch, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(epoch * 1000);
  const of = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(of.year, of.month - 1, of.day, of.hour, of.minute, of.second) / 1000 - epoch;
}
