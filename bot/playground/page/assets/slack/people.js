/* Who one looks as: everybody of the cast with what they may do and what time it is for them, and the way to become them. */
import { html } from "htm/preact";
import { useFrame, useNow, useReader } from "../core/context.js";
import { windowOf } from "../core/address.js";
import { Menu } from "../elements/menu.js";
import { Avatar } from "./avatar.js";
import { clockTime } from "./dates.js";
import { Icon } from "./icons.js";

/** Draw who looks, with a menu to become somebody else and one to open a second window as somebody. */
export function PeopleSwitch() {
  const { person, people, become, t } = useReader();
  const { place } = useFrame();
  const now = useNow();
  const described = people.map((one) => describedPerson(one, { t, now, chosen: person.id }));
  const windows = described.map(({ selected, text, ...item }) => ({
    ...item,
    text: html`<span class="conv-person">${text} <${Icon} name="window" /></span>`,
    attributes: { "data-window": item.id },
    url: windowOf(item.id, place),
  }));
  return html`<div class="conv-people">
    <${Menu} label=${t("conversation.people.you", { name: person.real_name, role: roleOf(person, t) })} className="conv-you"
      attributes=${{ "data-part": "people" }} items=${described} onChoose=${({ id }) => id !== person.id && become(id)}>
      <${Avatar} id=${person.id} />
      <span class="conv-you-words">
        <span class="conv-you-name">${person.real_name} <${Icon} name="chevron" /></span>
        <span class="conv-you-role">${roleOf(person, t)}</span>
        <span class="conv-you-where">${whereIs(person, now)} · ${languageOf(person)}</span>
      </span>
    <//>
    <${Menu} label=${t("conversation.people.window")} className="conv-second" align="end" items=${windows}
      attributes=${{ "data-part": "second-window", title: t("conversation.people.window") }}><${Icon} name="window" /><//>
  </div>`;
}

function describedPerson(person, { t, now, chosen }) {
  return {
    id: person.id,
    selected: person.id === chosen,
    attributes: { "data-person": person.id },
    text: html`<span class="conv-person"><${Avatar} id=${person.id} size=${24} />
      <span class="conv-person-name">${person.real_name}</span><span class="conv-person-where">${whereIs(person, now)}</span></span>`,
    description: html`<span class="conv-person-role">${roleOf(person, t)} · ${languageOf(person)}</span>`,
  };
}

/** Say in a few words what somebody may do. */
export function roleOf(person, t) {
  if (person.deleted) return t("conversation.role.deactivated");
  if (person.is_stranger) return t("conversation.role.stranger", { company: companyOf(person) });
  if (person.is_guest) return t("conversation.role.guest");
  const key = `conversation.role.${person.id}`;
  const role = t(key);
  return role === key ? t("conversation.role.member") : role;
}

/** Name the company that somebody belongs to. */
export const companyOf = (person) => person.team_domain.charAt(0).toUpperCase() + person.team_domain.slice(1);

/** Name the city of somebody's time zone and the time there, such as "New York 12:04 PM". */
function whereIs(person, now) {
  const city = person.tz.split("/").at(-1).replaceAll("_", " ");
  return `${city} ${clockTime(now, { person })}`;
}

const languages = new Map();

/** Name somebody's language in that language. */
function languageOf({ locale }) {
  const name = () => new Intl.DisplayNames(locale, { type: "language" }).of(locale.split("-")[0]);
  if (!languages.has(locale)) languages.set(locale, name());
  return languages.get(locale);
}
