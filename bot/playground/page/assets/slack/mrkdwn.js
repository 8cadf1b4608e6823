/* Slack's mrkdwn, read into a small tree: text in, plain objects out. Nothing is drawn here, and no name is looked up.

   A tree is a list of blocks: {kind: "lines", lines: [[inline, ...], ...]}, {kind: "quote", blocks}, {kind: "pre", children}.
   Inline: text, bold, italic, strike, code, link, user, channel, group, everybody, date, emoji.
   What the rules rest on: docs.slack.dev/messaging/formatting-message-text; which letters may stand beside a mark was
   measured by pocka/slack-message-parser (issue 34), and that an escaped "&gt;" quotes too by yhatt/jsx-slack. */
import { EMOJI, emojiOf } from "./emoji.js";

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const CHARACTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const BESIDE = "\\u2000-\\u206f\\u2e00-\\u2e7f";
/* Punctuation of every script's typesetting, such as quotes, dashes, and the marks that set the direction of writing. */
const BEFORE = `\\s?.,\\-!^;:{(\\[%$#+="${BESIDE}`;
const AFTER = `\\s~!#$%^)\\-+={}\\[\\];:'",.?/<${BESIDE}`;
const BEFORE_MARK = new RegExp(`[${BEFORE}]`);
const AFTER_MARK = new RegExp(`[${AFTER}]`);
const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const PRE = new RegExp(`(?<![^_*${BEFORE}])\`\`\`(\\s*[^\\s\`][^]*?)\`\`\`(?![^_*${AFTER}])`, "g");
const QUOTED = /^&gt;(?!(?:[^\w\s]|_)(?:&lt;|&gt;|[|/\\[\]{}()Dpb](?=\s|$))) ?/;
/* Not quoted: "&gt;:(" and "&gt;_&lt;", which are faces. */
const QUOTED_TO_THE_END = /^&gt;&gt;&gt;/;
const TOKEN = /<([^<>\n]+)>/y;
const CODE = /`((?:<[^<>\n]+>|[^`\n<])+)`/y;
const ADDRESS = /https?:\/\/(?:(?!&[lg]t;)[^\s<>|`])+/iy;
const LINKABLE = /^(?:https?:\/\/[^\s]+|mailto:.+)$/i;

/**
 * Read mrkdwn into its tree. Without `verbatim` bare http(s) addresses become links, as Slack makes them by itself.
 */
export function parse(source, { verbatim = false } = {}) {
  return blocksOf(rowsOf(canonical(source)), { verbatim });
}

/** Read Slack's three entities, and no others. */
export const decoded = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => CHARACTERS[entity]);

/** Return an address that may be followed, or null: only http, https and mailto. */
export function followable(url) {
  return LINKABLE.test(url) && URL.canParse(url) ? url : null;
}

/** Write a source as Slack's server keeps it: whatever is neither an entity nor a token is escaped. */
function canonical(source) {
  return source.replace(/<([^<>\n]+)>|&(?!(?:amp|lt|gt);)|[<>]/g, (found, inside) =>
    inside !== undefined && token(inside, {}) ? found : escaped(found),
  );
}

const escaped = (text) => text.replace(/&(?!(?:amp|lt|gt);)|[<>]/g, (character) => ENTITIES[character]);

/** Split a text into rows; code blocks stand in them whole, as {pre}. */
function rowsOf(source) {
  const rows = [[""]];
  const write = (text) => {
    const [first, ...others] = text.split("\n");
    rows.at(-1).push(first);
    others.forEach((row) => rows.push([row]));
  };
  let at = 0;
  for (const found of source.matchAll(PRE)) {
    write(source.slice(at, found.index));
    rows.at(-1).push({ pre: found[1].replace(/^\n|\n$/g, "") });
    at = found.index + found[0].length;
  }
  write(source.slice(at));
  return rows.map(joined);
}

/** Put neighbouring texts of a row together, so that a row begins with its text. */
function joined(row) {
  return row.reduce((all, piece) => {
    const isText = typeof piece === "string" && typeof all.at(-1) === "string";
    return isText ? [...all.slice(0, -1), all.at(-1) + piece] : [...all, piece];
  }, []);
}

function blocksOf(rows, options) {
  const blocks = [];
  for (let at = 0; at < rows.length; at += 1) {
    const [first] = rows[at];
    if (!QUOTED.test(first)) {
      rows[at].forEach((piece, place) => write(blocks, piece, place, rows[at].length, options));
      continue;
    }
    const end = isQuotedToTheEnd(rows, at) ? rows.length : rows.findIndex((row, place) => place > at && !QUOTED.test(row[0]));
    const quoted = rows.slice(at, end < 0 ? rows.length : end);
    blocks.push({ kind: "quote", blocks: linesOf(quoted.map((row) => bare(row, isQuotedToTheEnd(rows, at))), options) });
    at += quoted.length - 1;
  }
  return blocks;
}

const isQuotedToTheEnd = (rows, at) =>
  QUOTED_TO_THE_END.test(rows[at][0]) && (rows[at][0] !== "&gt;&gt;&gt;" || rows.length > at + 1);

/** Take a quoted row's sign away; in a quote to the end only the first row has one. */
function bare([first, ...others], toTheEnd) {
  return [first.replace(toTheEnd ? /^&gt;&gt;&gt; ?/ : QUOTED, ""), ...others];
}

/** Read rows in which nothing more is a quote. */
function linesOf(rows, options) {
  const blocks = [];
  rows.forEach((row) => row.forEach((piece, place) => write(blocks, piece, place, row.length, options)));
  return blocks;
}

