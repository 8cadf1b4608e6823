/* What every part of the page may ask for: the reader, what happens in Slack, the other sides, the clock, and the frame. Each is
   a context of its own, because they change at different paces: a tick of the clock or a new line in the log must not draw a
   thousand messages again, nor a message the phones. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Who reads, and what is so for a long time: words, names, channels. Changes rarely. */
export const ReaderContext = createContext(null);
/** The reader's facts and what is so in Slack: messages, forms. Changes with every event of Slack's, and no other. */
export const PageContext = createContext(null);
/** What mPaaS's side shows: tasks, scheduled pushes, templates, requests, statistics. */
export const MpaasContext = createContext(null);
/** What runs and what is broken: processes, the store, planned faults, what was done lately. */
export const BackstageContext = createContext(null);
/** The lines of the log, oldest first. Changes with every request of the bot. */
export const LogContext = createContext(null);
/** The simulated time. Changes every second. */
export const ClockContext = createContext(new Date(0));
/** What the frame holds: the place that is looked at, the open thread, the side's tab; and how they are changed. */
export const FrameContext = createContext(null);

/**
 * Return what changes rarely: {me, person, people, groups, channels, bot, team, run, connected, commands, shortcuts, language,
 * preferences, t, become, prefer}. Whatever is drawn a hundred times (a message, a text, an element) asks here and not usePage().
 */
export const useReader = () => useContext(ReaderContext);

/** Return all that useReader() does, and the state of Slack. */
export const usePage = () => useContext(PageContext);

/** Return what mPaaS's side shows. */
export const useMpaas = () => useContext(MpaasContext);

/** Return what runs and what is broken. */
export const useBackstage = () => useContext(BackstageContext);

/** Return the lines of the log. */
export const useLog = () => useContext(LogContext);

/** Return the simulated time as a Date, a new one every second: whoever counts down asks here. See exact_clock.js for deeds. */
export const useNow = () => useContext(ClockContext);

/** Return {place, go, thread, openThread, closeThread, tab, showTab, pane, showPane, notice, notify}. */
export const useFrame = () => useContext(FrameContext);
