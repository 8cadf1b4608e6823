/* Words of the messages part of the page: what stands in for what a text or a block cannot show here. */
export default {
  en: {
    "messages.private_channel": "private channel",
    "messages.picture": "Picture",
    "messages.picture.not_loaded": "This page loads no pictures from elsewhere.",
    "messages.markdown": "A Markdown block, shown as it is written",
    "messages.not_drawn": "Slack draws a block of the kind “{kind}” here. This page does not draw it.",
    "messages.home.home": "Home",
    "messages.home.messages": "Messages",
    "messages.home.loading": "Loading …",
    "messages.home.nothing": "The bot has not drawn this tab yet.",
    "messages.home.silent": 
      "The bot took no note of your opening this tab. Slack says nothing then, shows what was drawn last, and tells the bot again later.",
    "messages.home.again": "Open again",
    "messages.home.no_messages": "No messages between you and {bot} yet.",
  },
  zh: {
    "messages.private_channel": "私密频道",
    "messages.picture": "图片",
    "messages.picture.not_loaded": "本页不加载外部图片。",
    "messages.markdown": "Markdown 区块，按原文显示",
    "messages.not_drawn": "Slack 会在此处显示类型为“{kind}”的区块，本页不显示。",
    "messages.home.home": "主页",
    "messages.home.messages": "消息",
    "messages.home.loading": "正在加载……",
    "messages.home.nothing": "机器人尚未绘制此标签页。",
    "messages.home.silent": "机器人没有确认您打开了此标签页。此时 Slack 不作提示，仍显示上次绘制的内容，并会稍后再次通知机器人。",
    "messages.home.again": "重新打开",
    "messages.home.no_messages": "您与 {bot} 之间还没有消息。",
  },
};
