/* Words of the frame: what is around the chat. */
export default {
  en: {
    "frame.connecting": "Connecting to the playground …",
    "frame.lost": "The playground does not answer. Is it still running? This page goes on as soon as it is back.",
    "frame.nobody": "There is no person {id} here.",
    "frame.chat": "Chat",
    "frame.channels": "Channels",
    "frame.side": "Behind the scenes",
    "frame.tab.phones": "Phones",
    "frame.tab.mpaas": "mPaaS",
    "frame.tab.faults": "Faults",
    "frame.tab.log": "Log",
  },
  zh: {
    "frame.connecting": "正在连接演练场……",
    "frame.lost": "演练场没有响应。它还在运行吗？恢复后本页会自动继续。",
    "frame.nobody": "这里没有 {id} 这个人。",
    "frame.chat": "聊天",
    "frame.channels": "频道",
    "frame.side": "幕后",
    "frame.tab.phones": "手机",
    "frame.tab.mpaas": "mPaaS",
    "frame.tab.faults": "故障",
    "frame.tab.log": "日志",
  },
};
