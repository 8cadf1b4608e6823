/* The template shelf of each environment. What is edited here is what mPaaS sends from now on: that is how the difference
   between what was approved and what would be sent is seen. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useReader } from "../core/context.js";
import { act, Refused } from "../core/api.js";
import { Choice, Nothing } from "./rows.js";
import { TemplateForm } from "./template_form.js";

const ENVIRONMENTS = ["live", "test"];
const NEW = { Name: "", Title: "", Content: "", Uri: "" };

/** List the templates of an environment, and let one be made, edited or deleted. */
export function Templates({ mpaas }) {
  const { t, preferences, prefer } = useReader();
  const environment = preferences.mpaas?.templates ?? "live";
  const [edited, edit] = useState(null);
  const choose = (templates) => {
    edit(null);
    prefer("mpaas", (before) => ({ ...before, templates }));
  };
  const here = mpaas.templates.filter((one) => one.Environment === environment);
  const options = ENVIRONMENTS.map((id) => ({ id, text: t(`side.environment.${id}`) }));
  const form = (template) => html`<${TemplateForm} environment=${environment} template=${template} onDone=${() => edit(null)} />`;
  return html`<${Choice} label=${t("side.templates.which")} options=${options} chosen=${environment} onChoose=${choose} />
    <p class="side-lede">${t("side.templates.drift")}</p>
    ${edited === NEW ? form(NEW) : html`<${SmallButton} part="new-template" onPress=${() => edit(NEW)}>${t("side.templates.new")}<//>`}
    ${!here.length && html`<${Nothing}>${t("side.templates.none")}<//>`}
    <ul class="side-list">${here.map((one) => html`<li key=${one.Name} class="side-row side-template" data-template=${one.Name}>
      ${edited?.Name === one.Name ? form(one) : html`<${Template} template=${one} onEdit=${() => edit(one)} />`}
    </li>`)}</ul>`;
}

function SmallButton({ part, label, danger = false, onPress, children }) {
  return html`<button type="button" class=${`side-button side-button-small ${danger ? "side-button-danger" : ""}`} data-part=${part}
    aria-label=${label} onClick=${onPress}>${children}</button>`;
}

function Template({ template, onEdit }) {
  const { t } = useReader();
  const { Name: name, Title: title, Content: content, Uri: uri, DescInfo: about } = template;
  return html`<p class="side-row-top"><strong class="side-row-name">${name}</strong>
      <${SmallButton} part="edit" label=${t("side.templates.edit_one", { name })} onPress=${onEdit}>${t("side.templates.edit")}<//>
      <${Delete} template=${template} /></p>
    <p class="side-template-title"><${Placeholders} text=${title} /></p>
    <p class="side-template-text"><${Placeholders} text=${content} /></p>
    ${uri && html`<p class="side-mono"><${Placeholders} text=${uri} /></p>`}
    <p class="side-row-line">${[...stylesSaid(t, template), about].filter(Boolean).join(" · ")}</p>`;
}

function stylesSaid(t, { PushStyle, ShowStyle }) {
  const style = { 1: "side.style.big", 2: "side.style.picture" }[PushStyle];
  return [style && t(style), ShowStyle === "1" && t("side.style.silent")];
}

/** Draw a text with its placeholders set apart. */
const Placeholders = ({ text }) =>
  text.split(/(#[^#\s]+#)/).map((piece, at) => (at % 2 ? html`<span class="side-placeholder">${piece}</span>` : piece));

function Delete({ template }) {
  const { t } = useReader();
  const { Name: name, Environment: environment } = template;
  const [sure, ask] = useState(false);
  const [failure, fail] = useState("");
  const remove = () =>
    act("delete_template", { environment, name }).catch((error) => {
      if (!(error instanceof Refused)) throw error;
      fail(error.message);
    });
  if (!sure) {
    return html`<${SmallButton} part="delete" label=${t("side.templates.delete_one", { name })} onPress=${() => ask(true)}>
      ${t("side.templates.delete")}<//>`;
  }
  return html`<span class="side-sure" role="group" aria-label=${t("side.templates.sure")}>${t("side.templates.sure")}
    <${SmallButton} part="really-delete" danger onPress=${remove}>${t("side.templates.delete")}<//>
    <${SmallButton} part="keep" onPress=${() => ask(false)}>${t("side.templates.keep")}<//>
    ${failure && html`<span class="side-failure" role="alert">${failure}</span>`}</span>`;
}
