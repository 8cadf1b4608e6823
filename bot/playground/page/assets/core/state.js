/* What the page knows, and how each event changes it: values in, values out. What is drawn of it is not decided here. */

/** Before the first `hello`. */
export const EMPTY = {
  connected: false,
  nobody: false,
  run: "",
  me: "",
  team: { id: "", name: "", domain: "" },
  bot: { id: "", name: "", real_name: "" },
  people: [],
  groups: [],
  commands: [],
  shortcuts: [],
  channels: [],
  messages: {},
  views: [],
  home: null,
  log: [],
  mpaas: { tasks: [], scheduled: [], templates: [], requests: [], statistics: {} },
  backstage: { processes: [], store_alive: true, sockets: 0, ahead: 0, mpaas_faults: [], slack_faults: [] },
  now: "",
};

const LOG_LINES = 600;

const CHANGES = {
  hello: (_, event) => ({ ...EMPTY, ...without(event, "kind"), connected: true }),
  connection: (state, { connected }) => ({ ...state, connected }),
  nobody: (_, { people }) => ({ ...EMPTY, nobody: true, people }),
  message: (state, { message }) => withMessages(state, message.channel, (all) => placed(all, message)),
  message_gone: (state, { channel, ts }) =>
    withMessages(state, channel, (all) => all.filter((one) => one.ts !== ts)),
  channel: (state, { channel }) => ({ ...state, channels: replaced(state.channels, channel) }),
  views: (state, { views }) => ({ ...state, views }),
  home: (state, { home }) => ({ ...state, home }),
  mpaas: (state, { mpaas }) => ({ ...state, mpaas: { ...state.mpaas, ...mpaas } }),
  backstage: (state, { backstage }) => ({ ...state, backstage }),
  clock: (state, { now }) => ({ ...state, now }),
  log: (state, { line }) => ({ ...state, log: replaced(state.log, line).slice(-LOG_LINES) }),
};

/** Return the state after one event; an unknown kind changes nothing. */
export const reduce = (state, event) =>
  Object.hasOwn(CHANGES, event.kind) ? CHANGES[event.kind](state, event) : state;

const without = (event, name) => Object.fromEntries(Object.entries(event).filter(([key]) => key !== name));

function withMessages(state, channel, change) {
  return { ...state, messages: { ...state.messages, [channel]: change(state.messages[channel] ?? []) } };
}

/** Put a message in its place; most come last, and a changed one keeps its place. */
function placed(all, message) {
  const at = all.findLastIndex((one) => one.ts <= message.ts);
  return all[at]?.ts === message.ts ? all.with(at, message) : all.toSpliced(at + 1, 0, message);
}

/** Put something in the place of what has its id, or last. */
function replaced(all, one) {
  const at = all.findIndex(({ id }) => id === one.id);
  return at >= 0 ? all.with(at, one) : [...all, one];
}
