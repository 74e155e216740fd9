// Schedules written by hand: what the tabs do, one line an event, without a model's word on what must be seen.

import { InputError } from './errors.mjs';
import { NAMED_REQUESTS } from './events.mjs';
import { stageOf } from './stage.mjs';
import { TokenBook, wallSeconds } from './tokens.mjs';
import { World } from './world.mjs';

/** Between two instants: enough for nothing to expire in a schedule. */
const STRIDE_SECONDS = 10;

const REQUESTS = ['background', 'fetch', ...NAMED_REQUESTS];

/**
 * Runs a schedule on newly opened tabs. Its lines are
 *
 *     tick
 *     refresh 0            or any other event of tab 0
 *     refresh 0 key 1
 *     deliver 1 from 0
 *     mint 0 background    or fetch 0, touch 0, switch 0, load, end, reload
 *     mint 0 touch 0 carries last
 *     fail 0 fetch 0 with 500          or with 404 and so on, with network
 *     lose_answer 0 fetch 0            or empty_answer, unauthorized
 *     respond_empty 0 fetch 0 with token    or with text, null
 *     respond_session 0 reload              the session goes on
 *     retry 0              the call that waits longest tries again
 *     mute 0               from now on the tab's postMessage throws
 *
 * @param stage what differs from two tabs with one key that hold the first token
 * @returns what was seen at the start and after every event, as `Replayer.record` has it
 * @throws when the SDK offers no such event
 */
export async function play(bundle, stage, lines) {
  const secondsOf = (ordinal) => wallSeconds(STRIDE_SECONDS * ordinal);
  const life = { secondsOf, book: new TokenBook(secondsOf) };
  const world = await World.open(bundle, stageOf({ tabs: 2, start: 'tokens', ...stage }), life);
  const history = [frame(world, null, null)];
  let now = 1;
  for (const line of lines) {
    const event = eventOf(line);
    if (event.kind === 'tick') now++;
    const arrived = world.arriving(event);
    const impossible = await world.step(event, { now, age: 0 });
    if (impossible !== null) throw new Error(`event ${history.length}, "${line}": ${impossible}`);
    history.push(frame(world, event, arrived));
  }
  return history;
}

function frame(world, event, arrived) {
  const seen = world.observe();
  const retries = seen.tabs.map((_, tab) => world.retryDelays(tab));
  return { event, arrived, ...seen, retries, idle: world.isIdle };
}

function eventOf(line) {
  const [kind, ...words] = line.split(' ');
  if (words.length === 0) return { kind };
  const tab = numberIn(words[0], line);
  const rest = words.slice(1);
  if (rest.at(-2) === 'with')
    return { kind, tab, ...requestOf(rest.slice(0, -2), line), how: howIn(rest.at(-1)) };
  if (rest[0] === 'from') return { kind, to: tab, from: numberIn(rest[1], line) };
  if (rest[0] === 'key') return { kind, tab, key: numberIn(rest[1], line) };
  if (rest.length === 0) return { kind, tab };
  return { kind, tab, ...requestOf(rest, line) };
}

function requestOf([kind, ...rest], line) {
  if (!REQUESTS.includes(kind)) throw new InputError(`"${line}": a request is one of ${REQUESTS.join(', ')}`);
  if (kind === 'background')
    return { fetch: null, ...(rest[0] === 'key' && { key: numberIn(rest[1], line) }) };
  const number = rest.length > 0 && rest[0] !== 'carries' ? numberIn(rest[0], line) : null;
  if (kind === 'fetch') return { fetch: number };
  return {
    request: kind,
    ...(number !== null && { number }),
    ...(rest.includes('carries') && { carries_last: true }),
  };
}

/** A status is a number, all else a word. */
function howIn(word) {
  return /^\d+$/.test(word) ? Number(word) : word;
}

function numberIn(word, line) {
  if (!/^\d+$/.test(word ?? ''))
    throw new InputError(`"${line}": expected a number, found ${JSON.stringify(word)}`);
  return Number(word);
}
