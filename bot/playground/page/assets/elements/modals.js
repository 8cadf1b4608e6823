/* The stack of modals of whoever looks: the topmost is shown, over Slack's part of the page. One modal is modal.js's. */
import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { usePage } from "../core/context.js";
import { ConfirmDialog } from "./confirm.js";
import { compare } from "./filled.js";
import { Modal } from "./modal.js";
import { useSections } from "./modal_focus.js";
import { SLACK, useSlackArea } from "./slack_area.js";

/** Draw the open modal, if there is one, and the question of a confirm object, if one is asked. */
export function Modals() {
  const { state } = usePage();
  const { views, home } = state;
  const isOpen = views.length > 0;
  const opener = useRef(null);
  if (isOpen && !opener.current) opener.current = document.activeElement;
  const area = useSlackArea(isOpen);
  useLayoutEffect(() => compare(home ? [...views, home] : views), [views, home]);
  useLayoutEffect(() => (isOpen ? still(opener) : undefined), [isOpen]);
  useSections(isOpen);
  const top = views.at(-1);
  return html`${top && html`<div class="modal-veil" style=${area} hidden=${!area}>
      <${Modal} key=${top.id} view=${top} below=${views.at(-2)} isInSight=${Boolean(area)} />
    </div>`}
    <${ConfirmDialog} />`;
}

/** Let nothing behind the modals be reached; afterwards the focus goes back to what opened them. */
function still(opener) {
  const parts = [...document.querySelectorAll(SLACK)];
  for (const part of parts) part.inert = true;
  return () => {
    for (const part of parts) part.inert = false;
    const before = opener.current;
    opener.current = null;
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (!lost) return;
    if (before?.isConnected && before !== document.body) before.focus();
    else document.querySelector("[data-part=composer]")?.focus();
  };
}
