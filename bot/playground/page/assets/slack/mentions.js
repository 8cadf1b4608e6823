/* Who a message mentions, and how names that somebody types become mentions. How a mention looks is drawn by the texts. */

const EVERYBODY = /<!(?:here|channel|everyone)\b/;
const found = new WeakMap();

/** Say whether a message mentions the person who looks, by name, by a user group of theirs, or as everybody. */
export function mentions(message, { me, groups }) {
  if (!found.has(message)) found.set(message, message.blocks ? spokenIn(message.blocks) : message.text);
  const said = found.get(message);
  const mine = [`<@${me}`, ...groups.filter((one) => one.users.includes(me)).map((one) => `<!subteam^${one.id}`)];
  return EVERYBODY.test(said) || mine.some((one) => said.includes(one));
}

/** Gather the texts of blocks that can mention somebody: mrkdwn, and the users and groups of rich text. */
function spokenIn(part) {
  if (Array.isArray(part)) return part.map(spokenIn).join("\n");
  if (!part || typeof part !== "object") return "";
  if (part.type === "mrkdwn") return part.text ?? "";
  if (part.type === "user") return `<@${part.user_id}>`;
  if (part.type === "usergroup") return `<!subteam^${part.usergroup_id}>`;
  if (part.type === "broadcast") return `<!${part.range}>`;
  return spokenIn(Object.values(part));
}

/** Write what somebody typed as Slack's client sends it: `&`, `<` and `>` escaped, known @names and #channels as mentions. */
export function asSent(typed, state) {
  const escaped = typed.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replace(/(^|[\s(])([@#])([\w-]+)/g, (whole, before, mark, name) => {
    const named = mark === "@" ? mentionOf(name.toLowerCase(), state) : channelOf(name.toLowerCase(), state);
    return named ? before + named : whole;
  });
}

function mentionOf(name, { people, groups, bot }) {
  if (["here", "channel", "everyone"].includes(name)) return `<!${name}>`;
  const member = [...people, bot].find((one) => one.name === name);
  const group = groups.find((one) => one.handle === name);
  return member ? `<@${member.id}>` : group ? `<!subteam^${group.id}>` : null;
}

function channelOf(name, { channels }) {
  const channel = channels.find((one) => one.name === name && !one.is_im);
  return channel ? `<#${channel.id}>` : null;
}
