/* A button that copies a text, and says that it did. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { useFrame, useReader } from "../core/context.js";

const SAID = 2000;
/* Milliseconds for which the button says it. */

/** Draw the button; text() gives what is copied. */
export function Copy({ text, part, children }) {
  const { t } = useReader();
  const { notify } = useFrame();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const forget = setTimeout(() => setCopied(false), SAID);
    return () => clearTimeout(forget);
  }, [copied]);
  const copy = async () => {
    const done = await copiedToClipboard(text());
    setCopied(done);
    notify(t(done ? "side.copied" : "side.not_copied"));
  };
  return html`<button type="button" class="side-button side-button-small" data-part=${part} onClick=${copy}>
    ${copied ? `✓ ${t("side.copied")}` : children}</button>`;
}

async function copiedToClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // The browser forbids it, or the page does not have the focus.
  }
}
