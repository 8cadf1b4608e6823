/* Drawing a long list from its end: what fits on the screen at once, what is older while the page has nothing else to do. */
import { useEffect, useState } from "preact/hooks";

const AT_ONCE = 120;
const STEP = 220;
const WITHIN = 300;
/* Milliseconds after which the next older part is drawn, however busy the page is. */

/** Return how many of the oldest of `total` rows are not drawn yet; it comes down to 0. The row at `needed` is drawn at once. */
export function useGrowing(total, needed) {
  const [hidden, setHidden] = useState(() => Math.max(0, Math.min(total - AT_ONCE, needed)));
  useEffect(() => {
    if (!hidden) return undefined;
    const [soon, never] = globalThis.requestIdleCallback ? [requestIdleCallback, cancelIdleCallback] : [setTimeout, clearTimeout];
    const next = soon(() => setHidden(Math.max(0, hidden - STEP)), globalThis.requestIdleCallback ? { timeout: WITHIN } : 0);
    return () => never(next);
  }, [hidden]);
  return hidden;
}
