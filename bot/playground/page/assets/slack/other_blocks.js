/* The blocks that the bot has no use for but Slack's list has: pictures, tables, alerts, markdown; and a box that says so for
   what is not drawn at all. The blocks of every day stand in blocks.js. */
import { html } from "htm/preact";
import { useReader } from "../core/context.js";
import { RichText } from "./rich_text.js";
import { Text } from "./text.js";

/** Draw an image block; the page loads nothing from elsewhere, so a frame with the picture's words stands for it. */
export function ImageBlock({ block }) {
  return html`<figure class="msg-figure">
    ${block.title && html`<figcaption class="msg-figure-title"><${Text} text=${block.title} /></figcaption>`}
    <${Picture} image=${block} isLarge />
  </figure>`;
}

/** Draw a picture's place: its alternative text and, where there is room, its address. */
export function Picture({ image, isLarge = false }) {
  const { t } = useReader();
  const address = image.image_url ?? image.slack_file?.url ?? image.slack_file?.id ?? "";
  const words = image.alt_text || t("messages.picture");
  if (!isLarge) return html`<span class="msg-picture" role="img" aria-label=${words} title=${`${words}\n${address}`}>🖼</span>`;
  return html`<span class="msg-picture msg-picture-large" role="group" aria-label=${t("messages.picture")}>
    <span class="msg-picture-words">${words}</span>
    <span class="msg-picture-address">${address}</span>
    <span class="msg-small">${t("messages.picture.not_loaded")}</span>
  </span>`;
}

/** Draw a table; its first row is its heading, as in Slack. */
export function Table({ block }) {
  const settings = block.column_settings ?? [];
  const cellOf = (tag) => (cell, at) => html`<${tag} data-align=${settings[at]?.align ?? "left"}><${Cell} cell=${cell} /><//>`;
  const [head, ...rows] = block.rows;
  return html`<div class="msg-table-frame" tabindex="0" role="group"><table class="msg-table">
    <thead><tr>${head.map(cellOf("th"))}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map(cellOf("td"))}</tr>`)}</tbody>
  </table></div>`;
}

function Cell({ cell }) {
  if (cell.type === "rich_text") return html`<${RichText} block=${cell} />`;
  return cell.text ?? String(cell.value ?? "");
}

/** Draw an alert of a modal. */
export function Alert({ block }) {
  return html`<div class="msg-alert" role="note"><${Text} text=${block.text} /></div>`;
}

/** Show the source of a markdown block: this page does not read Markdown, and says so. */
export function Markdown({ block }) {
  const { t } = useReader();
  return html`<div class="msg-box">
    <p class="msg-small">${t("messages.markdown")}</p>
    <pre class="msg-pre">${block.text}</pre>
  </div>`;
}

/** Say that Slack draws something here that this page does not draw. */
export function NotDrawn({ block }) {
  const { t } = useReader();
  return html`<p class="msg-box msg-small">${t("messages.not_drawn", { kind: block.type })}</p>`;
}
