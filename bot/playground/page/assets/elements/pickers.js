/* Pickers of a day, a time of day, a moment: the browser's own fields, which work by keyboard and finger. What is picked is
   told after a short pause, since a year that is being typed is four days on its way. */
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { useReader } from "../core/context.js";
import { DeedNote } from "./deed.js";
import { onceLeft, useHeld } from "./held.js";
import { wordsOf } from "./plain.js";
import { epochOf, wallOf } from "./zone.js";

const PAUSE = 500;
const FIRST_YEAR = 1000;

/** Draw a datepicker; its value is "2026-12-01". */
export function DatePicker({ element, block, target, field }) {
  const { t } = useReader();
  const picking = usePicking({ element, block, target });
  const { held } = picking;
  const pick = (date) => (isWhole(date) ? held.put(date) : held.put(null, date ? { date } : null));
  return html`<span class="el-held">
    <${Part} kind="date" value=${held.half?.date ?? held.value} name=${wordsOf(element.placeholder) || t("elements.pick_date")}
      ...${{ element, block, field, picking, pick }} />
    <${DeedNote} deed=${held} />
  </span>`;
}

/** Draw a timepicker; its value is "09:00". Its zone is only told beside it, as in Slack. */
export function TimePicker({ element, block, target, field }) {
  const { t } = useReader();
  const picking = usePicking({ element, block, target });
  const { held } = picking;
  return html`<span class="el-held">
    <${Part} kind="time" value=${held.value} name=${wordsOf(element.placeholder) || t("elements.pick_time")}
      ...${{ element, block, field, picking }} pick=${(time) => held.put(time || null)} />
    ${element.timezone && html`<span class="el-hint">${t("elements.zone", { zone: element.timezone })}</span>`}
    <${DeedNote} deed=${held} />
  </span>`;
}

/** Draw a datetimepicker: a day and a time in the person's zone; its value is an epoch in seconds. */
export function DateTimePicker({ element, block, target, field }) {
  const { t, person } = useReader();
  const picking = usePicking({ element, block, target });
  const { held } = picking;
  const parts = held.half ?? (held.value ? wallOf(held.value, person.tz) : { date: "", time: "" });
  const pick = (part) => {
    const both = { ...parts, ...part };
    if (isWhole(both.date) && both.time) held.put(epochOf(both, person.tz));
    else held.put(null, both.date || both.time ? both : null);
  };
  const label = field ? { "aria-labelledby": field.labelId } : { "aria-label": t("elements.pick_moment") };
  const inner = { ...field, id: undefined };
  return html`<span class="el-held">
    <span class="el-moment" id=${field?.id} role="group" ...${label} aria-describedby=${field?.describedBy}>
      <${Part} kind="date" value=${parts.date} name=${t("elements.pick_date")} pick=${(date) => pick({ date })}
        ...${{ element, block, picking }} field=${field && inner} isPart=${true} />
      <${Part} kind="time" value=${parts.time} name=${t("elements.pick_time")} pick=${(time) => pick({ time })}
        ...${{ element: { ...element, focus_on_load: false }, block, picking }} field=${field && inner} isPart=${true} />
    </span>
    <${DeedNote} deed=${held} />
  </span>`;
}

/** Return {held, soon, now}: soon() tells what was picked after a pause, now() at once. */
function usePicking(place) {
  const held = useHeld(place);
  const pause = useRef(0);
  useEffect(() => () => clearTimeout(pause.current), []);
  const now = () => {
    clearTimeout(pause.current);
    return held.isUntold() && held.settle();
  };
  const soon = () => {
    clearTimeout(pause.current);
    pause.current = setTimeout(now, PAUSE);
  };
  return { held, soon, now };
}

function Part({ kind, value, name, element, block, field, picking, pick, isPart = false }) {
  const typed = (event) => {
    pick(event.target.value);
    picking.soon();
  };
  const key = (event) => {
    if (event.key === "Enter") picking.now();
  };
  const named = field && !isPart ? {} : { "aria-label": name };
  return html`<input type=${kind} id=${field?.id} class="el-input el-picker" value=${value ?? ""} data-empty=${!value} title=${name}
    max=${kind === "date" ? "9999-12-31" : undefined} ...${named} aria-describedby=${field?.describedBy} aria-invalid=${field?.invalid}
    aria-required=${field?.required} data-action=${element.action_id} data-block=${block.block_id} data-focus=${element.focus_on_load}
    onInput=${typed} onKeyDown=${key} onBlur=${(event) => onceLeft(event, picking.now)} />`;
}

/** Say whether a day is typed to its end: "0002-12-01" is on the way to 2026. */
const isWhole = (date) => Number((date ?? "").split("-")[0]) >= FIRST_YEAR;
