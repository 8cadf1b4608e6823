/* The workspace at the side: who looks, the threads with something new, the channels, the app. */
import { html } from "htm/preact";
import { useFrame, usePage, useReader } from "../core/context.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icons.js";
import { companyOf, PeopleSwitch } from "./people.js";
import { directMessageOf, markOf } from "./places.js";
import { useUnread } from "./unread.js";

const MOST_COUNTED = 99;
const NOTHING = { unread: 0, mentions: 0 };

/** Draw the sidebar of the person who looks. */
export function Sidebar() {
  const { state, person, t } = usePage();
  const workspace = person.is_stranger ? companyOf(person) : state.team.name;
  return html`<div class="conv-sidebar" onKeyDown=${walk}>
    <h2 class="conv-workspace">${workspace}</h2>
    <${PeopleSwitch} />
    ${person.is_stranger && html`<p class="conv-rail-note">${t("conversation.stranger_note", { company: state.team.name })}</p>`}
    ${person.deleted ? html`<p class="conv-rail-note">${t("conversation.nothing_left")}</p>` : html`<${Places} />`}
  </div>`;
}

function Places() {
  const page = usePage();
  const { state, person, t } = page;
  const { place, go } = useFrame();
  const unread = useUnread();
  const direct = directMessageOf(state);
  const channels = state.channels.filter((one) => !one.is_im);
  const inOrder = [...channels.filter((one) => !one.is_archived), ...channels.filter((one) => one.is_archived)];
  return html`<${ThreadsRow} threads=${unread.threads} />
    <${Section} title=${t("conversation.channels")}>
      ${inOrder.map(
        (one) => html`<${ChannelRow} key=${one.id} channel=${one} counts=${unread.of(one)} isCurrent=${place.id === one.id} />`,
      )}
    <//>
    ${!person.is_stranger && html`<${Section} title=${t("conversation.apps")}>
      <${Row} isCurrent=${direct && place.id === direct.id} counts=${direct && unread.of(direct)} name=${state.bot.real_name}
        mark=${html`<${Avatar} id=${state.bot.id} size=${20} />`} attributes=${{ "data-part": "app", "data-channel": direct?.id }}
        onClick=${() => go(direct ? { kind: "channel", id: direct.id } : { kind: "home" })} />
      <${Row} isCurrent=${place.kind === "home"} name=${t("conversation.app.home")} isIndented=${true}
        mark=${html`<${Icon} name="home" />`} attributes=${{ "data-part": "home" }} onClick=${() => go({ kind: "home" })} />
    <//>`}`;
}

const Section = ({ title, children }) => html`<section class="conv-section"><h3>${title}</h3><ul>${children}</ul></section>`;

function ChannelRow({ channel, counts, isCurrent }) {
  const { t } = useReader();
  const { go } = useFrame();
  const kinds = [
    channel.is_private && "private",
    channel.is_archived && "archived",
    channel.is_ext_shared && "shared",
  ].filter(Boolean);
  return html`<${Row} isCurrent=${isCurrent} counts=${counts} name=${channel.name}
    kinds=${kinds.map((one) => t(`conversation.${one}`))} mark=${html`<${Icon} name=${markOf(channel)} />`}
    after=${channel.is_ext_shared && html`<${Icon} name="shared" />`}
    attributes=${{ "data-channel": channel.id, "data-archived": channel.is_archived }}
    onClick=${() => go({ kind: "channel", id: channel.id })} />`;
}

/** Lead to the newest of the person's threads that has something new. */
function ThreadsRow({ threads }) {
  const { t } = useReader();
  const { go, openThread } = useFrame();
  if (!threads.length) return null;
  const { channel, ts } = threads.at(-1);
  const counts = { unread: threads.reduce((all, one) => all + one.unread, 0), mentions: 0 };
  const open = () => {
    go({ kind: "channel", id: channel });
    openThread(channel, ts);
  };
  return html`<ul class="conv-section"><${Row} counts=${counts} name=${t("conversation.threads")}
    mark=${html`<${Icon} name="threads" />`} attributes=${{ "data-part": "threads" }} onClick=${open} /></ul>`;
}

/** Draw one row: bold with something unread, a red number for what mentions the person. */
function Row({ mark, name, kinds = [], after, counts = NOTHING, isCurrent = false, isIndented = false, attributes, onClick }) {
  const { t } = useReader();
  const { unread, mentions } = counts;
  const counted = [unread && t("conversation.unread", { count: unread }), mentions && t("conversation.mentions", { count: mentions })];
  const words = [...kinds, ...counted.filter(Boolean)];
  return html`<li><button type="button" class="conv-row" aria-current=${isCurrent ? "page" : undefined}
    data-unread=${unread || undefined} data-mentions=${mentions || undefined} data-indented=${isIndented}
    title=${kinds.join(", ") || undefined} onClick=${onClick} ...${attributes}>
    <span class="conv-row-mark" aria-hidden="true">${mark}</span><span class="conv-row-name">${name}</span>
    ${after && html`<span class="conv-row-after" aria-hidden="true">${after}</span>`}
    ${unread > 0 && html`<${Count} ...${counts} />`}
    <span class="visually-hidden">${words.map((one) => `, ${one}`).join("")}</span>
  </button></li>`;
}

function Count({ unread, mentions }) {
  const count = mentions || unread;
  const look = mentions ? "conv-count conv-count-mine" : "conv-count";
  return html`<span class=${look} aria-hidden="true">${count > MOST_COUNTED ? `${MOST_COUNTED}+` : count}</span>`;
}

/** Arrows walk through the rows, as Tab does. */
function walk(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || !event.target.matches(".conv-row")) return;
  const rows = [...event.currentTarget.querySelectorAll(".conv-row")];
  event.preventDefault();
  rows[rows.indexOf(event.target) + step]?.focus();
}
