// BroadcastChannel between the tabs of one world: what a tab posts is held,
// first in first out per sender and receiver, until the schedule delivers it.

const TOKEN_CHANNEL = 'clerk:session_token';

export class Broadcasts {
  #tabs;
  #held = new Map();
  #listeners = new Map();
  #posted = [];

  constructor(tabs) {
    this.#tabs = tabs;
  }

  /** The BroadcastChannel class of one tab. Channels other than the token's are silent. */
  channelClass(tab) {
    const broadcasts = this;
    return class {
      constructor(name) {
        this.name = name;
      }

      addEventListener(type, listener) {
        if (this.name === TOKEN_CHANNEL && type === 'message') broadcasts.#listeners.set(tab, listener);
      }

      removeEventListener() {}

      postMessage(message) {
        if (this.name === TOKEN_CHANNEL) broadcasts.#post(tab, message);
      }

      close() {}
    };
  }

  #post(from, message) {
    this.#posted.push({ tab: from, jwt: message.tokenRaw });
    for (let to = 0; to < this.#tabs; to++) {
      // A BroadcastChannel never hears itself.
      if (to !== from) this.#queue(to, from).push(message);
    }
  }

  #queue(to, from) {
    const pair = `${to}<${from}`;
    let queue = this.#held.get(pair);
    if (queue === undefined) {
      queue = [];
      this.#held.set(pair, queue);
    }
    return queue;
  }

  /** What waits, for every pair that has something waiting: the JWTs, oldest first. */
  held() {
    const pairs = [];
    for (let to = 0; to < this.#tabs; to++) {
      for (let from = 0; from < this.#tabs; from++) {
        const jwts = this.#queue(to, from).map((message) => message.tokenRaw);
        if (jwts.length > 0) pairs.push({ to, from, jwts });
      }
    }
    return pairs;
  }

  /** Whether there was one to deliver. */
  deliver(to, from) {
    const message = this.#queue(to, from).shift();
    if (message === undefined) return false;
    this.#listeners.get(to)({ data: { ...message } });
    return true;
  }

  /** Whether there was one to lose. */
  lose(to, from) {
    return this.#queue(to, from).shift() !== undefined;
  }

  /** What was posted since the last call. */
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
