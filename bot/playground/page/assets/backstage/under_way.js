/* Deliveries that the bot has not answered yet, each with a running clock against Slack's limit. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { Spent, Words } from "./log_line.js";
import { taken } from "./times.js";

/** Draw what is under way, below the last line; what is shown of the log says whether they belong to it. */
export function UnderWay({ all, shown }) {
  if (all.length === 0 || !["all", "slack"].includes(shown)) return null;
  return html`<ol class="back-log-lines">${all.map((one) => html`<${Running} key=${one.number} one=${one} />`)}</ol>`;
}

function Running({ one }) {
  const { t } = useReader();
  const spent = useSpent();
  return html`<li class="back-line" data-under-way=${one.number} data-between="slack" data-kind="delivery">
    <div class="back-line-head">
      <span class="back-line-time">${taken(spent)}</span>
      <span class="back-line-way">${t("backstage.way.from_slack")}</span>
      <span class="back-line-end">${t(spent > one.limit ? "backstage.late" : "backstage.under_way")}</span>
      <${Words} name=${one.name} about=${one.about} />
      <${Spent} milliseconds=${spent} limit=${one.limit} />
    </div>
  </li>`;
}

/** Count the milliseconds since it was first drawn: the page hears of a delivery within a few of them. */
function useSpent() {
  const [began] = useState(() => performance.now());
  const [now, setNow] = useState(began);
  useEffect(() => {
    const tick = setInterval(() => setNow(performance.now()), 50);
    return () => clearInterval(tick);
  }, []);
  return now - began;
}
