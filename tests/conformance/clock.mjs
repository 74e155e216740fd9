// The clock and the timers that all tabs of a world share. Time stands still
// unless the schedule moves it, and no timer fires unless the schedule fires it.

export class Clock {
  #milliseconds = 0;
  /** By the timer's number: {tab, callback, delay}. */
  #timers = new Map();
  #nextTimer = 1;

  setSeconds(seconds) {
    this.#milliseconds = seconds * 1000;
  }

  get milliseconds() {
    return this.#milliseconds;
  }

  /** A Date that knows no other present than this clock's. */
  dateClass() {
    const clock = this;
    return class extends Date {
      constructor(...parts) {
        if (parts.length === 0) super(clock.milliseconds);
        else super(...parts);
      }

      static now() {
        return clock.milliseconds;
      }
    };
  }

  /** The timer functions of one tab. */
  timerFunctions(tab) {
    const set = (callback, delay = 0) => {
      const timer = this.#nextTimer++;
      this.#timers.set(timer, { tab, callback, delay });
      return timer;
    };
    const clear = (timer) => {
      this.#timers.delete(timer);
    };
    return { setTimeout: set, setInterval: set, clearTimeout: clear, clearInterval: clear };
  }

  isArmed(timer) {
    return this.#timers.has(timer);
  }

  /** The armed timers of a tab with one of these delays in milliseconds, oldest first. */
  timersOf(tab, delays) {
    return [...this.#timers]
      .filter(([, timer]) => timer.tab === tab && delays.includes(timer.delay))
      .map(([number]) => number);
  }

  delayOf(timer) {
    return this.#timers.get(timer).delay;
  }

  /** A number lower than that of every timer to be set from now on, and no other. */
  get mark() {
    return this.#nextTimer;
  }

  fire(timer) {
    const { callback } = this.#timers.get(timer);
    this.#timers.delete(timer);
    callback();
  }

  /** Forgets the timers of a tab but these. */
  forgetTimersOf(tab, kept = []) {
    for (const [number, timer] of this.#timers) {
      if (timer.tab === tab && !kept.includes(number)) this.#timers.delete(number);
    }
  }
}

/** Lets every promise reaction that is due run: microtasks are drained before the next macrotask. */
export function settled() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
