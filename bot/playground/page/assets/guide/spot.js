/* Where the tour's ring and box lie: around what is to be pressed next, and beside it. What they say is not known here.

   Both live in a host of their own, a popover, so that nothing cuts or covers them. Under a dialog that lets nothing beside it
   be pressed they are away. */

const GAP = 14;
const MARGIN = 10;
const RING = 5;
const LEAST = 8;
/* Pixels of an element's sides below which it counts as not seen. */
const NARROW = 640;

/** Make the host; it hangs nowhere yet. */
export function makeHost() {
  const host = document.createElement("div");
  host.className = "guide-host";
  host.setAttribute("popover", "manual");
  return host;
}

/**
 * Keep the host's ring and box at the first of `selectors` that can be seen, whatever scrolls, opens or changes size.
 * `onSeen(bool)` hears whether there is one. Returns the way to stop.
 */
export function followSpot(host, selectors, onSeen) {
  let waiting = 0;
  let shown = null;
  const look = () => {
    waiting = 0;
    const target = findSeen(selectors);
    hang(host, target !== shown);
    shown = target;
    draw(host, target);
    onSeen(target !== null);
  };
  const soon = () => (waiting ||= requestAnimationFrame(look));
  bringIntoView(selectors);
  const changes = new MutationObserver((all) => all.some((one) => !host.contains(one.target)) && soon());
  changes.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: FILTER });
  const sizes = new ResizeObserver(soon);
  [document.body, host.querySelector('[data-part="tour"]'), ...selectors.map(find)].forEach((one) => one && sizes.observe(one));
  const events = ["scroll", "resize", "transitionend", "toggle", "input"];
  events.forEach((name) => addEventListener(name, soon, { capture: true, passive: true }));
  look();
  return () => {
    cancelAnimationFrame(waiting);
    changes.disconnect();
    sizes.disconnect();
    events.forEach((name) => removeEventListener(name, soon, { capture: true }));
    makeRoom(0);
  };
}

const FILTER = ["class", "open", "hidden", "aria-expanded", "aria-selected", "data-pane"];
const find = (selector) => document.querySelector(selector);

/** Return the first element that can be seen, or null. */
function findSeen(selectors) {
  return selectors.flatMap((one) => [...document.querySelectorAll(one)]).find((one) => seenPart(one) !== null) ?? null;
}

/** Scroll to what is to be pressed, once: whoever scrolls away afterwards is left in peace. */
export function bringIntoView(selectors) {
  const target = selectors.map(find).find((one) => one?.checkVisibility());
  if (!target || findSeen(selectors)) return;
  target.scrollIntoView({ block: "center", inline: "nearest" });
}

/** Return the part of an element that no scrolling parent and no edge of the window hides: {left, top, right, bottom}. */
function seenPart(element) {
  if (!element.checkVisibility({ visibilityProperty: true })) return null;
  let part = corners(element.getBoundingClientRect());
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) {
    if (one.matches("[popover]:popover-open, dialog")) break;
    if (getComputedStyle(one).overflowY !== "visible") part = common(part, corners(one.getBoundingClientRect()));
  }
  part = common(part, { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
  return part.right - part.left >= LEAST && part.bottom - part.top >= LEAST ? part : null;
}

const corners = ({ left, top, right, bottom }) => ({ left, top, right, bottom });

const common = (one, other) => ({
  left: Math.max(one.left, other.left),
  top: Math.max(one.top, other.top),
  right: Math.min(one.right, other.right),
  bottom: Math.min(one.bottom, other.bottom),
});

/** Lay the host on top of everything; away while a dialog lies open that nothing can be pressed beside. */
function hang(host, isNew) {
  host.classList.toggle("guide-away", document.querySelector("dialog[open]") !== null);
  if (!host.isConnected) document.body.append(host);
  if (!host.showPopover) return;
  const isOpen = host.matches(":popover-open");
  if (isOpen && !isNew) return;
  keepingFocus(host, () => {
    if (isOpen) host.hidePopover();
    host.showPopover();
  });
}

/** Do something that takes the focus out of the host, and give it back. */
function keepingFocus(host, deed) {
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  deed();
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function draw(host, target) {
  const ring = host.querySelector(".guide-ring");
  const box = host.querySelector('[data-part="tour"]');
  if (!ring || !box) return;
  const room = { width: innerWidth, height: innerHeight };
  const part = target && seenPart(target);
  ring.hidden = !part;
  if (part) lay(ring, around(part, room));
  const whole = target?.closest(WHOLES);
  const isDocked = innerWidth < NARROW;
  host.classList.toggle("guide-docked", isDocked);
  const size = { width: box.offsetWidth, height: box.offsetHeight };
  makeRoom(isDocked ? size.height : 0);
  lay(box, isDocked ? { left: 0, top: room.height - size.height } : spotBeside(part, (whole && seenPart(whole)) ?? part, size, room));
}

/** Let the page end above the box: in a narrow window there is no spot beside anything. */
function makeRoom(height) {
  document.documentElement.style.setProperty("--guide-room", `${height}px`);
}

/** What is read as a whole: the box lies beside all of it where there is room. */
const WHOLES = '[role="dialog"], [data-ts], .el-popup';

/** Return the ring's place around a part, within the window. */
function around(part, room) {
  const left = Math.max(1, part.left - RING);
  const top = Math.max(1, part.top - RING);
  const right = Math.min(room.width - 1, part.right + RING);
  const bottom = Math.min(room.height - 1, part.bottom + RING);
  return { left, top, width: right - left, height: bottom - top };
}

function lay(element, numbers) {
  for (const [name, value] of Object.entries(numbers)) element.style[name] = `${Math.round(value)}px`;
}

/**
 * Find a spot for a box, {left, top}: beside the whole of which the part is one, else beside the part, so that it does not
 * cover it; else in a corner that is free.
 */
export function spotBeside(part, whole, box, room) {
  if (!part) return corner(box, room, "end");
  const beside = [...sides(part, whole, box).slice(0, 2), ...sides(part, part, box)];
  const found = beside.find((spot) => fits(spot, box, room));
  if (found) return { left: clamp(found.left, room.width - box.width), top: clamp(found.top, room.height - box.height) };
  const below = corner(box, room, "end");
  return below.top < part.bottom + RING && part.top - MARGIN > box.height ? corner(box, room, "start") : below;
}

/** List the spots to try: right and left of the whole, above and below it; each in line with the part. */
function sides(part, whole, box) {
  const left = (part.left + part.right - box.width) / 2;
  const top = (part.top + part.bottom - box.height) / 2;
  return [
    { left: whole.right + GAP, top, along: "top" },
    { left: whole.left - GAP - box.width, top, along: "top" },
    { left, top: whole.top - GAP - box.height, along: "left" },
    { left, top: whole.bottom + GAP, along: "left" },
  ];
}

/** Tell whether a spot fits in the direction in which it must not be moved. */
function fits(spot, box, room) {
  if (spot.along === "top") return spot.left >= MARGIN && spot.left + box.width <= room.width - MARGIN;
  return spot.top >= MARGIN && spot.top + box.height <= room.height - MARGIN;
}

const clamp = (value, most) => Math.max(MARGIN, Math.min(value, most - MARGIN));

const corner = (box, room, down) => ({
  left: Math.max(MARGIN, room.width - box.width - MARGIN),
  top: down === "end" ? Math.max(MARGIN, room.height - box.height - MARGIN) : MARGIN,
});
