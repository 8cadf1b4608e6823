/* What can be done with a message, shown while the pointer or the focus is on it: answer in a thread, use the app's shortcuts. */
import { html } from "htm/preact";
import { act, Refused, targetOf } from "../core/api.js";
import { useFrame, useReader } from "../core/context.js";
import { Menu } from "../elements/menu.js";
import { Icon } from "./icons.js";
import { isReply } from "./rows.js";

/** Draw the tools of a message; without `onThread` its thread is open already. An ephemeral message cannot be answered. */
export function Toolbar({ message, onThread }) {
  const { t, shortcuts, channels } = useReader();
  const channel = channels.find((one) => one.id === message.channel);
  const ofMessages = shortcuts.filter((one) => one.type === "message");
  const canReply = onThread && !message.viewer && !channel?.is_im;
  if (!canReply && !ofMessages.length) return null;
  return html`<div class="conv-toolbar" role="group" aria-label=${t("conversation.message_tools")}>
    ${canReply && html`<button type="button" class="conv-tool" data-part="reply" aria-label=${t("conversation.reply")}
      title=${t("conversation.reply")} onClick=${() => onThread(isReply(message) ? message.thread_ts : message.ts)}>
      <${Icon} name="threads" /></button>`}
    ${ofMessages.length > 0 && html`<${MessageShortcuts} message=${message} shortcuts=${ofMessages} />`}
  </div>`;
}

function MessageShortcuts({ message, shortcuts }) {
  const { t, me } = useReader();
  const { notify } = useFrame();
  const items = shortcuts.map((one) => ({ id: one.callback_id, text: one.name, description: one.description }));
  const use = async ({ id }) => {
    const failure = await act("shortcut", { user: me, callback_id: id, message: targetOf(message) }).then(
      (deed) => deed.failure,
      (error) => (error instanceof Refused ? error.message : Promise.reject(error)),
    );
    if (failure) notify(failure);
  };
  return html`<${Menu} label=${t("conversation.message_shortcuts")} className="conv-tool" items=${items} onChoose=${use}>
    <${Icon} name="bolt" /><//>`;
}
