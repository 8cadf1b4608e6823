/* Slack's question "are you sure?", which a confirm object puts before a deed. It is the client's own: the bot hears of
   the deed only when it was confirmed. The dialog stands apart from what asked it, so that it outlives a redrawn card. */
import { html } from "htm/preact";
import { useCallback, useEffect, useId, useRef, useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { Text } from "../slack/text.js";

const listeners = new Set();
let open = null;

/** Return ask(confirm): a promise of whether the person confirmed; without a confirm object it is true at once. */
export const useConfirm = () => useCallback((confirm) => (confirm ? asked(confirm) : Promise.resolve(true)), []);

function asked(confirm) {
  open?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes) => {
      resolve(yes);
      tell(null);
    };
    tell({ confirm, answer });
  });
}

function tell(question) {
  open = question;
  for (const hear of listeners) hear(open);
}

/** Draw the question that is open; it hangs in the page once. */
export function ConfirmDialog() {
  const [question, set] = useState(open);
  useEffect(() => {
    listeners.add(set);
    return () => listeners.delete(set);
  }, []);
  return question && html`<${Question} key=${question} ...${question} />`;
}

function Question({ confirm, answer }) {
  const { t } = useReader();
  const dialog = useRef(null);
  const before = useRef(document.activeElement);
  const [title, text] = [useId(), useId()];
  useEffect(() => {
    dialog.current.showModal();
    return () => before.current?.isConnected && before.current.focus();
  }, []);
  const deny = (event) => {
    event.preventDefault();
    answer(false);
  };
  const style = confirm.style === "danger" ? "el-danger" : "el-primary";
  return html`<dialog ref=${dialog} class="el-confirm" aria-labelledby=${title} aria-describedby=${text}
    data-part="confirm-dialog" onCancel=${deny} onClose=${deny}>
    <h2 id=${title} class="el-confirm-title"><${Text} text=${confirm.title} /></h2>
    <div id=${text} class="el-confirm-text"><${Text} text=${confirm.text} /></div>
    <div class="el-confirm-buttons">
      <button type="button" class="el-button el-large" data-part="deny" onClick=${deny}>
        ${confirm.deny ? html`<${Text} text=${confirm.deny} />` : t("elements.no")}
      </button>
      <button type="button" class=${`el-button el-large ${style}`} data-part="confirm" onClick=${() => answer(true)}>
        ${confirm.confirm ? html`<${Text} text=${confirm.confirm} />` : t("elements.yes")}
      </button>
    </div>
  </dialog>`;
}
