/* What can be completed while somebody types: a command at the beginning, a name after "@", a channel after "#".
   Values in, values out; the list itself is drawn by composer_list.js. */

const MOST = 8;

/**
 * Return {items, from} for a text with the caret at `caret`: `items` are [{id, insert, title, hint, detail}], which replace
 * the text from `from` to the caret; without any there is nothing to complete.
 */
export function suggestionsFor(text, caret, known) {
  const before = text.slice(0, caret);
  const command = /^\/\S*$/.exec(before);
  if (command) return { from: 0, items: commandsLike(before, known.commands) };
  const name = /(?:^|[\s(])([@#])([\w-]*)$/.exec(before);
  if (!name || before.startsWith("/")) return { from: caret, items: [] };
  const [, mark, typed] = name;
  const items = (mark === "@" ? namesLike : channelsLike)(typed.toLowerCase(), known);
  return { from: caret - typed.length - 1, items: items.slice(0, MOST) };
}

/** Return the command that a text begins with, once a blank follows it; its usage hint helps with what comes next. */
export const commandIn = (text, commands) => commands.find(({ command }) => text.startsWith(`${command} `));

const commandsLike = (typed, commands) =>
  commands
    .filter(({ command }) => command.startsWith(typed.toLowerCase()))
    .map((one) => ({ id: one.command, insert: `${one.command} `, title: one.command, hint: one.usage_hint, detail: one.description }));

function namesLike(typed, { people, groups, bot }) {
  const members = [...people.filter((one) => !one.deleted), bot].map((one) => ({ handle: one.name, title: one.real_name }));
  const all = [...members, ...groups.map((one) => ({ handle: one.handle, title: one.name }))];
  return all
    .filter((one) => [one.handle, ...one.title.toLowerCase().split(" ")].some((word) => word.startsWith(typed)))
    .map(({ handle, title }) => ({ id: handle, insert: `@${handle} `, title: `@${handle}`, hint: title, detail: "" }));
}

const channelsLike = (typed, { channels }) =>
  channels
    .filter((one) => !one.is_im && one.name.startsWith(typed))
    .map(({ name }) => ({ id: name, insert: `#${name} `, title: `#${name}`, hint: "", detail: "" }));
