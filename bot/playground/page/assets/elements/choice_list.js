/* The list of options below a select field. Which of them is under the cursor, and what choosing does, is the field's. */
import { html } from "htm/preact";
import { useEffect } from "preact/hooks";

/** Return the options of all groups in the order in which the cursor passes them. */
export const placesIn = (groups) => groups.flatMap((group) => group.options);

/** Draw the list; `status` stands in its place when there is nothing to choose, `note` below it. */
export function ChoiceList({ list, id, name, groups, chosen, at, many, full, status, note, onChoose }) {
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at, groups]);
  const isChosen = (option) => chosen.some((one) => one.value === option.value);
  const begins = starts(groups);
  const options = (group, from) => group.options.map((option, index) => html`<${Choice} key=${option.value}
    id=${`${id}-${from + index}`} option=${option} isUnder=${from + index === at} isChosen=${isChosen(option)}
    isOff=${full && !isChosen(option)} onChoose=${onChoose} />`);
  return html`<div ref=${list} class="el-popup el-choices" popover="manual" onPointerDown=${(event) => event.preventDefault()}
    onClick=${(event) => event.stopPropagation()}>
    ${begins.at(-1) > 0 && html`<div id=${`${id}-list`} role="listbox" aria-label=${name} aria-multiselectable=${Boolean(many)}>
      ${groups.map((group, index) => group.label
        ? html`<div key=${`group ${index}`} role="group" aria-labelledby=${`${id}-group-${index}`}>
            <div id=${`${id}-group-${index}`} class="el-choices-group" role="presentation">${group.label}</div>
            ${options(group, begins[index])}
          </div>`
        : options(group, begins[index]))}
    </div>`}
    ${status && html`<p class="el-choices-status" role="status">${status}</p>`}
    ${note && html`<p class="el-choices-status" role="status">${note}</p>`}
  </div>`;
}

/** Return, for each group, how many options come before it; the last number counts all. */
const starts = (groups) => groups.reduce((found, group) => [...found, found.at(-1) + group.options.length], [0]);

function Choice({ id, option, isUnder, isChosen, isOff, onChoose }) {
  return html`<div id=${id} role="option" class="el-choice" aria-selected=${isChosen} aria-disabled=${isOff} data-under=${isUnder}
    data-value=${option.value} onClick=${() => !isOff && onChoose(option)}>
    <span class="el-choice-text">${option.text}</span>
    ${option.description && html`<span class="el-choice-description">${option.description}</span>`}
  </div>`;
}
