// N tabs of one published bundle, sharing a clock, a cookie jar, a channel and
// two mint sources, moved by the model's events and by nothing else.

import { Broadcasts } from './channel.mjs';
import { Clock, settled } from './clock.mjs';
import { CookieJar } from './cookies.mjs';
import { clientBody } from './endpoints.mjs';
import { Requests } from './requests.mjs';
import { Tab } from './tab.mjs';

export class World {
  #clock = new Clock();
  #cookies = new CookieJar(this.#clock);
  #tabs = [];
  #broadcasts;
  #requests;
  #book;
  #secondsOf;
  #now;
  #age;
  #fmt;
  #oiat;

  /**
   * Opens the tabs, one after the other, for a first life.
   *
   * @param life {start, secondsOf, book}: what every tab holds first (tokens,
   *   legacy or empty), the wall-clock second of an ordinal instant, and the
   *   token book of the same seconds
   */
  static async open(bundle, tabs, life) {
    const world = new World(tabs);
    world.#begin(life);
    await world.#openTabs(bundle, tabs);
    return world;
  }

  constructor(tabs) {
    this.#broadcasts = new Broadcasts(tabs);
    this.#requests = new Requests();
  }

  /**
   * Gives open tabs another life, which is much cheaper than opening new ones:
   * whatever is under way fails, what is held or armed is dropped, and the
   * server tells every tab of a new session with its first token.
   */
  async restart(life) {
    for (const request of [...this.#requests.held]) this.#requests.fail(request);
    await settled();
    this.#clock.forgetTimers();
    this.#cookies.clear();
    this.#begin(life);
    for (const tab of this.#tabs) tab.restart(this.#requests.client);
    await settled();
    this.#settleIn();
  }

  #begin({ start, secondsOf, book }) {
    this.#secondsOf = secondsOf;
    this.#book = book;
    this.#now = 1;
    this.#age = 0;
    this.#fmt = 0;
    this.#oiat = start !== 'legacy';
    this.#clock.setSeconds(secondsOf(1));
    const first = start === 'empty' ? null : book.jwt([this.#oiat ? 1 : null, 1, 0, 1]);
    this.#requests.client = clientBody(first, this.#clock.milliseconds);
  }

  async #openTabs(bundle, tabs) {
    const shared = {
      clock: this.#clock,
      cookies: this.#cookies,
      broadcasts: this.#broadcasts,
      requests: this.#requests,
      locks: { request: async (_name, _options, callback) => callback() },
      storage: pageStorage(),
      timers: this.#clock.timerFunctions(),
      DateClass: this.#clock.dateClass(),
    };
    for (let number = 0; number < tabs; number++) {
      const tab = new Tab(bundle, shared, number);
      await tab.open();
      await settled();
      this.#tabs.push(tab);
    }
    this.#settleIn();
  }

  /** Forgets what the tabs told each other meanwhile: the model starts when every tab holds its first token. */
  #settleIn() {
    this.#broadcasts.clear();
    this.#requests.takeSent();
    if (this.#requests.held.length > 0) throw new Error('a tab asked for a token before the first event');
  }

  /** Runs one event to completion. Returns why it was impossible, or null. */
  async step(event, clock) {
    this.#now = clock.now;
    this.#age = clock.age;
    this.#clock.setSeconds(this.#secondsOf(clock.now));
    this.#requests.expect({ background: event.kind === 'refresh' });
    const impossible = this.#act(event);
    await settled();
    return impossible;
  }

  #act(event) {
    switch (event.kind) {
      case 'tick':
      case 'age':
        return null;
      case 'rollout':
        this.#fmt++;
        return null;
      case 'oiat_on':
        this.#oiat = true;
        return null;
      case 'cookie_loss':
        this.#cookies.loseSession();
        return null;
      case 'deliver':
        return this.#broadcasts.deliver(event.to, event.from) ? null : 'no broadcast waits';
      case 'lose':
        return this.#broadcasts.lose(event.to, event.from) ? null : 'no broadcast waits';
      case 'mint':
      case 'respond':
      case 'fail':
        return this.#settle(event);
      default:
        return this.#stimulate(event.kind, this.#tabs[event.tab]);
    }
  }

  #stimulate(kind, tab) {
    switch (kind) {
      case 'refresh':
        if (!tab.canRefresh()) return 'the entry has no refresh timer';
        tab.refresh();
        return null;
      case 'skip_cache':
        tab.getToken({ skipCache: true });
        return null;
      case 'get_token':
        tab.getToken();
        return null;
      case 'evict':
        if (!tab.canEvict()) return 'the entry has no cleanup timer';
        tab.evict();
        return null;
      case 'clear_cache':
        tab.clearCache();
        return null;
      default:
        throw new Error(`unknown event kind ${kind}`);
    }
  }

  #settle({ kind, tab, fetch }) {
    const request = this.#requests.find(tab, fetch);
    if (request === undefined) return 'no such request is under way';
    if (kind === 'mint') request.token = this.#mint(request);
    else if (kind === 'respond') this.#requests.respond(request, this.#book.jwt(request.token));
    else this.#requests.fail(request);
    return null;
  }

  /** The origin reads the database; the edge copies what the parent said. */
  #mint({ forced, parent }) {
    if (forced || parent === null) return [this.#oiat ? this.#now : null, this.#now, this.#fmt, this.#now];
    const [oiat, , fmt, claims] = this.#book.token(parent);
    return [oiat, this.#now, fmt, claims];
  }

  /** What can happen next, as far as it can be seen from outside: for whoever chooses the events. */
  outlook() {
    const token = (jwt) => this.#book.tokenOrNull(jwt);
    return {
      tabs: this.#tabs.map((tab) => {
        const { state, jwt } = tab.slot();
        const timers = { refreshable: tab.canRefresh(), evictable: tab.canEvict() };
        return { state, token: token(jwt), seed: token(tab.seed()), ...timers };
      }),
      requests: this.#requests.held.map(({ tab, fetch, token: minted }) => ({ tab, fetch, minted })),
      broadcasts: this.#broadcasts
        .held()
        .map(({ to, from, jwts }) => ({ to, from, tokens: jwts.map(token) })),
      cookie: token(this.#cookies.sessionToken()),
    };
  }

  /** The token that this event brings to a tab, null if it brings none. */
  arriving({ kind, tab, fetch, to, from }) {
    if (kind === 'respond') return this.#requests.find(tab, fetch)?.token ?? null;
    if (kind !== 'deliver') return null;
    const waiting = this.#broadcasts.held().find((pair) => pair.to === to && pair.from === from);
    return this.#book.tokenOrNull(waiting?.jwts[0]);
  }

  /** Whether no request, answer or broadcast is under way. */
  get isIdle() {
    return this.#requests.held.length === 0 && this.#broadcasts.held().length === 0;
  }

  /** What the model predicts after every step, as the shipped code has it. */
  observe() {
    const token = (jwt) => this.#book.tokenOrNull(jwt);
    return {
      clock: { now: this.#now, age: this.#age },
      tabs: this.#tabs.map((tab) => {
        const { state, jwt } = tab.slot();
        const slot = state === 'resolved' ? token(jwt) : state;
        return { slot, armed: tab.canRefresh(), seed: token(tab.seed()) };
      }),
      cookie: token(this.#cookies.sessionToken()),
      posts: this.#broadcasts.takePosted().map(({ tab, jwt }) => ({ tab, token: token(jwt) })),
      requests: this.#requests
        .takeSent()
        .map(({ tab, fetch, forced, parent }) => ({ tab, fetch, forced, parent: token(parent) })),
    };
  }
}

function pageStorage() {
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
