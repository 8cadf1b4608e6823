/* The window's title: what is unread, where, and who looks. */
import { useEffect } from "preact/hooks";
import { useReader } from "../core/context.js";
import { placeName } from "./place.js";

/**
 * Keep the title true, such as "(2) #approvals – Bo – Broadcast playground". As in Slack the number counts what is meant for
 * the person (mentions and direct messages), and a star stands for anything else that is unread.
 */
export function useTitle(place, { unread, mentions }) {
  const reader = useReader();
  const name = reader.person?.real_name.split(" ")[0];
  const parts = [placeName(place, reader), name, reader.t("frame.title")].filter(Boolean);
  const mark = mentions ? `(${mentions}) ` : unread ? "* " : "";
  const title = mark + parts.join(" – ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
