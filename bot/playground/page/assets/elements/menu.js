/* A button that opens a menu: the overflow menu of Block Kit, and every other menu of the page. What is chosen in it is
   the business of whoever draws it; lists with a search field are chooser.js's. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { usePopup } from "./popup.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

/**
 * Draw a menu button.
 *
 * label: its name for whoever cannot see it; children: what is drawn on it (without any: the label).
 * items: [{id, text, description, url, selected, danger, disabled, attributes}]. `text` and `description` are words or
 * drawn text; a `selected` of true or false makes the items a choice of one; `attributes` such as {"data-person": "U1"}
 * go onto the entry; `url` is opened in a new window beside being chosen.
 * onChoose(item) is called once the menu is closed. align: "start" or "end" of the button. attributes: of the button.
 */
export function Menu({ label, items, onChoose, children, className = "", align = "start", attributes = {}, busy = false }) {
  const [open, setOpen] = useState(false);
  const [first, setFirst] = useState(0);
  const button = useRef(null);
  const list = useRef(null);
  const close = (back) => {
    setOpen(false);
    if (back) button.current?.focus();
  };
  usePopup({ open, anchor: button, popup: list, align, onOutside: () => close(false) });
  useEffect(() => {
    if (open) entries(list.current).at(first)?.focus();
  }, [open]);
  const show = (at) => {
    setFirst(at);
    setOpen(!busy);
  };
  const choose = (item) => {
    close(true);
    onChoose?.(item);
  };
  return html`<span class="el-menu">
    <button type="button" ref=${button} class=${`el-menu-button ${className}`} aria-haspopup="menu" aria-expanded=${open}
      aria-label=${label} aria-disabled=${busy} ...${attributes}
      onClick=${() => (open ? close(true) : show(chosenAt(items)))} onKeyDown=${(event) => openByKey(event, show)}>
      ${children ?? label}
    </button>
    ${open && html`<div ref=${list} class="el-popup el-menu-list" popover="manual" role="menu" aria-label=${label} tabindex="-1"
      onKeyDown=${(event) => keyInMenu(event, list.current, close)}>
      ${items.map((item) => html`<${Entry} key=${item.id} item=${item} onChoose=${choose} />`)}
    </div>`}
  </span>`;
}

const chosenAt = (items) => Math.max(0, items.filter((item) => !item.disabled).findIndex((item) => item.selected));
const entries = (list) => [...(list?.querySelectorAll("[role^=menuitem]:not([aria-disabled=true])") ?? [])];

function Entry({ item, onChoose }) {
  const one = item.selected === undefined ? {} : { "aria-checked": item.selected };
  const properties = {
    role: item.selected === undefined ? "menuitem" : "menuitemradio",
    class: `el-menu-entry ${item.danger ? "el-menu-danger" : ""}`,
    tabindex: -1,
    "aria-disabled": Boolean(item.disabled),
    onClick: (event) => (item.disabled ? event.preventDefault() : onChoose(item)),
    ...one,
    ...item.attributes,
  };
  const inside = html`<span class="el-menu-text">${item.text}</span>
    ${item.description && html`<span class="el-menu-description">${item.description}</span>`}`;
  if (!item.url) return html`<button type="button" ...${properties}>${inside}</button>`;
  return html`<a href=${item.url} target="_blank" rel="noopener noreferrer" ...${properties}>${inside}</a>`;
}

function openByKey(event, show) {
  if (!STEPS[event.key]) return;
  event.preventDefault();
  show(event.key === "ArrowUp" ? -1 : 0);
}

/** Arrows, Home, End and first letters move; Escape and Tab close. Nothing of it reaches what lies below. */
function keyInMenu(event, list, close) {
  const all = entries(list);
  const at = all.indexOf(document.activeElement);
  event.stopPropagation();
  if (event.key === "Escape") close(true);
  else if (event.key === "Tab") close(false);
  else if (STEPS[event.key]) move(event, all, (at + STEPS[event.key] + all.length) % all.length);
  else if (event.key === "Home") move(event, all, 0);
  else if (event.key === "End") move(event, all, all.length - 1);
  else if (event.key === " " && all[at]?.tagName === "A") move(event, all, at).click();
  else if (event.key.length === 1 && event.key !== " ") toLetter(event, all, at);
}

function move(event, all, to) {
  event.preventDefault();
  all[to]?.focus();
  return all[to];
}

function toLetter(event, all, at) {
  const round = [...all.slice(at + 1), ...all.slice(0, at + 1)];
  round.find((one) => one.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
}
