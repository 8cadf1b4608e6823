/* One modal: title, blocks, and the buttons below; sending it, and what goes wrong with that. */
import { html } from "htm/preact";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { Avatar } from "../slack/avatar.js";
import { Blocks } from "../slack/blocks.js";
import { Text } from "../slack/text.js";
import { Failure, useDeed, Waiting } from "./deed.js";
import { abandon, complain, halvesIn } from "./filled.js";
import { keepInside, rememberFocus, useFirstFocus } from "./modal_focus.js";
import { ViewContext } from "./view_context.js";

const plain = (text) => ({ type: "plain_text", text, emoji: true });

/** Draw a modal; `below` is the view that its back arrow leads to, `isInSight` says whether its place is on the screen now. */
export function Modal({ view, below, isInSight }) {
  const { me, t } = useReader();
  const dialog = useRef(null);
  const title = useId();
  const about = useId();
  const { deed, submit, faults } = useSubmission(view, dialog);
  const closing = useDeed();
  const close = (clear) => {
    abandon(view);
    closing.run("close", { user: me, view: view.id, clear });
  };
  useFirstFocus(dialog, view, isInSight);
  const key = (event) => {
    keepInside(event, dialog.current);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close(false);
  };
  return html`<${ViewContext.Provider} value=${useMemo(() => ({ submit }), [submit])}>
    <section ref=${dialog} class="modal" role="dialog" aria-labelledby=${title} aria-describedby=${about} tabindex="-1"
      data-view=${view.callback_id} data-id=${view.id} onKeyDown=${key} onFocusIn=${(event) => rememberFocus(view, event)}>
      <${Header} ...${{ view, below, title, close }} />
      <p id=${about} class="visually-hidden">${t("elements.sections")}</p>
      <p class="visually-hidden" role="alert">${faults > 0 && html`<span key=${faults}>${t("elements.faults")}</span>`}</p>
      <div class="modal-body" tabindex=${isStill(view) ? 0 : undefined} role=${isStill(view) ? "group" : undefined}
        aria-labelledby=${isStill(view) ? title : undefined}><${Blocks} blocks=${view.blocks} target=${view} /></div>
      <${Footer} ...${{ view, deed, closing, submit, close }} />
    </section>
  <//>`;
}

/** Say whether nothing in a view can be reached by Tab, so that its text must be, to be scrolled. */
const isStill = (view) => !view.blocks.some((block) => block.type === "input" || block.type === "actions" || block.accessory);

/** Return {deed, submit, faults}: what was typed is told before, and the first field that is wrong gets the focus. */
function useSubmission(view, dialog) {
  const { me, t } = useReader();
  const deed = useDeed();
  const [faults, setFaults] = useState(0);
  const latest = useRef(view);
  latest.current = view;
  const object = (problems) => {
    complain(latest.current, problems);
    setFaults((times) => (Object.keys(problems).length ? times + 1 : 0));
  };
  const submit = useMemo(() => async () => {
    if (!latest.current.submit) return;
    const halves = halvesIn(latest.current);
    if (halves.length) return void object(Object.fromEntries(halves.map((block) => [block, t("elements.half")])));
    const done = await deed.run("submit", { user: me, view: latest.current.id });
    if (done) object(done.problems ?? {});
  }, [deed.run, me, t]);
  useEffect(() => {
    if (faults) dialog.current?.querySelector("[aria-invalid=true], [data-invalid=true] input")?.focus();
  }, [faults]);
  useEffect(() => deed.forget(), [view.hash]);
  return { deed, submit, faults };
}

function Header({ view, below, title, close }) {
  const { bot, t } = useReader();
  return html`<div class="modal-header">
    ${below
      ? html`<button type="button" class="modal-icon" data-part="back" aria-label=${t("elements.back", { title: below.title })}
          onClick=${() => close(false)}><span class="modal-back" aria-hidden="true"></span></button>`
      : html`<${Avatar} id=${bot.id} size=${28} />`}
    <h2 id=${title} class="modal-title"><${Text} text=${plain(view.title)} /></h2>
    <button type="button" class="modal-icon" data-part="dismiss" aria-label=${t(below ? "elements.dismiss" : "elements.close")}
      onClick=${() => close(true)}><span class="modal-x" aria-hidden="true"></span></button>
  </div>`;
}

function Footer({ view, deed, closing, submit, close }) {
  const { t } = useReader();
  const failure = deed.failure || closing.failure;
  return html`<div class="modal-footer">
    ${failure && html`<div class="modal-said"><${Failure} sentence=${failure} /></div>`}
    ${deed.busy && html`<div class="modal-said"><${Waiting} since=${deed.since} /></div>`}
    <button type="button" class="el-button el-large" data-part="close" onClick=${() => close(false)}>
      ${view.close ? html`<${Text} text=${plain(view.close)} />` : t(view.submit ? "elements.cancel" : "elements.close")}
    </button>
    ${view.submit && html`<button type="button" class=${`el-button el-large el-primary ${deed.busy ? "el-busy" : ""}`} data-part="submit"
      aria-disabled=${deed.busy} onClick=${submit}>
      <span class="el-button-text"><${Text} text=${plain(view.submit)} /></span>
      ${deed.busy && html`<span class="visually-hidden">${t("elements.sending")}</span>`}
    </button>`}
  </div>`;
}
