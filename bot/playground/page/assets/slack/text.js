/* Slack's text objects, drawn as Slack draws them: mrkdwn with its marks, plain text with none. How mrkdwn is read stands in
   mrkdwn.js, what a text names in chips.js. */
import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import { memo } from "../core/memo.js";
import { Chip, isChip, wordsOf } from "./chips.js";
import { EMOJI, emojiOf } from "./emoji.js";
import { parse } from "./mrkdwn.js";

/** Draw a text object, {type: "plain_text" | "mrkdwn", text, emoji?, verbatim?}; nothing for none. */
export function Text({ text }) {
  if (!text) return null;
  return text.type === "mrkdwn"
    ? html`<${Mrkdwn} source=${text.text} verbatim=${text.verbatim ?? false} />`
    : html`<${Plain} text=${text.text} emoji=${text.emoji ?? true} />`;
}

/** Draw mrkdwn; without `verbatim`, bare web addresses become links. */
export const Mrkdwn = memo(function Mrkdwn({ source, verbatim = false }) {
  const tree = useMemo(() => parse(source ?? "", { verbatim }), [source, verbatim]);
  return html`<span class="msg-mrkdwn" dir="auto">${tree.map(drawnBlock)}</span>`;
});

/** Nothing in a plain text means anything, but an emoji's name if `emoji` says so: marks, tokens and entities stay as written. */
const Plain = memo(function Plain({ text, emoji }) {
  const nodes = useMemo(() => plainNodes(text, emoji), [text, emoji]);
  return html`<span class="msg-plain" dir="auto">${nodes.map(drawnInline)}</span>`;
});

/**
 * Say a text object's words: no marks, names in place of ids, the reader's dates. `state` is a state, or what useReader() or
 * usePage() returned; `now` a moment, without which no day is "today".
 */
export function plainText(text, state, now = state.state?.now ?? state.now) {
  if (!text) return "";
  const known = { ...state, ...state.state };
  const say = (node) => node.children?.map(say).join("") ?? node.text ?? wordsOf(node, known, now);
  const sayBlock = ({ kind, lines, blocks, children }) => {
    if (kind === "lines") return lines.map((line) => line.map(say).join("")).join("\n");
    return kind === "quote" ? blocks.map(sayBlock).join("\n") : children.map(say).join("");
  };
  if (text.type === "mrkdwn") return parse(text.text ?? "", text).map(sayBlock).join("\n");
  return plainNodes(text.text, text.emoji ?? true).map(say).join("");
}

const ANY_EMOJI = new RegExp(EMOJI.source, "g");

function plainNodes(text, emoji) {
  const nodes = [];
  let from = 0;
  for (const found of emoji ? text.matchAll(ANY_EMOJI) : []) {
    const character = emojiOf(found[1], found[2]);
    if (!character) continue;
    nodes.push({ kind: "text", text: text.slice(from, found.index) }, { kind: "emoji", name: found[1], character });
    from = found.index + found[0].length;
  }
  return [...nodes, { kind: "text", text: text.slice(from) }];
}

function drawnBlock(block) {
  if (block.kind === "lines") return html`<span class="msg-lines">${block.lines.map(drawnLine)}</span>`;
  if (block.kind === "quote") return html`<blockquote class="msg-quote">${block.blocks.map(drawnBlock)}</blockquote>`;
  return html`<pre class="msg-pre">${block.children.map(drawnInline)}</pre>`;
}

/** Draw a line; an empty one is half as high, as between Slack's paragraphs. */
function drawnLine(line, at, lines) {
  if (!line.length) return html`<span class="msg-gap"></span>`;
  const goesOn = at + 1 < lines.length && lines[at + 1].length;
  return html`${line.map(drawnInline)}${goesOn ? html`<br />` : ""}`;
}

const ELEMENTS = { bold: "b", italic: "i", strike: "s", underline: "u", highlight: "mark" };

/** Draw one inline node of a tree. */
export function drawnInline(node) {
  if (node.kind === "text") return node.text;
  if (node.kind === "code") return html`<code class="msg-code">${node.children.map(drawnInline)}</code>`;
  if (isChip(node.kind)) return html`<${Chip} node=${node}>${node.children?.map(drawnInline)}<//>`;
  return html`<${ELEMENTS[node.kind]}>${node.children.map(drawnInline)}<//>`;
}
