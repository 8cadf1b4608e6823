/* What somebody chose for this page, kept in the browser for all of its windows: language, theme, the side, the tour.
   A part may keep a choice of its own under a name of its own. */

const KEY = "broadcast-playground";
const FIRST = {
  language: "person",
  theme: "system",
  side: { open: true, width: 0 },
  tour: "open",
  phones: {},
  mpaas: {},
  progress: { run: "", step: 0, far: 0, since: "", later: "", marks: [] },
};

/** Read what was chosen; a browser that forbids storage, or holds rubbish, gets the first values. */
export function preferences() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const fits = Object.entries(kept).filter(([name, value]) => isLike(FIRST[name], value));
    return { ...FIRST, ...Object.fromEntries(fits) };
  } catch {
    return FIRST;
  }
}

const isLike = (first, value) => value !== null && (first === undefined || typeof value === typeof first);

/** Keep one choice, a value or a function of the value before, and return all of them. */
export function rememberPreference(before, name, value) {
  const all = { ...before, ...preferences() };
  const chosen = { ...all, [name]: typeof value === "function" ? value(all[name]) : value };
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    /* A browser that forbids storage forgets it with the page. */
  }
  return chosen;
}

/** Call `tell` when another window of this page chose something. Returns the way to stop. */
export function followPreferences(tell) {
  const heard = (event) => event.key === KEY && tell(preferences());
  addEventListener("storage", heard);
  return () => removeEventListener("storage", heard);
}
