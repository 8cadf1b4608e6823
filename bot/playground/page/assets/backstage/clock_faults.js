/* The group of the clock: what time it is on the stage, steps forward, and what each would pass. */
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { useBackstage, useMpaas, useNow, usePage, useReader } from "../core/context.js";
import { Aftermath } from "./aftermath.js";
import { STEPS, secondsOf } from "./catalogue.js";
import { Failed, PressButton } from "./fault.js";
import { endsResponseUrls, momentsAhead, passed } from "./foresee.js";
import { Group, Rows } from "./group.js";
import { usePress } from "./press.js";
import { clock, day, duration } from "./times.js";

const NAMED = 2;
/* Moments that a step names; the others are counted. */

/** Draw the group. */
export function ClockFaults() {
  const { state } = usePage();
  const mpaas = useMpaas();
  const now = useNow().getTime();
  const moments = momentsAhead({ ...state, mpaas }, now);
  return html`<${Group} name="clock" choices=${html`<${Now} />`}>
    <${Rows}>
      ${STEPS.map((step, at) => html`<${Step} key=${step.seconds} step=${step}
        ahead=${passed(moments, { now, from: STEPS[at - 1]?.seconds ?? 0, to: step.seconds })} />`)}
      <${OwnStep} moments=${moments} now=${now} />
    <//>
  <//>`;
}

/** Return the press of a step, and jump(seconds). */
function useJump(id) {
  const pressed = usePress(id);
  return { pressed, jump: (seconds) => pressed.run("advance", { seconds }, { moved: seconds }) };
}

function Now() {
  const reader = useReader();
  const now = useNow();
  const { ahead } = useBackstage();
  const { t, person } = reader;
  return html`<p class="back-now">
    <span class="back-now-time" data-part="now">${clock(reader, now)}</span>
    <span>${day(reader, now)} · ${person?.tz ?? "UTC"}</span>
    <span>${ahead ? t("backstage.ahead", { by: duration(ahead, t) }) : t("backstage.ahead.not")}</span>
  </p>`;
}

function Step({ step, ahead }) {
  const { t } = useReader();
  const { seconds, unit, count } = step;
  const { pressed, jump } = useJump(`clock-${seconds}`);
  return html`<li class="back-fault back-step">
    <div class="back-fault-head">
      <${PressButton} id=${`clock-${seconds}`} busy=${pressed.busy} about=${`clock-${seconds}-what`} onPress=${() => jump(seconds)}>+${t(`backstage.unit.${unit}`, { count })}<//>
    </div>
    <p class="back-what" id=${`clock-${seconds}-what`}>${t(`backstage.clock-${seconds}.what`)} <${Foreseen} ahead=${ahead} /></p>
    <${Followed} id=${`clock-${seconds}`} pressed=${pressed} />
  </li>`;
}

const Followed = ({ id, pressed }) => html`<${Failed} sentence=${pressed.failure} />
  ${pressed.press && html`<${Aftermath} id=${id} press=${pressed.press} />`}`;

function Foreseen({ ahead }) {
  const { t } = useReader();
  if (ahead.length === 0) return null;
  const named = ahead.slice(0, NAMED).map(({ label, about }) => t(label ? "backstage.passes" : "backstage.due", { label, about }));
  const more = ahead.length > NAMED ? [t("backstage.passes.more", { count: ahead.length - NAMED })] : [];
  return html`<span class="back-foreseen"><span class="back-watch-word">${t("backstage.now")}</span> ${[...named, ...more].join(t("backstage.comma"))}</span>`;
}

function OwnStep({ moments, now }) {
  const { t } = useReader();
  const { pressed, jump } = useJump("clock-own");
  const [said, setSaid] = useState("");
  const seconds = secondsOf(said);
  const wrong = said.trim() !== "" && seconds === null;
  const go = (event) => {
    event.preventDefault();
    if (seconds !== null && !pressed.busy) jump(seconds).then((result) => !result?.refused && setSaid(""));
  };
  return html`<li class="back-fault">
    <form class="back-fault-head" onSubmit=${go}>
      <label class="back-select"><span class="back-select-label">${t("backstage.clock.own")}</span>
        <input class="back-field" data-fault="clock-field" value=${said} placeholder=${t("backstage.clock.own.example")} aria-invalid=${wrong}
          aria-describedby="clock-own-what" onInput=${(event) => setSaid(event.currentTarget.value)} /></label>
      <button type="submit" class="back-button" data-fault="clock-jump" aria-disabled=${pressed.busy || seconds === null}>${t("backstage.clock.jump")}</button>
    </form>
    <p class="back-what" id="clock-own-what">${ownInWords(said, seconds, t)}
      ${seconds !== null && html` <${Foreseen} ahead=${passed(moments, { now, from: 0, to: seconds })} />`}</p>
    <${Followed} id="clock-own" pressed=${pressed} />
  </li>`;
}

function ownInWords(said, seconds, t) {
  if (seconds === null) return t(said.trim() ? "backstage.clock.own.wrong" : "backstage.clock.own.what");
  const urls = endsResponseUrls(seconds) ? ` ${t("backstage.clock-1860.what")}` : "";
  return t("backstage.clock.own.means", { by: duration(seconds, t) }) + urls;
}
