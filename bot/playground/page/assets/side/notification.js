/* One notification on a phone: the app, the time, the text as that phone cuts it, and what was cut off. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useNow, useReader } from "../core/context.js";
import { isBigText, pictureOn } from "./arrival.js";
import { momentIn, since } from "./times.js";

const LONG = 140;
/* Characters above which a plain notification is folded, as phones fold what is longer than a few lines. */

/** Draw a notification; onTap(button) is called when it is tapped. */
export function Notification({ arrived, app, onTap }) {
  const { t } = useReader();
  const { task, way, judged } = arrived;
  const [unfolded, unfold] = useState(false);
  const folds = judged.body.shown.length > LONG && !isBigText(task, way);
  const picture = pictureOn(task, way);
  return html`<button type="button" class="phone-tap" aria-haspopup="dialog" onClick=${(event) => onTap(event.currentTarget)}>
      <${AppLine} app=${app} at=${task.CreatedAt} />
      <span class="phone-title"><${Cut} text=${judged.title} /></span>
      <span class=${`phone-text ${folds && !unfolded ? "phone-folded" : ""}`}><${Cut} text=${judged.body} /></span>
      ${picture && html`<${Picture} address=${picture} />`}
    </button>
    ${folds && html`<button type="button" class="phone-small" aria-expanded=${unfolded} onClick=${() => unfold(!unfolded)}>
      ${t(unfolded ? "side.fold" : "side.unfold")}</button>`}
    <${CutOff} judged=${judged} />`;
}

/** Draw what a phone shows in the place of a notification that was revoked. */
export function Recalled({ arrived, app }) {
  const { t } = useReader();
  return html`<div class="phone-recalled"><${AppLine} app=${app} at=${arrived.task.RevokedAt} />
    <span>${t("side.recalled")}</span></div>`;
}

function AppLine({ app, at }) {
  const { person } = useReader();
  const now = useNow();
  return html`<span class="phone-app"><span class="phone-icon" aria-hidden="true">${[...app][0]}</span>
    <span class="phone-app-name">${app}</span>
    <time class="phone-when" datetime=${at} title=${momentIn(at, person)}>${since(at, now, person)}</time></span>`;
}

const Cut = ({ text }) => html`${text.shown}${text.hidden && html`<span class="phone-ellipsis">…</span>`}`;

/** A picture from elsewhere is not loaded: this page takes nothing from other addresses. Its name stands for it. */
function Picture({ address }) {
  const { t } = useReader();
  return html`<span class="phone-picture" title=${t("side.picture_why", { address })}>
    <span class="phone-picture-sun" aria-hidden="true"></span>
    <span class="phone-picture-name">${t("side.picture", { name: address.split("/").at(-1) })}</span></span>`;
}

function CutOff({ judged }) {
  const { t } = useReader();
  const [open, setOpen] = useState(false);
  const parts = ["title", "body"].filter((part) => judged[part].hidden);
  if (!parts.length) return null;
  return html`<button type="button" class="phone-small phone-cut-toggle" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      ${t(open ? "side.cut_hide" : "side.cut_show")}</button>
    ${open && html`<dl class="phone-cut">
      ${parts.map((part) => html`<div key=${part}><dt>${t(`side.part.${part}`)}</dt>
        <dd data-cut=${part}>${judged[part].hidden}</dd></div>`)}
    </dl>`}`;
}
