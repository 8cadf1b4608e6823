/* Whom a push was for, in words: what PushStatus, the periods and the ranges of a request say (help page 2871129). */
import { momentIn } from "./times.js";

const STATUS = ["attached", "all", "detached"];
const DAYS = { 1: 7, 2: 15, 3: 60 };

/** Say the audience of a task. */
export function audienceSaid(t, task, person) {
  const said = task.Audience;
  const status = STATUS[said.PushStatus ?? 0];
  const who = t(`side.audience.${status}`);
  const when = said.TimeMode === 1 ? rangeSaid(t, said, person) : periodSaid(t, said, status);
  return when ? `${who}, ${when}` : who;
}

function periodSaid(t, said, status) {
  const period = status === "attached" ? said.BindPeriod : said.UnBindPeriod;
  if (!period) return "";
  return DAYS[period] ? t("side.audience.within", { days: DAYS[period] }) : t("side.audience.ever");
}

function rangeSaid(t, said, person) {
  const start = said.BindStartTime ?? said.UnBindStartTime;
  const end = said.BindEndTime ?? said.UnBindEndTime;
  return t("side.audience.range", { start: momentIn(start, person), end: momentIn(end, person) });
}
