/* A dialog of the page itself, not of the simulated Slack: the browser's own, which traps the focus and gives it back. */
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useReader } from "../core/context.js";

/**
 * Draw a dialog over the page until `onClose` takes it away: by its button, Escape, or a press beside it.
 * One that `isRead`, with nothing in it to press, can be scrolled by keys.
 */
export function Dialog({ title, part, isRead = false, onClose, children }) {
  const { t } = useReader();
  const box = useRef(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  return html`<dialog class="frame-dialog" ref=${box} data-part=${part} aria-labelledby=${`${part}-title`}
    onCancel=${(event) => (event.preventDefault(), onClose())}
    onPointerDown=${(event) => event.target === box.current && onClose()}>
    <header class="frame-dialog-head">
      <h2 id=${`${part}-title`}>${title}</h2>
      <button type="button" class="frame-dialog-close" data-part="dialog-close" aria-label=${t("frame.close")} onClick=${onClose}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="2" stroke-linecap="round" /></svg>
      </button>
    </header>
    <div class="frame-dialog-body" ...${isRead ? { tabindex: 0, role: "group", "aria-labelledby": `${part}-title` } : {}}>${children}</div>
  </dialog>`;
}

/** Tell whether some dialog lies over the page, the simulated Slack's or the page's own. */
export const dialogIsOpen = () => document.querySelector('dialog[open], [role="dialog"][data-view]') !== null;
