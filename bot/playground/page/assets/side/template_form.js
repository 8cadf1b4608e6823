/* The form of one template. mPaaS itself says what is wrong with it: no rule of templates stands here. */
import { html } from "htm/preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { act, Refused } from "../core/api.js";
import { useReader } from "../core/context.js";

/** Draw the form; a template without a name is a new one. onDone() is called when it was saved, or left. */
export function TemplateForm({ environment, template, onDone }) {
  const { t } = useReader();
  const { Name: name, Title: title, Content: content, Uri: uri } = template;
  const [filled, fill] = useState({ name, title, content, uri });
  const { busy, failure, save } = useSaving(environment, filled, onDone);
  const form = useRef(null);
  useEffect(() => form.current?.querySelector("input:not([readonly])")?.focus(), []);
  const field = (key, more = {}) => html`<${Field} name=${key} value=${filled[key]} ...${more}
    onInput=${(value) => fill((before) => ({ ...before, [key]: value }))} />`;
  const onKeyDown = (event) => event.key === "Escape" && onDone();
  return html`<form ref=${form} class="side-form" data-part="template-form" onSubmit=${save} onKeyDown=${onKeyDown}>
    ${field("name", { readonly: Boolean(name) })}
    ${field("title")}
    ${field("content", { long: true })}
    ${field("uri")}
    <p class="side-hint">${t("side.templates.placeholders")}</p>
    ${failure && html`<p class="side-failure" role="alert">${failure}</p>`}
    <p class="side-form-buttons">
      <button type="submit" class="side-button side-button-primary" data-part="save-template" disabled=${busy}>
        ${t("side.templates.save", { environment: t(`side.environment.${environment}`) })}</button>
      <button type="button" class="side-button" onClick=${onDone}>${t("side.templates.cancel")}</button>
    </p>
  </form>`;
}

function useSaving(environment, filled, onDone) {
  const [{ busy, failure }, set] = useState({ busy: false, failure: "" });
  const save = async (event) => {
    event.preventDefault();
    set({ busy: true, failure: "" });
    try {
      await act("put_template", { environment, ...filled });
      onDone();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      set({ busy: false, failure: error.message });
    }
  };
  return { busy, failure, save };
}

function Field({ name, value, onInput, readonly = false, long = false }) {
  const { t } = useReader();
  const id = useId();
  const tell = (event) => onInput(event.currentTarget.value);
  const properties = { id, name, value, readOnly: readonly, class: "side-input", autocomplete: "off", onInput: tell };
  return html`<p class="side-field"><label for=${id}>${t(`side.templates.field.${name}`)}</label>
    ${long ? html`<textarea rows="3" ...${properties}></textarea>` : html`<input type="text" ...${properties} />`}</p>`;
}
