/* The side: its tabs, the one that is shown, and the strip that is left when it is put away. */
import { html } from "htm/preact";
import { useFrame, useReader } from "../core/context.js";
import { Phones } from "../side/phones.js";
import { OtherSide } from "../side/other_side.js";
import { Faults } from "../backstage/faults.js";
import { Log } from "../backstage/log.js";
import { Guarded } from "./guarded.js";
import { Separator } from "./separator.js";

const TABS = { phones: Phones, mpaas: OtherSide, faults: Faults, log: Log };

/** The names of the tabs, in their order. */
export const TAB_NAMES = Object.keys(TABS);

/** Draw the tabs and the one that is chosen. */
export function Side() {
  const { t, preferences, prefer } = useReader();
  const { tab, showTab } = useFrame();
  const { open, width } = preferences.side;
  const toggle = () => prefer("side", { open: !open, width });
  const label = t(`frame.tab.${tab}`);
  return html`${!open && html`<${Strip} onOpen=${toggle} />`}
    <${Separator} width=${width} onWidth=${(wanted) => prefer("side", { open, width: wanted })} />
    <div class="side-head">
      <div class="side-tabs" role="tablist" aria-label=${t("frame.side")} onKeyDown=${(event) => moveTab(event, tab, showTab)}>
        ${TAB_NAMES.map(
          (name) => html`<button type="button" role="tab" key=${name} id=${`tab-${name}`} data-tab=${name} class="side-tab"
            aria-selected=${tab === name} aria-controls="side-panel" tabindex=${tab === name ? 0 : -1}
            onClick=${() => showTab(name)}>${t(`frame.tab.${name}`)}</button>`,
        )}
      </div>
      <button type="button" class="side-toggle" aria-expanded="true" aria-label=${t("frame.side.hide")} title=${t("frame.side.hide")}
        onClick=${toggle}><${Chevron} /></button>
    </div>
    <div id="side-panel" class="side-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0">
      <${Guarded} key=${tab} name=${label}><${TABS[tab]} /><//>
    </div>`;
}

/** Tell whether the side is seen: not put away, or in a narrow window the pane that is shown. */
export function useSideSeen() {
  const { preferences } = useReader();
  const { pane } = useFrame();
  return matchMedia(NARROW).matches ? pane === "side" : preferences.side.open;
}

const NARROW = "(max-width: 900px)";
/* As in style/layout.css. */

function Strip({ onOpen }) {
  const { t } = useReader();
  return html`<button type="button" class="side-strip" aria-expanded="false" onClick=${onOpen}>
    <${Chevron} /><span>${t("frame.side")}</span></button>`;
}

const Chevron = () => html`<svg class="side-chevron" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
  <path d="M5 3l5 5-5 5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" /></svg>`;

function moveTab(event, tab, showTab) {
  const last = TAB_NAMES.length - 1;
  const at = TAB_NAMES.indexOf(tab);
  const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  showTab(TAB_NAMES[to]);
  document.getElementById(`tab-${TAB_NAMES[to]}`)?.focus();
}
