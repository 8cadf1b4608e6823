/* What the short codes of the log's lines mean in words. The codes are the simulators'; unknown ones are shown as they came. */

const ENDS = new Set(["reset", "close", "half", "rubbish", "status", "result"]);

/** Say what went wrong in a line; without trouble, its status alone speaks. */
export function troubleInWords(line, t) {
  if (line.between === "mpaas") return misbehaviourInWords(line, t);
  const known = t(`backstage.trouble.${line.trouble}`);
  const said = known === `backstage.trouble.${line.trouble}` ? line.trouble : known;
  return said || t("backstage.status", { status: line.status });
}

function misbehaviourInWords({ trouble, status, finished }, t) {
  const [kind, when] = trouble.split(" ");
  if (kind === "hang" && finished) return t(status ? "backstage.met.hang.on" : "backstage.met.hang.dropped");
  const key = `backstage.met.${kind}`;
  const said = t(key, { status });
  if (said === key) return trouble || t("backstage.status", { status });
  return ENDS.has(kind) ? `${said}, ${t(`backstage.met.${when}`)}` : said;
}

/** Say what an event was. */
export function eventInWords(line, t) {
  const key = `backstage.event.${line.name}`;
  const said = t(key, { about: line.about });
  return said === key ? line.name : said;
}

/** Say who speaks to whom. */
export function wayInWords(line, t) {
  if (line.kind === "event") return t("backstage.way.event");
  return t(line.to_bot ? "backstage.way.from_slack" : `backstage.way.to_${line.between}`);
}
