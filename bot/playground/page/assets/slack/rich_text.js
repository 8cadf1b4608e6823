/* Slack's rich text, a block whose text is a tree already: its parts are turned into the nodes that text.js draws. Its forms:
   docs.slack.dev/reference/block-kit/blocks/rich-text-block. */
import { html } from "htm/preact";
import { emojiOf } from "./emoji.js";
import { drawnInline } from "./text.js";

const STYLES = { code: "code", bold: "bold", italic: "italic", strike: "strike", underline: "underline", highlight: "highlight" };

/** Draw a rich_text block. */
export function RichText({ block }) {
  return html`<div class="msg-rich" dir="auto">${block.elements.map((part) => html`<${Part} part=${part} />`)}</div>`;
}

function Part({ part }) {
  if (part.type === "rich_text_list") return html`<${List} ...${part} />`;
  const words = part.elements.map((element) => drawnInline(styled(element)));
  if (part.type === "rich_text_quote") return html`<blockquote class="msg-quote">${words}</blockquote>`;
  if (part.type === "rich_text_preformatted") return html`<pre class="msg-pre">${words}</pre>`;
  return html`<div class="msg-rich-section">${words}</div>`;
}

function List({ style, elements, indent = 0, offset = 0 }) {
  const items = elements.map((item) => html`<li>${item.elements.map((element) => drawnInline(styled(element)))}</li>`);
  const place = { class: "msg-list", "data-depth": indent % 3, style: { "--indent": indent } };
  return style === "ordered" ? html`<ol ...${place} start=${offset + 1}>${items}</ol>` : html`<ul ...${place}>${items}</ul>`;
}

/** Turn an element into a node, inside of one more for each of its styles. */
function styled(element) {
  const styles = Object.keys(STYLES).filter((name) => element.style?.[name]);
  return styles.reduce((node, name) => ({ kind: STYLES[name], children: [node] }), nodeOf(element));
}

const NODES = {
  text: ({ text }) => ({ kind: "text", text }),
  link: ({ url, text }) => ({ kind: "link", url, children: [{ kind: "text", text: text || url }] }),
  user: ({ user_id: id }) => ({ kind: "user", id }),
  usergroup: ({ usergroup_id: id }) => ({ kind: "group", id }),
  channel: ({ channel_id: id }) => ({ kind: "channel", id }),
  broadcast: ({ range }) => ({ kind: "everybody", range }),
  emoji: (element) => ({ kind: "emoji", name: element.name, character: character(element) }),
  color: ({ value }) => ({ kind: "code", children: [{ kind: "text", text: value }] }),
  date: ({ timestamp, format, url, fallback = "" }) => ({ kind: "date", seconds: timestamp, format, url, fallback }),
};

const nodeOf = (element) => NODES[element.type]?.(element) ?? { kind: "text", text: element.text ?? `[${element.type}]` };

/** Find an emoji's character by name, or by the code points that Slack sends along; a strange one stays its name. */
function character({ name, unicode, skin_tone: tone }) {
  const sent = /^[0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*$/i.test(unicode ?? "") ? unicode.split("-") : null;
  const points = sent?.map((hex) => parseInt(hex, 16)).filter((point) => point <= 0x10ffff);
  return emojiOf(name, tone && String(tone)) ?? (points ? String.fromCodePoint(...points) : `:${name}:`);
}
