/* The keys of the page: Slack's own where it has one, and none that a browser or a screen reader needs for something else. */
import { useEffect } from "preact/hooks";
import { dialogIsOpen } from "./dialog.js";

/** Every key with the words that say what it does; `ctrl` is Ctrl, or the Command key of a Mac. */
export const SHORTCUTS = [
  { keys: ["ctrl", "K"], does: "switch" },
  { keys: ["alt", "↑"], does: "before" },
  { keys: ["alt", "↓"], does: "after" },
  { keys: ["ctrl", "/"], does: "help" },
];

const KEY_MEANS = { k: "switch", "/": "help", ArrowUp: "before", ArrowDown: "after" };
const OWN_ARROWS = 'select, input, [role="combobox"], [role="listbox"], [role="menu"], [aria-haspopup="menu"]';

/** Tell whether this is a Mac, where Command stands for Ctrl. */
export const isMac = () => /Mac|iP(hone|ad|od)/.test(navigator.userAgentData?.platform ?? navigator.platform);

/** Call `deeds[name]` when somebody presses the keys of that name; nothing is taken while a dialog is open. */
export function useShortcuts(deeds) {
  useEffect(() => {
    const press = (event) => {
      const name = meaning(event);
      if (!name || dialogIsOpen()) return;
      event.preventDefault();
      deeds[name]();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [deeds]);
}

/** Return what a key means here, or nothing. */
function meaning(event) {
  const arrow = event.key.startsWith("Arrow");
  const main = isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  const fits = arrow ? event.altKey && !event.ctrlKey && !event.metaKey : main && !event.altKey;
  if (!fits || event.shiftKey || event.defaultPrevented || event.isComposing) return undefined;
  if (arrow && event.target.closest?.(OWN_ARROWS)) return undefined;
  return Object.hasOwn(KEY_MEANS, event.key) ? KEY_MEANS[event.key] : undefined;
}

/** Return the place before (-1) or after (1) a channel in the order the sidebar shows them, or nothing at its ends. */
export function neighbour(place, step) {
  const ids = [...document.querySelectorAll("#frame-sidebar [data-channel]")].map((one) => one.dataset.channel);
  const at = ids.indexOf(place.id);
  const id = at < 0 ? ids[step > 0 ? 0 : ids.length - 1] : ids[at + step];
  return id && { kind: "channel", id };
}
