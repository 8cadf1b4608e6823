/* Copying lines of the log as JSON, with everything that was sent and answered; by hand where the browser forbids it. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { act } from "../core/api.js";
import { useReader } from "../core/context.js";

const SHOWN = 4000;
/* Milliseconds for which it says that it has copied. */

/** Draw a button that copies lines; one line is copied as an object, several as a list. */
export function CopyButton({ part, lines, label }) {
  const { t } = useReader();
  const [said, say] = useState({ words: "", text: "" });
  useEffect(() => {
    if (!said.words || said.text) return undefined;
    const timer = setTimeout(() => say({ words: "", text: "" }), SHOWN);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const text = await asJson(lines).catch((refusal) => void say({ words: refusal.message, text: "" }));
    if (text === undefined) return;
    const words = lines.length === 1 ? t("backstage.copied") : t("backstage.copied.many", { count: lines.length });
    say((await copied(text)) ? { words, text: "" } : { words: t("backstage.copy.by_hand"), text });
  };
  return html`<span class="back-copy">
    <button type="button" class="back-small" data-part=${part} aria-disabled=${lines.length === 0} onClick=${() => lines.length && copy()}>${label}</button>
    <span class="back-copy-said" role="status">${said.words}</span>
    ${said.text && html`<${ByHand} text=${said.text} onClose=${() => say({ words: "", text: "" })} />`}
  </span>`;
}

async function asJson(lines) {
  const entries = await act("entries", { lines: lines.map((line) => line.id) });
  const whole = lines.map((line, at) => ({ ...line, entry: entries[at] }));
  return JSON.stringify(whole.length === 1 ? whole[0] : whole, null, 2);
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function ByHand({ text, onClose }) {
  const { t } = useReader();
  const box = useRef(null);
  useEffect(() => {
    box.current.focus();
    box.current.select();
  }, [text]);
  return html`<span class="back-by-hand">
    <textarea ref=${box} class="back-field" readonly rows="6" aria-label=${t("backstage.copy.by_hand")} value=${text}></textarea>
    <button type="button" class="back-small" onClick=${onClose}>${t("backstage.copy.close")}</button>
  </span>`;
}
