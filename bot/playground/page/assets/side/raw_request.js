/* One request to the letter: the signed request, its body decoded and as sent, the reply, and what became of it. The
   AccessKey's secret is never on the wire, so it is nowhere here. */
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { act, Refused } from "../core/api.js";
import { useReader } from "../core/context.js";
import { Copy } from "./copy.js";
import { Outcome, Signature, UnderWay } from "./outcome.js";
import { bodyOf, curlOf, decoded, pretty } from "./raw.js";
import { momentIn } from "./times.js";

const LINE = "\n";

/** Draw the request of a number; `requests` are the rows that tell when it changed, `title` whose request it is. */
export function RawRequest({ number, requests, title, onBack, back }) {
  const { t } = useReader();
  const row = requests.find((one) => one.number === number);
  const { entry, failure } = useEntry(number, row);
  const top = useRef(null);
  useEffect(() => top.current?.focus(), []);
  return html`<div class="side-raw" data-part="raw-request">
    <button type="button" ref=${top} class="side-button side-button-small" data-part="back" onClick=${onBack}>← ${back}</button>
    ${title && html`<h4 class="side-raw-title">${title}</h4>`}
    ${failure && html`<p class="side-failure" role="alert">${failure}</p>`}
    ${number === null && html`<p class="side-nothing">${t("side.raw.gone")}</p>`}
    ${entry && html`<${Entry} entry=${entry} />`}
  </div>`;
}

/** Fetch a request's whole entry, again whenever its row changed. */
function useEntry(number, row) {
  const [found, set] = useState({ entry: null, failure: "" });
  const state = row && `${row.finished} ${row.signature} ${row.executed} ${row.status}`;
  useEffect(() => {
    let left = false;
    const put = (what) => left || set(what);
    if (number !== null) {
      act("entry", { line: `mpaas-${number}` }).then(
        (entry) => put({ entry, failure: "" }),
        (error) => put({ entry: null, failure: error instanceof Refused ? error.message : String(error) }),
      );
    }
    return () => void (left = true);
  }, [number, state]);
  return found;
}

function Entry({ entry }) {
  const { t, person } = useReader();
  return html`
    <p class="side-row-top"><strong class="side-row-name">${entry.action}</strong> <${Outcome} request=${row(entry)} /></p>
    <p class="side-row-line"><${Signature} signature=${entry.signature} /> <time datetime=${entry.at}>${momentIn(entry.at, person)}</time>
      ${entry.milliseconds !== null && ` · ${t("side.requests.took", { milliseconds: Math.round(entry.milliseconds) })}`}</p>
    <p class="side-copies"><${Copy} part="copy-json" text=${() => JSON.stringify(entry, null, 2)}>${t("side.raw.copy_json")}<//>
      <${Copy} part="copy-curl" text=${() => curlOf(entry)}>${t("side.raw.copy_curl")}<//></p>
    <${Part} title=${t("side.raw.request")} name="headers"><${Raw} label=${t("side.raw.request")}>
      ${entry.line} HTTP/1.1${LINE}<${Headers} headers=${entry.headers} /><//><//>
    <${Part} title=${t("side.raw.parameters")} name="parameters"><${Parameters} parameters=${entry.parameters} /><//>
    <${Part} title=${t("side.raw.body")} name="body" closed><${Raw} label=${t("side.raw.body")}>${bodyOf(entry)}<//><//>
    <${Part} title=${t("side.raw.reply")} name="reply"><${Reply} entry=${entry} /><//>`;
}

/** The entry in the words of a row. */
const row = (entry) => ({ ...entry, code: pretty(entry.reply).code });

function Part({ title, name, closed = false, children }) {
  return html`<details class="side-part" data-raw=${name} open=${!closed}><summary>${title}</summary>${children}</details>`;
}

/** Draw a text as it is on the wire; it can be scrolled by the keyboard. */
const Raw = ({ label, children }) => html`<pre class="side-pre" role="group" tabindex="0" aria-label=${label}>${children}</pre>`;

const Headers = ({ headers }) =>
  headers.map(([name, value]) => html`<span key=${name} class="side-header" data-header=${name.toLowerCase()}>
    <span class="side-header-name">${name}:</span>${` ${value}${LINE}`}</span>`);

const Parameters = ({ parameters }) => html`<dl class="side-parameters">
  ${Object.entries(parameters)
    .toSorted()
    .map(([name, value]) => html`<div key=${name} data-parameter=${name}><dt>${name}</dt> <dd>${decoded(value)}</dd></div>`)}
</dl>`;

function Reply({ entry }) {
  const { t } = useReader();
  if (!entry.finished) {
    return html`<p class="side-under-way" data-part="under-way"><span class="side-spinner" aria-hidden="true"></span>
      <${UnderWay} request=${entry} /></p>`;
  }
  if (entry.status === null) return html`<p class="side-nothing">${t("side.raw.no_reply")}</p>`;
  const { text, same } = pretty(entry.reply);
  return html`<${Raw} label=${t("side.raw.reply")}>
      HTTP/1.1 ${entry.status}${LINE}<${Headers} headers=${entry.reply_headers} />${LINE}${text}<//>
    ${!same && html`<details class="side-as-came"><summary>${t("side.raw.as_came")}</summary>
      <${Raw} label=${t("side.raw.as_came")}>${entry.reply}<//></details>`}`;
}
