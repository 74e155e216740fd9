// BroadcastChannel between the tabs of one world: what a tab posts is held,
// first in first out per sender and receiver, until the schedule delivers it.
// Tokens and the word that somebody signed out go over channels of their own.

const TOKEN_CHANNEL = 'clerk:session_token';
const SIGN_OUT_CHANNEL = 'clerk';

export class Broadcasts {
  #tokens = new Channel();
  #signOuts = new Channel();
  #channels = { [TOKEN_CHANNEL]: this.#tokens, [SIGN_OUT_CHANNEL]: this.#signOuts };

  #muted = new Set();

  /** The BroadcastChannel class of one tab. Channels that the SDK has for other things are silent. */
  channelClass(tab) {
    const channels = this.#channels;
    const muted = this.#muted;
    return class {
      #channel;

      constructor(name) {
        this.#channel = channels[name] ?? new Channel();
      }

      addEventListener(type, listener) {
        if (type === 'message') this.#channel.listen(tab, listener);
      }

      removeEventListener() {}

      postMessage(message) {
        if (muted.has(tab)) throw new Error('the channel is closed');
        this.#channel.post(tab, message);
      }

      close() {}
    };
  }

  /** From now on the tab cannot post: its postMessage throws. */
  mute(tab) {
    this.#muted.add(tab);
  }

  /** From now on what is posted reaches this tab. */
  addTab(tab) {
    this.#tokens.addTab(tab);
    this.#signOuts.addTab(tab);
  }

  /** The tab hears nothing any more; what it has posted stays. */
  removeTab(tab) {
    this.#muted.delete(tab);
    this.#tokens.removeTab(tab);
    this.#signOuts.removeTab(tab);
  }

  /** What waits, for every pair that has something waiting: the tokens, oldest first. */
  held() {
    return this.#tokens
      .held()
      .map(({ to, from, messages }) => ({ to, from, tokens: messages.map(contents) }));
  }

  /** How many sign-out messages wait, for every pair that has some waiting. */
  heldSignOuts() {
    return this.#signOuts.held().map(({ to, from, messages }) => ({ to, from, count: messages.length }));
  }

  get isIdle() {
    return this.#tokens.held().length === 0 && this.#signOuts.held().length === 0;
  }

  /** Whether there was one to deliver. */
  deliver(to, from) {
    return this.#tokens.deliver(to, from);
  }

  deliverSignOut(to, from) {
    return this.#signOuts.deliver(to, from);
  }

  /** Whether there was one to lose. */
  lose(to, from) {
    return this.#tokens.take(to, from) !== undefined;
  }

  /** Loses every token on its way to the tab. Whether there was one. */
  drop(to) {
    return this.#tokens.drop(to);
  }

  /** The tokens posted since the last call: {tab, jwt, tokenId}. */
  takePosted() {
    return this.#tokens.takePosted().map(({ tab, message }) => ({ tab, ...contents(message) }));
  }

  /** The tabs that announced since the last call that they signed out. */
  takeSignOuts() {
    return this.#signOuts.takePosted().map(({ tab, message }) => {
      if (message.type !== 'signout') throw new Error(`a message that nobody knows: ${message.type}`);
      return tab;
    });
  }

  clear() {
    this.#tokens.clear();
    this.#signOuts.clear();
  }
}

class Channel {
  #tabs = new Set();
  #listeners = new Map();
  #held = new Map();
  #posted = [];

  addTab(tab) {
    this.#tabs.add(tab);
  }

  removeTab(tab) {
    this.#tabs.delete(tab);
    this.#listeners.delete(tab);
    for (const from of this.#senders(tab)) this.#held.delete(pair(tab, from));
  }

  listen(tab, listener) {
    this.#listeners.set(tab, listener);
  }

  post(from, message) {
    this.#posted.push({ tab: from, message });
    for (const to of this.#tabs) {
      // A BroadcastChannel never hears itself.
      if (to !== from) this.#queue(to, from).messages.push(message);
    }
  }

  #queue(to, from) {
    const name = pair(to, from);
    let queue = this.#held.get(name);
    if (queue === undefined) {
      queue = { to, from, messages: [] };
      this.#held.set(name, queue);
    }
    return queue;
  }

  #senders(to) {
    return [...this.#held.values()].filter((queue) => queue.to === to).map(({ from }) => from);
  }

  held() {
    return [...this.#held.values()]
      .filter(({ messages }) => messages.length > 0)
      .sort((one, other) => one.to - other.to || one.from - other.from);
  }

  take(to, from) {
    return this.#held.get(pair(to, from))?.messages.shift();
  }

  deliver(to, from) {
    const message = this.take(to, from);
    if (message === undefined) return false;
    this.#listeners.get(to)({ data: { ...message } });
    return true;
  }

  drop(to) {
    const queues = this.held().filter((queue) => queue.to === to);
    for (const queue of queues) queue.messages.length = 0;
    return queues.length > 0;
  }

  takePosted() {
    const posted = this.#posted;
    this.#posted = [];
    return posted;
  }

  clear() {
    this.#held.clear();
    this.#posted = [];
  }
}

function contents({ tokenRaw, tokenId }) {
  return { jwt: tokenRaw, tokenId };
}

function pair(to, from) {
  return `${to}<${from}`;
}
