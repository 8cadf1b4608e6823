/* Which place is looked at: kept in the address, so that Back, Forward and reloading do what they do everywhere. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { whereLooks, windowOf } from "../core/address.js";
import { nameOfPlace } from "../slack/places.js";

/** Return [place, go]; a place that is not the person's own gives way to the first that is. */
export function usePlace(me, channels) {
  const [place, setPlace] = useState(whereLooks);
  const go = useCallback(
    (to) => {
      if (!samePlace(to, whereLooks())) history.pushState(null, "", windowOf(me, to));
      setPlace((before) => (samePlace(before, to) ? before : to));
    },
    [me],
  );
  useEffect(() => {
    const back = () => setPlace(whereLooks());
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const lost = place.kind === "channel" && channels.length > 0 && !channels.some((one) => one.id === place.id);
  useEffect(() => {
    if (!lost) return;
    const first = { kind: "channel", id: channels[0].id };
    history.replaceState(null, "", windowOf(me, first));
    setPlace(first);
  }, [lost]);
  return [place, go];
}

/** Tell whether two places are one. */
export const samePlace = (one, other) => one.kind === other.kind && one.id === other.id;

/** Name a place for people: a conversation's name, the bot's for its Home. */
export function placeName(place, reader) {
  if (place.kind === "home") return reader.bot.real_name;
  const channel = reader.channels.find((one) => one.id === place.id);
  return channel ? nameOfPlace(channel, reader) : "";
}

/** Put the focus where somebody goes on after a change of place: into the composer, or on the chat where there is none. */
export function focusPlace() {
  const chat = document.getElementById("frame-chat");
  const composer = chat?.querySelector('[data-part="composer"]:not(:disabled)');
  const byHand = matchMedia("(pointer: coarse)").matches;
  (composer && !byHand ? composer : chat)?.focus({ preventScroll: true });
}
