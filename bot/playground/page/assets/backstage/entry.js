/* All about one line: facts, what was sent, what was answered. It is asked for when the line is opened. */
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { act } from "../core/api.js";
import { useReader } from "../core/context.js";
import { CopyButton } from "./copy.js";
import { Json, parsed } from "./json_tree.js";
import { exactClock, taken } from "./times.js";
import { troubleInWords } from "./words_of_lines.js";

/** Draw what a line holds; it is asked for again when the line has changed. */
export function Entry({ line }) {
  const { t } = useReader();
  const { entry, failure } = useEntry(line);
  if (failure) return html`<p class="back-failed" role="alert">${failure}</p>`;
  if (!entry) return html`<p class="back-entry-wait" role="status">${t("backstage.entry.wait")}</p>`;
  return html`<div class="back-entry">
    <${CopyButton} part="copy-line" lines=${[line]} label=${t("backstage.copy")} />
    <${Facts} line=${line} entry=${entry} />
    ${line.between === "mpaas" ? html`<${MpaasParts} entry=${entry} />` : html`<${SlackParts} entry=${entry} />`}
  </div>`;
}

function useEntry(line) {
  const [found, set] = useState({ entry: null, failure: "" });
  useEffect(() => {
    let gone = false;
    act("entry", { line: line.id }).then(
      (entry) => gone || set({ entry, failure: "" }),
      (refusal) => gone || set({ entry: null, failure: refusal.message }),
    );
    return () => {
      gone = true;
    };
  }, [line]);
  return found;
}

function SlackParts({ entry }) {
  return entry.facts
    ? html`<${Part} name="facts" value=${entry.facts} />`
    : html`<${Part} name="sent" value=${entry.sent} /><${Part} name="answer" value=${parsed(entry.answer)} />`;
}

function MpaasParts({ entry }) {
  return html`<${Part} name="sent" value=${entry.parameters} />
    <${Part} name="headers" value=${Object.fromEntries(entry.headers)} folded />
    <${Part} name="answer" value=${parsed(entry.reply)} />
    <${Part} name="answer_headers" value=${Object.fromEntries(entry.reply_headers)} folded />`;
}

function Part({ name, value, folded = false }) {
  const { t } = useReader();
  const [open, setOpen] = useState(!folded);
  return html`<section class="back-part">
    <h4><button type="button" class="back-part-fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>${t(`backstage.entry.${name}`)}</button></h4>
    ${open && (isNothing(value) ? html`<p class="back-entry-nothing">${t("backstage.entry.nothing")}</p>` : html`<${Json} value=${value} />`)}
  </section>`;
}

const isNothing = (value) => value === null || value === "" || value === undefined;

function Facts({ line, entry }) {
  const reader = useReader();
  const { t } = reader;
  const facts = [
    ["at", exactClock(reader, new Date(line.at))],
    ["taken", line.milliseconds === null ? "" : taken(line.milliseconds)],
    ["ack", line.limit ? ackInWords(line, t) : ""],
    ["status", line.status ?? ""],
    ["trouble", line.trouble && troubleInWords(line, t)],
    ...(line.between === "mpaas" ? signatureFacts(entry, t) : []),
  ];
  return html`<dl class="back-facts">${facts.filter(([, said]) => said !== "").map(
    ([name, said]) => html`<div key=${name}><dt>${t(`backstage.fact.${name}`)}</dt><dd>${said}</dd></div>`,
  )}</dl>`;
}

const ackInWords = (line, t) =>
  t(line.trouble || line.milliseconds > line.limit ? "backstage.late" : "backstage.acked");

/** What the simulated gateway found out about a signature, and what was signed. */
function signatureFacts({ signature, headers, executed }, t) {
  const found = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const [, key = "", signed = ""] = /Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+)/.exec(found.authorization ?? "") ?? [];
  const known = ["right", "unchecked"].includes(signature);
  return [
    ["executed", t(executed ? "backstage.fact.yes" : "backstage.fact.no")],
    ["signature", known ? t(`backstage.fact.signature.${signature}`) : signature],
    ["key", key],
    ["signed", signed.replaceAll(";", ", ")],
    ["date", found["x-acs-date"] ?? ""],
    ["nonce", found["x-acs-signature-nonce"] ?? ""],
  ];
}
