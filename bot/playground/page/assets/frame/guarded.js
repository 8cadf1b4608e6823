/* What is seen where a part of the page failed: a sentence and a way on, while the other parts live. */
import { useErrorBoundary } from "preact/hooks";
import { html } from "htm/preact";
import { useReader } from "../core/context.js";

/** Draw the children; when one of them throws, say so in their place. `name` is the part's name for people. */
export function Guarded({ name, children }) {
  const [trouble, again] = useErrorBoundary((error) => console.error(error));
  const { t } = useReader();
  if (!trouble) return children;
  return html`<div class="frame-trouble" role="alert">
    <p>${t("frame.trouble", { part: name })}</p>
    <p class="frame-trouble-why">${String(trouble.message ?? trouble)}</p>
    <button type="button" class="frame-button" onClick=${again}>${t("frame.trouble.again")}</button>
  </div>`;
}
