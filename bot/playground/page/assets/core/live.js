/* The stream of what changes for one person. What the events mean is state.js's business. */
import { hearOthers, isCrowded, takePlace } from "./crowd.js";

const AGAIN = 2000;
/* Milliseconds before a stream that the browser gave up is tried again. */

/**
 * Follow what changes for a person; `tell` gets arrays of events. Returns the way to stop.
 * The browser reconnects a lost stream by itself; the first event of every stream is a `hello` with everything.
 */
export function followLive(user, tell) {
  const stream = new Stream(user, tell);
  stream.open();
  const look = () => (document.hidden ? stream.makeRoom() : stream.open());
  const leave = () => stream.close();
  const deaf = hearOthers(() => document.hidden && stream.makeRoom());
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
  addEventListener("pagehide", leave);
  return () => {
    deaf();
    document.removeEventListener("visibilitychange", look);
    removeEventListener("pageshow", look);
    removeEventListener("pagehide", leave);
    stream.close();
  };
}

class Stream {
  constructor(user, tell) {
    Object.assign(this, { user, tell, source: null, giveBack: null, waiting: 0 });
  }

  open() {
    if (this.source) return;
    clearTimeout(this.waiting);
    this.giveBack = takePlace();
    const source = new EventSource(`/live?as=${encodeURIComponent(this.user)}`);
    source.onmessage = (message) => this.tell(JSON.parse(message.data));
    source.onerror = () => this.lost();
    this.source = source;
  }

  close() {
    clearTimeout(this.waiting);
    this.source?.close();
    this.giveBack?.();
    this.source = this.giveBack = null;
  }

  async makeRoom() {
    if ((await isCrowded()) && document.hidden) this.close();
  }

  /** Say that the connection is lost; what the browser gave up is tried again, unless there is no such person. */
  async lost() {
    const { source } = this;
    this.tell([{ kind: "connection", connected: false }]);
    if (source.readyState !== EventSource.CLOSED) return;
    const people = await everybody();
    if (this.source !== source) return;
    this.close();
    if (people && !people.some((one) => one.id === this.user)) this.tell([{ kind: "nobody", people }]);
    else this.waiting = setTimeout(() => this.open(), AGAIN);
  }
}

/** List the people of the workspace, or null when nobody answers. */
async function everybody() {
  try {
    return (await (await fetch("/_control/people")).json()).result;
  } catch {
    return null;
  }
}
