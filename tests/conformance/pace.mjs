// The time of a run whose future is not known yet: instants are given real
// seconds as they begin, far apart, so that later agings mostly still fit.
// A step of time that no longer fits is not offered.

import { NEAR_SECONDS, isDead, secondsLeft } from './seconds.mjs';
import { isEmpty } from './stage.mjs';
import { LIFETIME_SECONDS } from './tokens.mjs';

/** Between instants at which no token is near. */
const STRIDE_SECONDS = 60;

/** From a near token's instant to one at which it is dead: apart enough for tokens of both to age apart. */
const EXPIRY_STRIDE_SECONDS = 20;

export class Pace {
  #offsets = [0];
  #age = 0;
  #used = true;
  #minted = new Set();
  /** Instants left by a tick while a token was near. The model never ages their tokens. */
  #frozen = new Set();

  constructor({ start }) {
    if (!isEmpty(start)) this.#minted.add(1);
  }

  get clock() {
    return { now: this.#offsets.length, age: this.#age };
  }

  /** Offset in seconds of an ordinal instant. */
  offset(ordinal) {
    return this.#offsets[ordinal - 1];
  }

  isDead([, iat]) {
    return isDead(iat, this.#age);
  }

  noteMint() {
    this.#used = true;
    this.#minted.add(this.#offsets.length);
  }

  get canTick() {
    return this.#used && this.#fits(this.#age, this.#nextTick());
  }

  tick() {
    const offset = this.#nextTick();
    if (someIsNear(this.#age)) this.#frozen.add(this.#offsets.length);
    this.#begin(offset);
  }

  /** The age at which the next of the held tokens becomes near or dead; null if it must not or cannot. */
  nextAge(held) {
    const thresholds = held.flatMap(([, iat]) => [2 * iat - 1, 2 * iat]).filter((age) => age > this.#age);
    if (thresholds.length === 0) return null;
    const next = Math.min(...thresholds);
    if (this.#frozen.has(instantOf(next)) || !this.#fits(next, this.#aged(next))) return null;
    return next;
  }

  growOld(age) {
    this.#begin(this.#aged(age));
    this.#age = age;
  }

  #nextTick() {
    return this.#offsets.at(-1) + (someIsNear(this.#age) ? 1 : STRIDE_SECONDS);
  }

  #aged(age) {
    const expiry = this.offset(instantOf(age)) + LIFETIME_SECONDS;
    if (someIsNear(age)) return expiry - NEAR_SECONDS;
    return Math.max(expiry, this.#offsets.at(-1) + EXPIRY_STRIDE_SECONDS);
  }

  /** Whether at this second exactly those tokens are near and dead that are so at this age. */
  #fits(age, offset) {
    if (offset <= this.#offsets.at(-1)) return false;
    return [...this.#minted].every((iat) => {
      const left = this.offset(iat) + LIFETIME_SECONDS - offset;
      const { atLeast, atMost } = secondsLeft(iat, age);
      return atLeast <= left && left <= atMost;
    });
  }

  #begin(offset) {
    this.#offsets.push(offset);
    this.#used = false;
  }
}

/** The instant whose tokens cross a threshold at this age. */
function instantOf(age) {
  return Math.ceil(age / 2);
}

/** At an odd age one instant's tokens are near and not yet dead. */
function someIsNear(age) {
  return age % 2 === 1;
}
