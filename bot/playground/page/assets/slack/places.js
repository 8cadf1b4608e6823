/* What conversations are called, and the mark before their name. */

/** Name a conversation for people: "#general", or the other one of a direct message. */
export function nameOfPlace(channel, { people, bot }) {
  if (!channel.is_im) return `#${channel.name}`;
  return [bot, ...people].find((one) => one.id === channel.with)?.real_name ?? channel.name;
}

/** Say which mark stands before a channel: the name of an icon. */
export function markOf(channel) {
  if (channel.is_archived) return "archive";
  return channel.is_private ? "lock" : "hash";
}

/** Find the bot's direct message with the person who looks; there is none before the bot's first word. */
export const directMessageOf = ({ channels, bot }) => channels.find((one) => one.is_im && one.with === bot.id);
