/* The quick switcher: a few letters lead to a channel, the bot's Home, another person, or a tab of the side. */
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useFrame, useReader } from "../core/context.js";
import { Dialog } from "./dialog.js";
import { focusPlace, placeName } from "./place.js";
import { afterDrawing } from "./skip.js";
import { TAB_NAMES } from "./side.js";

/** Draw the switcher; `onDone` takes it away. */
export function Switcher({ onDone }) {
  const { t } = useReader();
  const [said, setSaid] = useState("");
  const [at, setAt] = useState(0);
  const ways = useWays();
  const found = useMemo(() => ways.filter((way) => fits(way.label, said)), [ways, said]);
  const list = useRef(null);
  useEffect(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [at, found]);
  const take = (way) => (onDone(), way?.follow());
  const press = (event) => {
    if (event.isComposing) return;
    const to = { ArrowDown: (at + 1) % found.length, ArrowUp: (at - 1 + found.length) % found.length }[event.key];
    if (event.key === "Enter") take(found[at]);
    else if (to === undefined || !found.length) return;
    else setAt(to);
    event.preventDefault();
  };
  return html`<${Dialog} part="switcher" title=${t("frame.switcher")} onClose=${onDone}>
    <input class="frame-switcher-input" type="text" role="combobox" autofocus autocomplete="off" spellcheck=${false}
      aria-label=${t("frame.switcher.label")} placeholder=${t("frame.switcher.label")} aria-expanded="true" aria-autocomplete="list"
      aria-controls="switcher-list" aria-activedescendant=${found[at] ? `way-${found[at].id}` : null} value=${said}
      onInput=${(event) => (setSaid(event.target.value), setAt(0))} onKeyDown=${press} />
    <div class="frame-switcher-list" id="switcher-list" role="listbox" aria-label=${t("frame.switcher")} ref=${list}>
      ${found.map(
        (way, index) => html`<div key=${way.id} id=${`way-${way.id}`} class="frame-way" role="option" data-way=${way.id}
          aria-selected=${index === at} onPointerMove=${() => setAt(index)} onClick=${() => take(way)}>
          <span class="frame-way-name">${way.label}</span><span class="frame-way-kind">${way.kind}</span></div>`,
      )}
    </div>
    <p class="frame-switcher-none" role="status">${found.length === 0 && t("frame.switcher.none", { said })}</p>
  <//>`;
}

/** List every way there is: {id, label, kind, follow}. */
function useWays() {
  const reader = useReader();
  const { go, showTab } = useFrame();
  return useMemo(() => {
    const { t, me, channels, people, become } = reader;
    const places = [...channels.map((one) => ({ kind: "channel", id: one.id, isDirect: one.is_im })), { kind: "home", id: "home" }];
    return [
      ...places.map((place) => ({
        id: place.id,
        label: placeName(place, reader),
        kind: t(`frame.way.${place.kind === "home" ? "home" : place.isDirect ? "direct" : "channel"}`),
        follow: () => (go(place.kind === "home" ? { kind: "home" } : { kind: "channel", id: place.id }), afterDrawing(focusPlace)),
      })),
      ...people
        .filter((one) => one.id !== me && !one.deleted)
        .map((one) => ({ id: one.id, label: one.real_name, kind: t("frame.way.person"), follow: () => become(one.id) })),
      ...TAB_NAMES.map((name) => ({
        id: `tab-${name}`,
        label: t(`frame.tab.${name}`),
        kind: t("frame.side"),
        follow: () => (showTab(name), afterDrawing(() => document.getElementById(`tab-${name}`)?.focus())),
      })),
    ];
  }, [reader, go, showTab]);
}

/** Tell whether every word that was typed occurs in a name. */
function fits(name, said) {
  const words = said.toLocaleLowerCase().split(/\s+/);
  return words.every((word) => name.toLocaleLowerCase().includes(word));
}
