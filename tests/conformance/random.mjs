// Seeded random choice (a 32-bit linear congruential generator): the same seed
// gives the same runs on every machine.

export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, but not including, 1. */
  fraction() {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  choose(list) {
    return list[Math.floor(this.fraction() * list.length)];
  }
}
