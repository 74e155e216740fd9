// One random run of the shipped code. Which events are possible is judged from
// what can be seen of the tabs, the channels and the requests, not from the
// model: where the code does what the model has no transition for, the model
// then rejects the run.

import { aboutRequest, endsSession, isTokenRequest, mintsToken } from './events.mjs';
import { observationRecord } from './observation.mjs';
import { Pace } from './pace.mjs';
import { stageOf } from './stage.mjs';
import { TokenBook, wallSeconds } from './tokens.mjs';
import { World } from './world.mjs';

const MAX_STEPS = 80;

/** How a request for a token may be spoiled before it is minted. */
const SPOILING = ['fail', 'empty_answer', 'unauthorized'];

/**
 * @param scenario {tabs, start, budget, by, ...}; `by` limits a stimulus to some tabs
 * @param choose a function from a list to one of its members
 * @returns the steps, as a trace has them
 */
export async function wander(bundle, scenario, choose) {
  const wanderer = new Wanderer(scenario, choose);
  await wanderer.open(bundle);
  return wanderer.run();
}

class Wanderer {
  #scenario;
  #choose;
  /** What is left of the scenario's budget. */
  #budget;
  #pace;
  #world;
  /** The fetch for which each entry was last pending, by tab and key. */
  #pendingFetch = new Map();
  /** Broadcasts that wait in a tab for a fetch, out of sight in the code's own promises. */
  #waiting = [];
  /** The server has ended the session. */
  #hasEnded = false;

  constructor(scenario, choose) {
    this.#scenario = scenario;
    this.#choose = choose;
    this.#budget = { ...scenario.budget };
    this.#pace = new Pace(scenario);
  }

  async open(bundle) {
    const secondsOf = (ordinal) => wallSeconds(this.#pace.offset(ordinal));
    const life = { secondsOf, book: new TokenBook(secondsOf) };
    this.#world = await World.open(bundle, stageOf(this.#scenario), life);
  }

  async run() {
    const steps = [];
    while (steps.length < MAX_STEPS) {
      const outlook = this.#world.outlook();
      const events = this.#possible(outlook);
      if (events.length === 0) break;
      const event = this.#choose(events);
      this.#prepare(event, outlook);
      const impossible = await this.#world.step(event, this.#pace.clock);
      if (impossible !== null) throw new Error(`${event.kind} looked possible, but ${impossible}`);
      const after = this.#world.observe();
      this.#noteFetches(after.requests);
      steps.push({ event, new: false, after: observationRecord(after) });
    }
    return steps;
  }

  #possible(outlook) {
    return [
      ...this.#timeEvents(outlook),
      ...outlook.tabs.flatMap((tab, number) => this.#tabEvents(tab, number, outlook)),
      ...outlook.requests.flatMap((request) => this.#requestEvents(request)),
      ...outlook.broadcasts.flatMap((broadcast) => this.#broadcastEvents(broadcast)),
      ...outlook.signOuts.map(({ to, from }) => ({ kind: 'deliver_sign_out', to, from })),
      ...this.#serverEvents(outlook),
    ];
  }

  #timeEvents(outlook) {
    const events = [];
    const unminted = outlook.requests.some(({ minted }) => !minted);
    if (unminted && this.#pace.canTick) events.push({ kind: 'tick' });
    if (this.#affords('age') && this.#nextAge(outlook) !== null) events.push({ kind: 'age' });
    return events;
  }

  #tabEvents(tab, number, outlook) {
    const { phase, focus, canPoll, slots, hasStopped } = tab;
    if (hasStopped) return [];
    const isOpen = phase !== 'absent' && phase !== 'closed';
    const isLive = phase === 'live';
    const possible = {
      open: phase === 'absent',
      close: isOpen,
      orphan: outlook.requests.some((request) => request.tab === number),
      skip_cache: isLive,
      get_token: isLive,
      clear_cache: isLive && slots.some(({ state }) => state !== 'none'),
      touch: isLive,
      switch: isLive && focus === 'has',
      sign_out: isLive,
      poll: isLive && canPoll && !outlook.isPolling,
      focus: isLive && focus === 'never',
      blur: isLive && focus === 'has',
      drop: outlook.broadcasts.some(({ to }) => to === number),
    };
    const events = Object.keys(possible)
      .filter((kind) => possible[kind])
      .map((kind) => ({ kind, tab: number }));
    return [...events, ...this.#timerEvents(tab, number)].filter(
      ({ kind }) => this.#affords(kind) && this.#allows(kind, number),
    );
  }

  #timerEvents({ slots }, tab) {
    return slots.flatMap(({ token, refreshable, evictable }, key) => {
      const about = { tab, ...(key !== 0 && { key }) };
      const events = [];
      if (refreshable) events.push({ kind: 'refresh', ...about });
      if (evictable && this.#pace.isDead(token)) events.push({ kind: 'evict', ...about });
      return events;
    });
  }

  #requestEvents(request) {
    const about = aboutRequest(request);
    const events = [];
    if (request.minted) events.push({ kind: 'respond', ...about });
    if (request.mintable) events.push({ kind: 'mint', ...about });
    if (request.mayCarryLast) events.push({ kind: 'mint', ...about, carries_last: true });
    if (!isTokenRequest(request)) return events;
    const faults = request.minted ? ['lose_answer'] : SPOILING;
    const possible = faults.filter((kind) => this.#affords(kind) && this.#allows(kind, request.tab));
    return [...events, ...possible.map((kind) => ({ kind, ...about }))];
  }

  #broadcastEvents({ to, from }) {
    const events = [{ kind: 'deliver', to, from }];
    if (this.#affords('lose')) events.push({ kind: 'lose', to, from });
    return events;
  }

  #serverEvents({ cookie }) {
    const possible = { rollout: true, oiat_on: true, cookie_loss: cookie !== null };
    return Object.keys(possible)
      .filter((kind) => possible[kind] && this.#affords(kind))
      .map((kind) => ({ kind }));
  }

  #affords(kind) {
    return (this.#budget[kind] ?? 0) > 0;
  }

  #allows(kind, tab) {
    return this.#scenario.by[kind]?.includes(tab) ?? true;
  }

  /**
   * Aging waits for a token that is held somewhere. Whether a former session
   * still holds one cannot be seen, so where that matters nothing ages.
   */
  #nextAge(outlook) {
    const held = this.#held(outlook);
    const next = this.#pace.nextAge(held);
    const former = outlook.tabs.flatMap(({ olderSeeds }) => olderSeeds);
    return this.#pace.nextAge([...held, ...former]) === next ? next : null;
  }

  /** Every token that is certainly held. Parents inside requests are not held. */
  #held({ tabs, requests, broadcasts, cookie }) {
    return [
      ...tabs.flatMap(({ slots, seed }) => [seed, ...slots.map(({ token }) => token)]),
      ...requests.map(({ token }) => token),
      ...broadcasts.flatMap(({ tokens }) => tokens.map(({ token }) => token)),
      ...this.#waiting.map(({ token }) => token),
      cookie,
    ].filter((token) => token !== null);
  }

