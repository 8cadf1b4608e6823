/* One phone: its lock screen, the notifications on it, and beside it what did not make it there. What a push becomes is
   decided in arrival.js; drawn in CSS, no maker's artwork. */
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useNow, useReader } from "../core/context.js";
import { arrivals, badgeAfter, newestArrival } from "./arrival.js";
import { Asides } from "./asides.js";
import { wayOf, waysOf } from "./limits.js";
import { Notification, Recalled } from "./notification.js";
import { Tapped } from "./tapped.js";
import { clockIn, dayIn } from "./times.js";

const MOST = 2;
/* Notifications that a lock screen shows before it asks: all three phones should be seen at once. */

/** Draw a phone. platform: {name, type, first}; tasks: those of its environment; fresh(task) tells what just arrived. */
export function Phone({ platform, environment, tasks, fresh }) {
  const { t, preferences, prefer } = useReader();
  const chosen = preferences.phones?.[platform.name];
  const way = waysOf(platform.type).find(({ id }) => id === chosen) ?? wayOf(platform.first);
  const choose = (id) => prefer("phones", (before) => ({ ...before, [platform.name]: id }));
  const arrived = useMemo(() => arrivals(tasks, way), [tasks, way]);
  const app = t(`side.app.${environment}`);
  return html`<article class="phone" data-phone=${platform.name} data-environment=${environment} data-way=${way.id}
    aria-label=${t(`side.phone.${environment}`, { platform: t(`side.platform.${platform.name}`) })}>
    <header class="phone-head">
      <h3 class="phone-name">${t(`side.platform.${platform.name}`)}
        ${environment === "test" && html` <span class="phone-test-mark">${t("side.phones.test_mark")}</span>`}</h3>
      <${Badge} number=${badgeAfter(arrived)} app=${app} />
    </header>
    <${Ways} platform=${platform} way=${way} tasks=${tasks} onChoose=${choose} />
    <${Screen} arrived=${arrived} way=${way} app=${app} fresh=${fresh} />
    <${Asides} arrived=${arrived} />
  </article>`;
}

function Badge({ number, app }) {
  const { t } = useReader();
  return number > 0 && html`<span class="phone-badge" title=${t("side.badge", { number, app })}>
    <span class="phone-icon" aria-hidden="true">${initial(app)}</span><span class="phone-badge-number" aria-hidden="true">${number}</span>
    <span class="visually-hidden">${t("side.badge", { number, app })}</span></span>`;
}

export const initial = (app) => [...app][0];

/** Let somebody choose the way that a phone is reached; each says what it made of the newest push. */
function Ways({ platform, way, tasks, onChoose }) {
  const { t } = useReader();
  const ways = waysOf(platform.type);
  if (ways.length < 2) return null;
  return html`<fieldset class="phone-ways">
    <legend class="phone-ways-legend">${t(`side.ways.${platform.name}`)}</legend>
    ${ways.map((one) => html`<label key=${one.id} class="phone-way" title=${limitsSaid(t, one)}>
      <input type="radio" class="visually-hidden" name=${`way-${platform.name}`} value=${one.id} checked=${one.id === way.id}
        onChange=${() => onChoose(one.id)} />
      <span class="phone-way-face">${t(`side.way.${one.id}`)}<${WayMark} newest=${newestArrival(tasks, one)} /></span>
    </label>`)}
  </fieldset>`;
}

function limitsSaid(t, { title, body, wide }) {
  if (!title) return t("side.limits_none");
  return t(wide === 2 ? "side.limits_wide" : "side.limits", { title, body, wideTitle: title / 2, wideBody: body / 2 });
}

function WayMark({ newest }) {
  const { t } = useReader();
  if (!newest) return null;
  const { kind, judged } = newest;
  const mark = kind === "shown" && (judged.title.hidden || judged.body.hidden) ? "cut" : kind;
  return html` <span class="phone-way-mark" data-mark=${mark}><span aria-hidden="true">${MARKS[mark]}</span>
    <span class="visually-hidden">${t(`side.mark.${mark}`)}</span></span>`;
}

const APPS = [1, 2, 3, 4, 5, 6, 7, 8];
/* Places of apps below a banner, which is shown while the phone is in use. */

const MARKS = { shown: "✓", cut: "…", refused: "✕", silent: "○", data: "○", recalled: "↩" };

function Screen({ arrived, way, app, fresh }) {
  const { t } = useReader();
  const [tapped, tap] = useState(null);
  const [all, showAll] = useState(false);
  const origin = useRef(null);
  const seen = arrived.filter(isOnScreen);
  const inUse = way.id === "banner";
  const visible = inUse ? seen.slice(0, 1) : seen.slice(0, all ? undefined : MOST);
  const open = (one, button) => {
    origin.current = button;
    tap(one);
  };
  const back = () => tap(null);
  useEffect(() => void (tapped || origin.current?.focus()), [tapped]); // only now the notification can be focused again
  const onKeyDown = (event) => event.key === "Escape" && tapped && back();
  return html`<div class="phone-frame"><div class="phone-screen" onKeyDown=${onKeyDown}>
    <div class="phone-under" inert=${Boolean(tapped)}>
      ${inUse ? html`<${StatusBar} />` : html`<${LockScreen} />`}
      <ul class="phone-notes" aria-live="polite" aria-relevant="additions" aria-label=${t("side.notifications")}>
        ${visible.map((one) => html`<li key=${one.task.TaskId} class="phone-note" data-task=${one.task.TaskId} data-kind=${one.kind}
          data-fresh=${fresh(one.task)}>
          ${one.kind === "recalled" && html`<${Recalled} arrived=${one} app=${app} />`}
          ${one.kind === "shown" && html`<${Notification} arrived=${one} app=${app} onTap=${(button) => open(one, button)} />`}
        </li>`)}
      </ul>
      ${!inUse && seen.length > MOST && html`<button type="button" class="phone-more" aria-expanded=${all}
        onClick=${() => showAll(!all)}>${all ? t("side.fewer") : t("side.more", { number: seen.length - MOST })}</button>`}
      ${inUse && html`<div class="phone-apps" aria-hidden="true">${APPS.map((place) => html`<span key=${place}></span>`)}</div>`}
      ${seen.length === 0 && html`<p class="phone-quiet">${t("side.no_notifications")}</p>`}
    </div>
    ${tapped && html`<${Tapped} arrived=${tapped} app=${app} onBack=${back} />`}
  </div></div>`;
}

const isOnScreen = ({ kind, way }) => kind === "shown" || (kind === "recalled" && way.recall === "overwritten");

/** The time and the day, as the person's own phone would show them at the simulated moment. */
function LockScreen() {
  const { person } = useReader();
  const now = useNow();
  return html`<div class="phone-lock"><span class="phone-time">${clockIn(now, person)}</span>
    <span class="phone-day">${dayIn(now, person)}</span></div>`;
}

/** The time alone, small, as a phone in use shows it. */
function StatusBar() {
  const { person } = useReader();
  const now = useNow();
  return html`<div class="phone-status">${clockIn(now, person)}</div>`;
}
