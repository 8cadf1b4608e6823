/* What somebody chose for this page, kept in the browser: language, theme, whether the tour was dismissed. */

const KEY = "broadcast-playground";
const FIRST = { language: "person", theme: "system", tour: "open" };

/** Read what was chosen; a browser that forbids storage gets the first values. */
export function preferences() {
  try {
    return { ...FIRST, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return FIRST;
  }
}

/** Keep one choice, and return all of them. */
export function rememberPreference(name, value) {
  const all = { ...preferences(), [name]: value };
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    /* A browser that forbids storage forgets it with the page. */
  }
  return all;
}
