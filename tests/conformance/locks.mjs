// The lock manager that all tabs share. Of the SDK's locks it is the poller's
// that matters: one tab polls at a time, and keeps the lock for as long as it waits.

/** After this long the SDK gives up waiting for a lock. */
const GIVE_UP_MS = 4999;

export class Locks {
  #clock;
  /** By name: the tab that holds the lock. */
  #holders = new Map();
  /** Requests that are not granted: {name, tab, grant, signal}. */
  #waiting = [];

  constructor(clock) {
    this.#clock = clock;
  }

  /** navigator.locks of one tab. */
  managerOf(tab) {
    return {
      request: async (name, options, callback) => {
        if (this.#holders.has(name)) await this.#wait(tab, name, options.signal);
        this.#holders.set(name, tab);
        try {
          return await callback();
        } finally {
          this.#free(name, tab);
        }
      },
    };
  }

  #wait(tab, name, signal) {
    return new Promise((resolve, reject) => {
      const request = { name, tab, grant: resolve };
      this.#waiting.push(request);
      signal?.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((other) => other !== request);
        reject(signal.reason);
      });
    });
  }

  #free(name, tab) {
    // A tab that was closed meanwhile has lost the lock already.
    if (this.#holders.get(name) !== tab) return;
    this.#holders.delete(name);
    const next = this.#waiting.find((request) => request.name === name);
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((request) => request !== next);
    this.#holders.set(name, next.tab);
    next.grant();
  }

  get isHeld() {
    return this.#holders.size > 0;
  }

  /** Whether this tab holds a lock: its poll is under way. */
  isHeldBy(tab) {
    return [...this.#holders.values()].includes(tab);
  }

  /** Lets everybody who waits give up, as they do after five seconds. */
  giveUp() {
    for (const { tab } of [...this.#waiting]) {
      for (const timer of this.#clock.timersOf(tab, [GIVE_UP_MS])) this.#clock.fire(timer);
    }
  }

  clear() {
    this.#holders.clear();
    this.#waiting = [];
  }

  /** What a closed tab held is free; what it waited for it waits for no more. */
  forgetTab(tab) {
    this.#waiting = this.#waiting.filter((request) => request.tab !== tab);
    for (const [name, holder] of [...this.#holders]) {
      if (holder === tab) this.#free(name, tab);
    }
  }
}
