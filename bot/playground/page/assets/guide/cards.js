/* What the tour reads off the bot's cards: how far a request has come. It reads what everybody sees, the buttons;
   nothing is asked of the bot or its store. Values in, values out. */

/** The stage of a request, by the first of these buttons that its card offers; without any it is on its way. */
const STAGES = [
  ["approve", "pending"],
  ["stop", "veto"],
  ["settle", "unknown"],
  ["recall", "sent"],
  ["cancel", "sent"],
  ["new_request_like_this", "over"],
  ["edit", "changes"],
];

/** Return the newest card after a moment, as {channel, ts, stage}, or nothing. */
export function newestCard({ messages, bot }, since) {
  const cards = Object.values(messages)
    .flat()
    .filter((one) => one.ts > since && one.user === bot.id && buttonsOf(one).length > 0);
  const newest = cards.reduce((best, one) => (best && best.ts > one.ts ? best : one), undefined);
  return newest && { channel: newest.channel, ts: newest.ts, stage: stageOf(buttonsOf(newest)) };
}

/** List the actions that a card offers; a message that is no card offers none. */
function buttonsOf(message) {
  const isCard = (block) => block.type === "actions" && /^card(\.|$)/.test(block.block_id ?? "");
  return (message.blocks ?? []).filter(isCard).flatMap((block) => block.elements.map((one) => one.action_id));
}

function stageOf(buttons) {
  return STAGES.find(([action]) => buttons.includes(action))?.[1] ?? "sending";
}

/** Write a moment as Slack writes a message's `ts`, so that both can be compared as texts. */
export const asTs = (date) => (date.getTime() / 1000).toFixed(6);
