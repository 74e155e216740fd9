// Divergences grouped by cause. The cause is told by a signature that stays
// the same from run to run: the observed field, the event, and how the two
// values differ in kind.

import { armedWord } from './story.mjs';

export function signature({ field, expected, observed, trace, index }) {
  const name = `${field} after ${eventName(trace.steps[index].event)}`;
  if (field === 'event' || field === 'harness') return `${name}: ${observed}`;
  return `${name}: ${shape(field, observed)} instead of ${shape(field, expected)}`;
}

function eventName({ kind, fetch, request }) {
  if (request !== undefined) return `${kind} of a ${request}`;
  return fetch === null ? `${kind} of a background refresh` : kind;
}

const WORDS = {
  armed: armedWord,
  'key 1 armed': armedWord,
  posts: () => 'a post',
  'sign-outs': () => 'a sign-out message',
  requests: ({ kind }) => `a request (${kind})`,
  returned: ({ rejected }) => (rejected ? 'a rejection' : 'a token'),
};

function shape(field, value) {
  if (value === null) return 'nothing';
  if (WORDS[field] !== undefined) return WORDS[field](value);
  return Array.isArray(value) ? 'a token' : String(value);
}

export class DivergenceGroups {
  #groups = new Map();
  count = 0;

  add(divergence) {
    this.count++;
    const key = signature(divergence);
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, { signature: key, count: 1, shortest: divergence });
    else {
      group.count++;
      if (divergence.index < group.shortest.index) group.shortest = divergence;
    }
  }

  /** The commonest cause first; each with its shortest divergence. */
  list() {
    return [...this.#groups.values()].sort(
      (a, b) => b.count - a.count || (a.signature < b.signature ? -1 : 1),
    );
  }
}
