/* What the bot did about a fault: a short tale since the press, drawn below its button. What belongs to it is chosen in
   since.js. */
import { html } from "htm/preact";
import { useBackstage, useLog, useReader } from "../core/context.js";
import { forget } from "./kept.js";
import { since } from "./since.js";
import { eventInWords, troubleInWords } from "./words_of_lines.js";

/** Draw the tale of a press; `waiting` is said as long as nothing has happened. */
export function Aftermath({ id, press, waiting }) {
  const { t } = useReader();
  const { items, left } = since(press, { log: useLog(), history: useBackstage().history });
  return html`<section class="back-after" aria-label=${t("backstage.after")}>
    <header class="back-after-head">
      <h4>${t("backstage.after")}</h4>
      <button type="button" class="back-small" onClick=${() => forget(id)}>${t("backstage.after.close")}</button>
    </header>
    ${items.length === 0 && html`<p class="back-after-none">${waiting || t("backstage.after.nothing")}</p>`}
    ${left > 0 && html`<p class="back-after-none">${t("backstage.after.left", { count: left })}</p>`}
    <div role="log" aria-live="polite" aria-label=${t("backstage.after")}>
      <ol class="back-after-list">${items.map((item) => html`<${Item} key=${item.key} item=${item} press=${press} />`)}</ol>
    </div>
  </section>`;
}

function Item({ item, press }) {
  const { t } = useReader();
  return html`<li class="back-after-item" data-tone=${item.tone}>
    <span class="back-after-time">${sinceThen(press, item.at)}</span>${" "}
    <span class="back-after-words">${item.deed ? deedInWords(item.deed, t) : lineInWords(item.line, t)}</span>
  </li>`;
}

const sinceThen = (press, at) => `+${Math.max(0, (at - press.at) / 1000).toFixed(1)} s`;

const deedInWords = ({ what, about }, t) => t(`backstage.did.${what}`, { about });

/** Say what a line of the log means for somebody who watches the bot. */
function lineInWords(line, t) {
  if (line.kind === "event") return eventInWords(line, t);
  const about = line.about || line.name;
  if (line.to_bot) return `${t("backstage.tale.to_bot", { name: line.name, about })}: ${troubleInWords(line, t)}`;
  if (line.trouble || line.status >= 400) return `${line.name} (${about}): ${troubleInWords(line, t)}`;
  if (line.between === "mpaas") return t(line.finished ? "backstage.tale.taken" : "backstage.tale.under_way", { name: line.name, about });
  return t(`backstage.tale.${line.name.startsWith("views.") ? "form" : "message"}`, { about });
}
