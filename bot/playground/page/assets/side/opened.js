/* A list whose rows open into a whole, and back: which one is open, and that the focus returns to the row it came from. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** Return {opened, left, open, close}: what is open (null: the list is), and the row that was open before. */
export function useOpened() {
  const [{ opened, left }, set] = useState({ opened: null, left: null });
  const open = useCallback((id) => set({ opened: id, left: null }), []);
  const close = useCallback(() => set((before) => ({ opened: null, left: before.opened })), []);
  return { opened, left, open, close };
}

/** Return a ref whose element takes the focus when it is drawn and `wanted`. */
export function useFocusWhen(wanted) {
  const element = useRef(null);
  useEffect(() => void (wanted && element.current?.focus()), []);
  return element;
}
