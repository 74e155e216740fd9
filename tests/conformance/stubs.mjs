// What a page without a browser consists of: stubs that do as little as the SDK needs.

import { createHash } from 'node:crypto';
import { Random } from './random.mjs';

/** A window or a document as far as listening goes. `fire` is for the schedule, not for the SDK. */
export function eventTarget() {
  const listeners = new Map();
  const of = (type) => listeners.get(type) ?? [];
  return {
    addEventListener(type, listener) {
      listeners.set(type, [...of(type), listener]);
    },
    removeEventListener(type, listener) {
      listeners.set(
        type,
        of(type).filter((other) => other !== listener),
      );
    },
    // What the SDK tells its own page, for instance that it is about to navigate, reaches nobody: the page stays.
    dispatchEvent: () => true,
    fire(type) {
      for (const listener of of(type)) listener({ type });
    },
  };
}

/**
 * A visible document.
 *
 * @param page {hasFocus, describe}: functions; what `describe` returns is remembered of every write of a cookie
 */
export function pageDocument(cookies, { hasFocus, describe }) {
  return {
    ...eventTarget(),
    visibilityState: 'visible',
    hasFocus,
    querySelector: () => null,
    get cookie() {
      return cookies.read();
    },
    set cookie(line) {
      cookies.write(line, describe());
    },
  };
}

export function pageStorage() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, String(value));
    },
    removeItem: (key) => {
      items.delete(key);
    },
  };
}

/** Answers at once: the thread pool would answer after a number of turns that is not ours to choose. */
export async function digest(algorithm, bytes) {
  const name = (typeof algorithm === 'string' ? algorithm : algorithm.name).toLowerCase().replace('-', '');
  const hash = createHash(name).update(bytes).digest();
  return hash.buffer.slice(hash.byteOffset, hash.byteOffset + hash.byteLength);
}

export function seededMath(seed) {
  const random = new Random(seed);
  return Object.create(Math, { random: { value: () => random.fraction() } });
}

export function silentConsole() {
  const silent = () => {};
  return { log: silent, info: silent, warn: silent, error: silent, debug: silent };
}
