// The clock and the timers that all tabs of a world share. Time stands still
// unless the schedule moves it, and no timer fires unless the schedule fires it.

export class Clock {
  #milliseconds = 0;
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

  timerFunctions() {
    const set = (callback) => {
      const timer = this.#nextTimer++;
      this.#timers.set(timer, callback);
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

  fire(timer) {
    const callback = this.#timers.get(timer);
    this.#timers.delete(timer);
    callback();
  }

  forgetTimers() {
    this.#timers.clear();
  }
}

/** Lets every promise reaction that is due run: microtasks are drained before the next macrotask. */
export function settled() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
