/* The one line that appears by itself: what was just done, or what went wrong outside of any part. */
import { html } from "htm/preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { Refused } from "../core/api.js";

const SHOWN = 5000;
/* Milliseconds. */

/** Return [notice, notify]; a notice is {words, count}, goes by itself, and the same words count as a new one. */
export function useNotice() {
  const [notice, setNotice] = useState({ words: "", count: 0 });
  const notify = useCallback((words) => setNotice((before) => ({ words, count: before.count + 1 })), []);
  useEffect(() => {
    const timer = setTimeout(() => setNotice((before) => ({ ...before, words: "" })), SHOWN);
    return () => clearTimeout(timer);
  }, [notice.count]);
  useRefusals(notify);
  return [notice, notify];
}

/** Show the simulator's sentence when a deed was refused and nobody looked after it. */
function useRefusals(notify) {
  useEffect(() => {
    const heard = (event) => {
      if (!(event.reason instanceof Refused)) return;
      event.preventDefault();
      notify(event.reason.message);
    };
    addEventListener("unhandledrejection", heard);
    return () => removeEventListener("unhandledrejection", heard);
  }, [notify]);
}

/** Draw the notice; it is announced when it changes. */
export const Notice = ({ notice }) => html`<p class="frame-notice" role="status" aria-live="polite">
  ${notice.words && html`<span key=${notice.count}>${notice.words}</span>`}</p>`;
