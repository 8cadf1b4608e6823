/* Room for deeds: a browser opens six connections to one address for all of its windows together, and the stream of every
   window holds one. When it gets crowded, windows that nobody sees let go of theirs until they are looked at again. */

const NAME = "broadcast-playground-streams";
const ROOM = 4;
/* Streams that leave room enough for deeds and files. */

/** Take a place for a stream; returns the way to give it back. */
export function takePlace() {
  let giveBack = () => {};
  const until = new Promise((resolve) => (giveBack = resolve));
  navigator.locks?.request(NAME, { mode: "shared" }, () => until);
  const others = new BroadcastChannel(NAME);
  others.postMessage("one more");
  others.close();
  return giveBack;
}

/** Tell whether too many streams are open; a browser that cannot count them is taken for crowded. */
export async function isCrowded() {
  if (!navigator.locks) return true;
  const { held } = await navigator.locks.query();
  return held.filter((one) => one.name === NAME).length > ROOM;
}

/** Call `tell` when another window opens a stream. Returns the way to stop. */
export function hearOthers(tell) {
  const others = new BroadcastChannel(NAME);
  others.onmessage = () => tell();
  return () => others.close();
}
