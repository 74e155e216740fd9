// N tabs of one published bundle, sharing a clock, a cookie jar, a channel and
// two mint sources, moved by the model's events and by nothing else.

import { Broadcasts } from './channel.mjs';
import { Clock, settled } from './clock.mjs';
import { CookieJar } from './cookies.mjs';
import { Requests, clientSource } from './requests.mjs';
import { Tab } from './tab.mjs';

export class World {
  #clock = new Clock();
  #cookies = new CookieJar(this.#clock);
  #tabs = [];
  #broadcasts;
  #requests;
  #book;
  #secondsOf;
  #now = 1;
  #age = 0;
  #fmt = 0;
  #oiat;

  /**
   * Opens the tabs, one after the other, and forgets what they said to each
   * other meanwhile: the model starts when every tab holds its first token.
   *
   * @param start tokens, legacy or empty
   * @param secondsOf the wall-clock second of an ordinal instant
   * @param book the token book of the same seconds
   */
  static async open({ bundle, tabs, start, secondsOf, book }) {
    const world = new World(tabs, start, secondsOf, book);
    await world.#openTabs(bundle, tabs);
    return world;
  }

  constructor(tabs, start, secondsOf, book) {
    this.#secondsOf = secondsOf;
    this.#book = book;
    this.#oiat = start !== 'legacy';
    this.#clock.setSeconds(secondsOf(1));
    this.#broadcasts = new Broadcasts(tabs);
    const first = start === 'empty' ? null : book.jwt([this.#oiat ? 1 : null, 1, 0, 1]);
    this.#requests = new Requests(clientSource(first, this.#clock));
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
    if (this.#requests.held.length > 0) throw new Error('a tab asked for a token while it opened');
    this.#broadcasts.clear();
  }

  /** Runs one event to completion. Returns why it was impossible, or null. */
  async step(event, clock) {
    this.#now = clock.now;
    this.#age = clock.age;
    this.#clock.setSeconds(this.#secondsOf(clock.now));
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
        this.#requests.inBackground(() => tab.refresh());
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

  /** What the model predicts after every step, as the shipped code has it. */
  observe() {
    const token = (jwt) => this.#book.tokenOrNull(jwt);
    return {
      clock: { now: this.#now, age: this.#age },
      tabs: this.#tabs.map((tab) => {
        const { state, jwt } = tab.slot();
        return { slot: state === 'resolved' ? token(jwt) : state, seed: token(tab.seed()) };
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
