/* Block Kit's blocks as Slack draws them in messages, modals and the Home tab: their texts and their places. What can be
   pressed or filled in is drawn by the elements; the rarer blocks stand in other_blocks.js. */
import { html } from "htm/preact";
import { Element } from "../elements/element.js";
import { InputBlock } from "../elements/input_block.js";
import { memo } from "../core/memo.js";
import { Alert, ImageBlock, Markdown, NotDrawn, Picture, Table } from "./other_blocks.js";
import { RichText } from "./rich_text.js";
import { Text } from "./text.js";

/**
 * Draw the blocks of a message or a view. `target` is that message or view, on which its elements act; null draws a picture
 * of them that nobody can press.
 */
export const Blocks = memo(function Blocks({ blocks, target = null }) {
  return html`<div class="msg-blocks">
    ${(blocks ?? []).map((block, at) => html`<${Block} key=${block.block_id ?? at} block=${block} target=${target} />`)}
  </div>`;
});

function Block({ block, target }) {
  const Drawn = Object.hasOwn(DRAWN, block.type) ? DRAWN[block.type] : NotDrawn;
  return html`<div class="msg-block" data-kind=${block.type}><${Drawn} block=${block} target=${target} /></div>`;
}

const DRAWN = {
  header: Header,
  section: Section,
  divider: Divider,
  context: Context,
  actions: Actions,
  input: Input,
  image: ImageBlock,
  rich_text: RichText,
  table: Table,
  alert: Alert,
  markdown: Markdown,
};

/** Draw a heading; on the Home tab it stands right below the name of the app, elsewhere below a title and an author. */
function Header({ block, target }) {
  const level = target?.type === "home" ? 2 : 3;
  return html`<div class="msg-header" role="heading" aria-level=${level}><${Text} text=${block.text} /></div>`;
}

function Section({ block, target }) {
  const { text, fields, accessory } = block;
  return html`<div class="msg-section">
    <div class="msg-section-words">
      ${text && html`<div class="msg-text"><${Text} text=${text} /></div>`}
      ${fields && html`<div class="msg-fields">${fields.map((field) => html`<div class="msg-field">
        <${Text} text=${field} /></div>`)}</div>`}
    </div>
    ${accessory && html`<div class="msg-accessory"><${Element} element=${accessory} block=${block} target=${target} /></div>`}
  </div>`;
}

function Divider() {
  return html`<hr class="msg-divider" />`;
}

function Context({ block }) {
  return html`<div class="msg-context">${block.elements.map((element) => html`<span class="msg-context-part">
    ${element.type === "image" ? html`<${Picture} image=${element} />` : html`<${Text} text=${element} />`}</span>`)}</div>`;
}

function Actions({ block, target }) {
  const keyed = (element, at) => element.action_id ?? at;
  return html`<div class="msg-actions">${block.elements.map((element, at) => html`<${Element}
    key=${keyed(element, at)} element=${element} block=${block} target=${target} />`)}</div>`;
}

function Input({ block, target }) {
  return html`<${InputBlock} block=${block} view=${target} />`;
}
