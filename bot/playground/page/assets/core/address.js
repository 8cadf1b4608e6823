/* What the page's own address says: `?as=U02BO` names who looks, `&at=C0123APPROVE` (or `&at=home`) what they look at. */

const FIRST = "U01ANA";
const GENERAL = "C0001GENERAL";

const said = (name) => new URLSearchParams(location.search).get(name);

/** Name the person that the address asks for; without one it is Ana, who asks for pushes. */
export const whoLooks = () => said("as") || FIRST;

/** Name the place that the address asks for: {kind: "home"} or {kind: "channel", id}. */
export function whereLooks() {
  const at = said("at") || GENERAL;
  return at === "home" ? { kind: "home" } : { kind: "channel", id: at };
}

/** The address of a window of another person; `place` may be given. */
export function windowOf(id, place = null) {
  const at = place && `&at=${encodeURIComponent(place.kind === "home" ? "home" : place.id)}`;
  return `/?as=${encodeURIComponent(id)}${at ?? ""}`;
}
