/* What every part of the page may ask for: the state, who looks, words, and the frame's few deeds. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

export const PageContext = createContext(null);

/** Return {state, me, person, language, preferences, t, become, prefer}. */
export const usePage = () => useContext(PageContext);

/** What the frame holds: the place that is looked at, the open thread, the side's tab; and how they are changed. */
export const FrameContext = createContext(null);

/** Return {place, go, thread, openThread, closeThread, tab, showTab, notify}. */
export const useFrame = () => useContext(FrameContext);
