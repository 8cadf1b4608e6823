/* What became of a request, in a word: its signature, its result, or that it is under way. */
import { html } from "htm/preact";
import { useNow, useReader } from "../core/context.js";
import { Pill } from "./rows.js";

/** Say whether the signature was right; until it was looked at, nothing is said. */
export function Signature({ signature }) {
  const { t } = useReader();
  if (signature === "unchecked") return null;
  const right = signature === "right";
  const words = right ? `✓ ${t("side.signature.right")}` : `✕ ${t("side.signature.wrong", { code: signature })}`;
  return html`<span class="side-signature" data-right=${right}>${words}</span>`;
}

/** Say for how long a request has been under way, by the simulated clock. */
export function UnderWay({ request }) {
  const { t } = useReader();
  const now = useNow();
  return t("side.requests.under_way", { seconds: Math.max(0, Math.round((now - new Date(request.at)) / 1000)) });
}

/** Say in a word what became of a request: its result, the gateway's code, or that it is under way. */
export function Outcome({ request }) {
  const { t } = useReader();
  if (!request.finished) return html`<${Pill} look="wait">${t("side.outcome.under_way")}<//>`;
  if (request.status === null) {
    return html`<${Pill} look="bad">${t(request.executed ? "side.outcome.lost_executed" : "side.outcome.lost")}<//>`;
  }
  const good = request.executed && request.status === 200;
  const executed = t(request.executed ? "side.outcome.executed" : "side.outcome.not_executed");
  return html`<${Pill} look=${good ? "good" : "bad"}>${request.status} ${request.code} · ${executed}<//>`;
}
