/* Tells those who hear the page what others say while they are here: each message by itself, a crowd of them as a number.
   The list itself is silent, or a thousand messages would be read out. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { memberOf } from "./avatar.js";
import { plainText } from "./text.js";

const SAID_SINGLY = 3;

/** Announce what was added to rows since the last time, but for one's own. */
export function Announcer({ rows }) {
  const reader = useReader();
  const [words, say] = useState("");
  const until = useRef(rows.at(-1)?.message?.ts ?? "");
  useEffect(() => {
    const messages = rows.flatMap((row) => row.message ?? []);
    const added = messages.filter((one) => one.ts > until.current && one.user !== reader.me);
    until.current = messages.at(-1)?.ts ?? until.current;
    if (added.length > SAID_SINGLY) say(reader.t("conversation.announced", { count: added.length }));
    else if (added.length) say(added.map((one) => spoken(one, reader)).join(" "));
  }, [rows]);
  return html`<div class="visually-hidden" role="status">${words}</div>`;
}

const spoken = ({ user, text }, reader) =>
  `${memberOf(reader, user).real_name}: ${plainText({ type: "mrkdwn", text }, reader)}`;
