/* What the page's own address says: `?as=U02BO` names who looks. */

const FIRST = "U01ANA";

/** Name the person that the address asks for; without one it is Ana, who asks for pushes. */
export const whoLooks = () => new URLSearchParams(location.search).get("as") || FIRST;

/** The address of a window of another person. */
export const windowOf = (id) => `/?as=${encodeURIComponent(id)}`;
