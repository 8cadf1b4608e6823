/* Small values that live outside the drawn tree, so that they outlast a change of channel. What they mean is not known here. */
import { useLayoutEffect, useReducer } from "preact/hooks";

/**
 * Make a shelf of values by key; a key that was never put has the value `empty`.
 * Returns {get(key), put(key, value), follow(tell)}; `follow` returns the way to stop.
 */
export function shelfOf(empty) {
  const values = new Map();
  const followers = new Set();
  return {
    get: (key) => values.get(key) ?? empty,
    put(key, value) {
      values.set(key, value);
      followers.forEach((tell) => tell());
    },
    follow(tell) {
      followers.add(tell);
      return () => followers.delete(tell);
    },
  };
}

/** Read one value of a shelf, and be drawn again when anything on it changes. */
export function useShelf(shelf, key) {
  const again = useReducer((count) => count + 1, 0)[1];
  const value = shelf.get(key);
  useLayoutEffect(() => {
    if (shelf.get(key) !== value) again();
    return shelf.follow(again);
  }, [shelf, key]);
  return value;
}
