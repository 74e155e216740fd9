// One random run of the shipped code. Which events are possible is judged from
// what can be seen of the tabs, the channel and the requests, not from the
// model: where the code does what the model has no transition for, the model
// then rejects the run.

import { Pace } from './pace.mjs';
import { TokenBook, wallSeconds } from './tokens.mjs';
import { observationRecord } from './trace.mjs';
import { World } from './world.mjs';

const MAX_STEPS = 80;

/**
 * @param scenario {tabs, start, budget, by}; `by` limits a stimulus to some tabs
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
  /** The fetch that each tab's cache entry was last pending for. */
  #pendingFetch = new Map();
  /** Broadcasts that wait in a tab for a fetch, out of sight in the code's own promises. */
  #waiting = [];

  constructor(scenario, choose) {
    this.#scenario = scenario;
    this.#choose = choose;
    this.#budget = { ...scenario.budget };
    this.#pace = new Pace(scenario);
  }

  async open(bundle) {
    const secondsOf = (ordinal) => wallSeconds(this.#pace.offset(ordinal));
    const { tabs, start } = this.#scenario;
    this.#world = await World.open(bundle, tabs, { start, secondsOf, book: new TokenBook(secondsOf) });
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
      ...outlook.tabs.flatMap((tab, number) => this.#tabEvents(tab, number)),
      ...outlook.requests.flatMap((request) => this.#requestEvents(request)),
      ...outlook.broadcasts.flatMap((broadcast) => this.#broadcastEvents(broadcast)),
      ...this.#serverEvents(outlook),
    ];
  }

  #timeEvents(outlook) {
    const events = [];
    const unminted = outlook.requests.some(({ minted }) => minted === null);
    if (unminted && this.#pace.canTick) events.push({ kind: 'tick' });
    if (this.#affords('age') && this.#pace.nextAge(this.#held(outlook)) !== null)
      events.push({ kind: 'age' });
    return events;
  }

  #tabEvents({ state, token, refreshable, evictable }, tab) {
    const possible = {
      refresh: refreshable,
      skip_cache: true,
      get_token: true,
      evict: evictable && this.#pace.isDead(token),
      clear_cache: state !== 'none',
    };
    return Object.keys(possible)
      .filter((kind) => possible[kind] && this.#affords(kind) && this.#allows(kind, tab))
      .map((kind) => ({ kind, tab }));
  }

  #requestEvents({ tab, fetch, minted }) {
    if (minted !== null) return [{ kind: 'respond', tab, fetch }];
    const events = [{ kind: 'mint', tab, fetch }];
    if (this.#affords('fail')) events.push({ kind: 'fail', tab, fetch });
    return events;
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

  /** Every token that is held somewhere: aging waits for one of these. Parents inside requests are not held. */
  #held({ tabs, requests, broadcasts, cookie }) {
    return [
      ...tabs.flatMap(({ token, seed }) => [token, seed]),
      ...requests.map(({ minted }) => minted),
      ...broadcasts.flatMap(({ tokens }) => tokens),
      ...this.#waiting.map(({ token }) => token),
      cookie,
    ].filter((token) => token !== null);
  }

  /** Books what the event costs and changes before the tabs see it. */
  #prepare(event, outlook) {
    if (this.#affords(event.kind)) this.#budget[event.kind]--;
    if (event.kind === 'tick') this.#pace.tick();
    if (event.kind === 'age') this.#pace.growOld(this.#pace.nextAge(this.#held(outlook)));
    if (event.kind === 'mint') this.#pace.noteMint();
    if (event.kind === 'deliver') this.#noteWaiting(event, outlook);
    if (event.kind === 'respond' || event.kind === 'fail') this.#forgetWaiting(event);
  }

  #noteWaiting({ to, from }, { tabs, broadcasts }) {
    if (tabs[to].state !== 'pending') return;
    const { tokens } = broadcasts.find((pair) => pair.to === to && pair.from === from);
    this.#waiting.push({ tab: to, fetch: this.#pendingFetch.get(to), token: tokens[0] });
  }

  #forgetWaiting({ tab, fetch }) {
    this.#waiting = this.#waiting.filter((broadcast) => broadcast.tab !== tab || broadcast.fetch !== fetch);
  }

  #noteFetches(requests) {
    for (const { tab, fetch } of requests) {
      if (fetch !== null) this.#pendingFetch.set(tab, fetch);
    }
  }
}
