/* The tab of the log: what is shown of it, and its end that stays in sight as long as nobody scrolls away. How one line
   looks is log_line.js's, what stands in it entry.js's. */
import { html } from "htm/preact";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useBackstage, useLog, useReader } from "../core/context.js";
import { CopyButton } from "./copy.js";
import { useChoice } from "./kept.js";
import { Line } from "./log_line.js";
import { UnderWay } from "./under_way.js";
import { eventInWords, troubleInWords } from "./words_of_lines.js";

const SHOWN = ["all", "slack", "mpaas", "trouble"];
const NEAR = 24;
/* Pixels from the end that still count as the end. */

/** Draw the log. */
export function Log() {
  const { t } = useReader();
  const log = useLog();
  const { under_way: underWay = [] } = useBackstage();
  const [shown, setShown] = useChoice("log-shown", "all");
  const [query, setQuery] = useChoice("log-query", "");
  const [open, setOpen] = useState("");
  const lines = useMemo(() => chosen(log, shown, query, t), [log, shown, query, t]);
  const end = useEnd(lines.length, open !== "");
  const toggle = useCallback((id) => setOpen((before) => (before === id ? "" : id)), []);
  const rows = useMemo(
    () => lines.map((line) => html`<${Line} key=${line.id} line=${line} open=${open === line.id} onToggle=${toggle} />`),
    [lines, open],
  );
  return html`<div class="back-log">
    <${Bar} shown=${shown} onShow=${setShown} query=${query} onQuery=${setQuery} lines=${lines} all=${log.length} />
    <div class="back-log-scroll" data-follows=${end.follows} ref=${end.box} onScroll=${end.onScroll}>
      <div ref=${end.content}>
        ${lines.length === 0 && html`<p class="back-log-none">${t(log.length ? "backstage.log.none.fits" : "backstage.log.none")}</p>`}
        <ol class="back-log-lines" aria-label=${t("backstage.log.about")}>${rows}</ol>
        <${UnderWay} all=${underWay} shown=${shown} />
      </div>
    </div>
    ${!end.atEnd && html`<button type="button" class="back-log-newer" onClick=${end.go}>
      ${end.newer ? t("backstage.log.newer", { count: end.newer }) : t("backstage.log.to_end")}</button>`}
  </div>`;
}

function Bar({ shown, onShow, query, onQuery, lines, all }) {
  const { t } = useReader();
  const limit = (lines.find((line) => line.limit)?.limit ?? 3000) / 1000;
  return html`<div class="back-log-bar">
    <div class="back-log-show" role="group" aria-label=${t("backstage.log.show")}>
      ${SHOWN.map((name) => html`<button type="button" key=${name} class="back-log-filter" data-filter=${name} aria-pressed=${shown === name}
        onClick=${() => onShow(name)}>${t(`backstage.log.${name}`)}</button>`)}
    </div>
    <label class="back-log-search"><span class="visually-hidden">${t("backstage.log.search")}</span>
      <input type="search" class="back-field" data-part="log-search" placeholder=${t("backstage.log.search")} value=${query}
        onInput=${(event) => onQuery(event.currentTarget.value)} /></label>
    <p class="back-log-limit">${t("backstage.log.limit", { limit })}</p>
    <p class="back-log-foot"><span role="status">${t("backstage.log.count", { shown: lines.length, all })}</span>
      <${CopyButton} part="copy-shown" lines=${lines} label=${t("backstage.copy.all")} /></p>
  </div>`;
}

/** Choose the lines that are shown; what is searched for may stand in any word of the line. */
function chosen(log, shown, query, t) {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return log.filter((line) => {
    if (shown === "trouble" ? !line.trouble && !(line.status >= 400) : shown !== "all" && line.between !== shown) return false;
    const said = words.length ? saidIn(line, t) : "";
    return words.every((word) => said.includes(word));
  });
}

function saidIn(line, t) {
  const words = line.kind === "event" ? eventInWords(line, t) : line.trouble && troubleInWords(line, t);
  return `${line.name} ${line.about} ${line.status ?? ""} ${line.trouble} ${words}`.toLocaleLowerCase();
}

/**
 * Keep the end in sight, unless `held`: {box, content, onScroll, atEnd, follows, newer, go}; `newer` counts what came while it was
 * not. What `follows` must not be held in its place by the browser while old lines go: it would be taken for somebody who went up.
 */
function useEnd(count, held) {
  const box = useRef(null);
  const content = useRef(null);
  const near = useRef(true);
  const top = useRef(0);
  const seen = useRef(count);
  const isHeld = useRef(held);
  isHeld.current = held;
  const [atEnd, setAtEnd] = useState(true);
  const onScroll = useCallback(() => {
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    const isDown = near.current && scrollTop >= top.current; // what came since is below, but nobody went up
    near.current = isDown || scrollHeight - scrollTop - clientHeight < NEAR;
    top.current = scrollTop;
    setAtEnd(near.current);
  }, []);
  const go = useCallback(() => {
    box.current.scrollTop = box.current.scrollHeight;
  }, []);
  if (near.current && !held) seen.current = count;
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => near.current && !isHeld.current && go());
    [box, content].forEach((one) => sizes.observe(one.current));
    return () => sizes.disconnect();
  }, []);
  return { box, content, onScroll, go, atEnd, follows: atEnd && !held, newer: Math.max(0, count - seen.current) };
}
