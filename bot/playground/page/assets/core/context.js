/* What every part of the page may ask for: the reader, the state, the clock, and the frame. Four contexts, because they
   change at different paces: a tick of the clock or a new line in the log must not draw a thousand messages again. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Who reads, and what is so for a long time: words, names, channels. Changes rarely. */
export const ReaderContext = createContext(null);
/** The reader's facts and the whole state. Changes with every event but the clock's. */
export const PageContext = createContext(null);
/** The simulated time. Changes every second. */
export const ClockContext = createContext(new Date(0));
/** What the frame holds: the place that is looked at, the open thread, the side's tab; and how they are changed. */
export const FrameContext = createContext(null);

/**
 * Return what changes rarely: {me, person, people, groups, channels, bot, team, language, preferences, t, become, prefer}.
 * Whatever is drawn a hundred times (a message, a text, an element) asks here and not usePage().
 */
export const useReader = () => useContext(ReaderContext);

/** Return all that useReader() does, and the state. */
export const usePage = () => useContext(PageContext);

/** Return the simulated time as a Date, a new one every second: whoever counts down asks here. */
export const useNow = () => useContext(ClockContext);

/** Return {place, go, thread, openThread, closeThread, tab, showTab, pane, showPane, notice, notify}. */
export const useFrame = () => useContext(FrameContext);