/** Add a piece of a row to the blocks: a line, or a code block; nothing where a code block leaves nothing beside it. */
function write(blocks, piece, place, pieces, options) {
  if (typeof piece !== "string") {
    blocks.push({ kind: "pre", children: inline(piece.pre, { ...options, code: true }) });
  } else if (pieces === 1 || piece.trim()) {
    const line = inline(place > 0 ? piece.trimStart() : piece, options);
    if (blocks.at(-1)?.kind === "lines") blocks.at(-1).lines.push(line);
    else blocks.push({ kind: "lines", lines: [line] });
  }
}

/** Read one line; in `code` only tokens and addresses mean anything. */
function inline(text, options) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const say = () => {
    if (plain) nodes.push({ kind: "text", text: decoded(plain) });
    plain = "";
  };
  while (at < text.length) {
    const found = special(text, at, options);
    if (found) {
      say();
      nodes.push(found.node);
    } else {
      plain += text[at];
    }
    at = found?.end ?? at + 1;
  }
  say();
  return nodes;
}

/** Read what begins at `at` and is more than a letter: {node, end}, or null. */
function special(text, at, options) {
  if (text[at] === "<") return tokenAt(text, at, options);
  if (text[at] === "h" || text[at] === "H") return options.verbatim ? null : addressAt(text, at);
  if (options.code) return null;
  if (text[at] === "`") return codeAt(text, at, options);
  if (text[at] === ":") return emojiAt(text, at);
  return text[at] in MARKS ? markedAt(text, at, options) : null;
}

const matchAt = (pattern, text, at) => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Read a token; null where a code mark has cut one in two. */
function tokenAt(text, at, options) {
  const found = matchAt(TOKEN, text, at);
  return found && { node: token(found[1], options), end: at + found[0].length };
}

function addressAt(text, at) {
  if (/[\p{L}\p{N}_]/u.test(text[at - 1] ?? "")) return null;
  const source = matchAt(ADDRESS, text, at)?.[0].replace(/(?:[.,;:!?'")\]}*_~]|&amp;)+$/, "");
  const url = source && followable(decoded(source));
  return url ? { node: { kind: "link", url, children: [{ kind: "text", text: url }] }, end: at + source.length } : null;
}

function codeAt(text, at, options) {
  const found = mayOpen(text, at) && matchAt(CODE, text, at);
  if (!found || !found[1].trim()) return null;
  return { node: { kind: "code", children: inline(found[1], { ...options, code: true }) }, end: at + found[0].length };
}

function emojiAt(text, at) {
  const found = matchAt(EMOJI, text, at);
  const character = found && emojiOf(found[1], found[2]);
  return character ? { node: { kind: "emoji", name: found[1], character }, end: at + found[0].length } : null;
}

function markedAt(text, at, options) {
  const end = mayOpen(text, at) ? closing(text, at, options) : -1;
  if (end < 0) return null;
  return { node: { kind: MARKS[text[at]], children: inline(text.slice(at + 1, end), options) }, end: end + 1 };
}

const mayOpen = (text, at) => at === 0 || BEFORE_MARK.test(text[at - 1]);

/** Find the mark that closes the one at `at`: the next of its kind, if no blank is inside of it and no letter outside. */
function closing(text, at, options) {
  let end = at + 1;
  while (end < text.length && text[end] !== text[at]) end = skipped(text, end, options);
  const isFilled = end > at + 1 && /\S/.test(text[at + 1]) && /\S/.test(text[end - 1]);
  const mayClose = end < text.length && (end + 1 === text.length || AFTER_MARK.test(text[end + 1]));
  return mayClose && isFilled ? end : -1;
}

/** Step over a letter, or over what marks do not reach into. */
function skipped(text, at, options) {
  if (text[at] === "<") return tokenAt(text, at, options)?.end ?? at + 1;
  if (text[at] === "`") return codeAt(text, at, options)?.end ?? at + 1;
  if (text[at] === ":") return at + (matchAt(EMOJI, text, at)?.[0].length ?? 1);
  return (!options.verbatim && addressAt(text, at)?.end) || at + 1;
}

/** Read what stands between angle brackets; null when it is nothing that Slack knows or that may be followed. */
function token(inside, options) {
  const bar = inside.indexOf("|");
  const [what, label] = bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
  const found = /^(?:@([UW][A-Z0-9]+)|#([CDG][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|!(here|channel|everyone)|!date\^(.+))$/.exec(what);
  if (!found) return link(what, label, options);
  const [, user, channel, group, range, date] = found;
  if (user) return { kind: "user", id: user, label: decoded(label) };
  if (channel) return { kind: "channel", id: channel, label: decoded(label) };
  if (group) return { kind: "group", id: group, label: decoded(label) };
  return range ? { kind: "everybody", range } : dated(date, label);
}

function link(source, label, options) {
  const url = followable(decoded(source));
  if (!url) return null;
  const shown = decoded(source.replace(/^mailto:/i, ""));
  const children = label ? inline(label, { ...options, verbatim: true }) : [{ kind: "text", text: shown }];
  return { kind: "link", url, children };
}

/** Read a date's moment, format and link; the fallback is kept as it is written: Slack decodes nothing in it. */
function dated(source, fallback) {
  const [seconds, format = "", address = ""] = source.split("^");
  return { kind: "date", seconds, format: decoded(format), url: followable(decoded(address)), fallback };
}