  /** Books what the event costs and changes before the tabs see it. */
  #prepare(event, outlook) {
    if (this.#affords(event.kind)) this.#budget[event.kind]--;
    if (event.kind === 'tick') this.#pace.tick();
    if (event.kind === 'age') this.#pace.growOld(this.#nextAge(outlook));
    if (event.kind === 'mint' && mintsToken(event, this.#hasEnded)) this.#pace.noteMint();
    this.#hasEnded ||= endsSession(event);
    if (event.kind === 'deliver') this.#noteWaiting(event, outlook);
    if (this.#endsFetch(event, outlook)) this.#forgetWaiting(event);
    if (event.kind === 'close' || event.kind === 'orphan')
      this.#waiting = this.#waiting.filter(({ tab }) => tab !== event.tab);
  }

  /** A 401 ends a fetch only where the tab has no session any more; else it asks for its client first. */
  #endsFetch({ kind, tab }, { tabs }) {
    if (kind === 'unauthorized') return tabs[tab].phase !== 'live';
    return kind === 'respond' || kind === 'lose_answer' || SPOILING.includes(kind);
  }

  #noteWaiting({ to, from }, { tabs, broadcasts }) {
    const { tokens } = broadcasts.find((pair) => pair.to === to && pair.from === from);
    const { token, key } = tokens[0];
    if (tabs[to].slots[key].state !== 'pending') return;
    this.#waiting.push({ tab: to, fetch: this.#pendingFetch.get(`${to} ${key}`), token });
  }

  #forgetWaiting({ tab, fetch }) {
    this.#waiting = this.#waiting.filter((broadcast) => broadcast.tab !== tab || broadcast.fetch !== fetch);
  }

  #noteFetches(requests) {
    for (const { tab, kind, key, number } of requests) {
      if (kind === 'fetch') this.#pendingFetch.set(`${tab} ${key}`, number);
    }
  }
}
