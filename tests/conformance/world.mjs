// N tabs of one published bundle, sharing a clock, a cookie jar, channels and
// a server, moved by the model's events and by nothing else.

import { Calls } from './calls.mjs';
import { Broadcasts } from './channel.mjs';
import { Clock, settled } from './clock.mjs';
import { CookieJar } from './cookies.mjs';
import { clientBody } from './endpoints.mjs';
import { requestOf } from './events.mjs';
import { Locks } from './locks.mjs';
import { Requests } from './requests.mjs';
import { Server } from './server.mjs';
import { serveRequest } from './serving.mjs';
import { isEmpty, isLegacy } from './stage.mjs';
import { pageStorage } from './stubs.mjs';
import { Tab } from './tab.mjs';
import { observe, outlook } from './view.mjs';

/** After one of these a tab is not given another life: it remembers more than a new session makes it forget. */
const WEARING = ['open', 'close', 'orphan', 'sign_out', 'deliver_sign_out', 'focus'];

/** A recheck may find that nobody is signed in. */
function isWearing({ kind, request }) {
  return WEARING.includes(kind) || (kind === 'respond' && request === 'recheck');
}

/** After one of these the calls that began a fetch try again: for the model they are rejected. */
const FAILING = ['fail', 'lose_answer', 'empty_answer'];

/** So many turns of the event loop no SDK needs to open a tab; the published ones take fewer than ten. */
const MAX_TURNS = 1000;

/** Opens a tab. A build that waits for what never comes is told from one that opens. */
async function opened(tab) {
  let isOpen = false;
  const opening = tab.open().finally(() => {
    isOpen = true;
  });
  opening.catch(() => {});
  for (let turn = 0; turn < MAX_TURNS && !isOpen; turn++) await settled();
  if (!isOpen) throw new Error(`the SDK did not open a tab within ${MAX_TURNS} turns of the event loop`);
  await opening;
}

export class World {
  #bundle;
  #stage;
  #clock = new Clock();
  #cookies = new CookieJar(this.#clock);
  #broadcasts = new Broadcasts();
  #requests = new Requests();
  #locks = new Locks(this.#clock);
  #storage = pageStorage();
  #calls = new Calls();
  /** By number; what is absent or closed is no tab. */
  #tabs = new Map();
  #closed = new Set();
  /** Tabs that stopped for good: what comes for them reaches nobody. */
  #stopped = new Set();
  #worn = new Set();
  #server;
  #book;
  #secondsOf;
  #now;
  #age;

  /**
   * Opens the tabs, one after the other, for a first life.
   *
   * @param stage {tabs, start, edge, keys, absent, unfocused, piggyback, stale_load}: as the header of a trace file has
   *   it; and retries: whether a call of a failed fetch goes on until it is out of retries, which the model has not
   * @param life {secondsOf, book}: the wall-clock second of an ordinal
   *   instant, and the token book of the same seconds
   */
  static async open(bundle, stage, life) {
    const world = new World(bundle, stage);
    await world.restart(life);
    return world;
  }

  constructor(bundle, stage) {
    this.#bundle = bundle;
    this.#stage = stage;
  }

  /**
   * Gives open tabs another life, which is much cheaper than opening new ones:
   * whatever is under way fails, what is held or armed is dropped, and the
   * server tells every tab of a new session with its first token.
   */
  async restart({ secondsOf, book }) {
    for (const number of this.#worn) this.#forget(number);
    this.#worn.clear();
    this.#closed.clear();
    this.#stopped.clear();
    for (const request of [...this.#requests.held]) this.#requests.fail(request, 404);
    await settled();
    this.#locks.clear();
    this.#calls.clear();
    this.#cookies.clear();
    this.#begin({ secondsOf, book });
    await this.#settleIn();
  }

  #begin({ secondsOf, book }) {
    this.#secondsOf = secondsOf;
    this.#book = book;
    this.#now = 1;
    this.#age = 0;
    this.#clock.setSeconds(secondsOf(1));
    const { start } = this.#stage;
    const first = isEmpty(start) ? null : [isLegacy(start) ? null : 1, 1, 0, 1];
    this.#server = new Server(this.#stage, first);
    const jwt = first === null ? null : book.jwt(first);
    this.#requests.client = clientBody({ jwt, org: 0, milliseconds: this.#clock.milliseconds });
  }

  /**
   * Opens or restarts the tabs, and then forgets what they told each other:
   * the model starts when every tab holds its first token.
   */
  async #settleIn() {
    const { tabs, absent } = this.#stage;
    // Somebody has to have written the cookies.
    const passes = absent.length === tabs;
    for (let number = 0; number < tabs; number++) {
      if (absent.includes(number) && !passes) continue;
      const tab = this.#tabs.get(number);
      if (tab === undefined) await opened(this.#create(number));
      else {
        this.#clock.forgetTimersOf(number, [tab.pollTimer]);
        tab.restart(this.#requests.client, this.#hasFocus(number));
      }
      await settled();
      if (this.#tabs.get(number).phase !== 'live') throw new Error('the SDK opened without a session');
    }
    if (passes) for (const number of absent) this.#forget(number);
    this.#broadcasts.clear();
    this.#cookies.takeWrites();
    this.#requests.takeSent();
    this.#requests.client = null;
    if (this.#requests.held.length > 0) throw new Error('a tab asked for a token before the first event');
  }

  #create(number) {
    const shared = {
      clock: this.#clock,
      cookies: this.#cookies,
      broadcasts: this.#broadcasts,
      requests: this.#requests,
      locks: this.#locks,
      storage: this.#storage,
    };
    const tab = new Tab(this.#bundle, shared, number, this.#hasFocus(number));
    this.#tabs.set(number, tab);
    this.#broadcasts.addTab(number);
    return tab;
  }

  /** Whether the tab has focus when it opens. */
  #hasFocus(number) {
    return !this.#stage.unfocused.includes(number);
  }

  /** What a closed page had is gone: nothing of it runs any more. */
  #forget(number) {
    this.#tabs.delete(number);
    this.#broadcasts.removeTab(number);
    this.#requests.forgetTab(number);
    this.#clock.forgetTimersOf(number);
    this.#locks.forgetTab(number);
    this.#calls.forgetTab(number);
  }

  /** Runs one event to completion. Returns why it was impossible, or null. */
  async step(event, clock) {
    this.#now = clock.now;
    this.#age = clock.age;
    this.#clock.setSeconds(this.#secondsOf(clock.now));
    this.#requests.expect({
      background: event.kind === 'refresh' ? (event.key ?? 0) : null,
      loading: event.kind === 'open' ? event.tab : null,
      rechecking: event.kind === 'unauthorized' ? event : null,
    });
    if (isWearing(event)) this.#worn.add(event.tab ?? event.to);
    const mark = this.#clock.mark;
    const impossible = this.#act(event);
    await settled();
    this.#locks.giveUp();
    await settled();
    this.#calls.noteSent(this.#requests.sent);
    this.#noteCalls(event, mark);
    return impossible;
  }

  /** Ends the calls that the model calls ended. */
  #noteCalls({ kind, tab, fetch, request }, mark) {
    if (this.#stopped.has(tab)) return;
    if (FAILING.includes(kind) && !this.#stage.retries) {
      const retries = this.#tabs.get(tab)?.retriesSince(mark) ?? 0;
      this.#calls.noteFailure(tab, fetch, retries);
    }
    if (kind === 'respond' && request === undefined && Number.isInteger(fetch)) {
      this.#calls.noteAnswer(tab, fetch);
    }
  }

  #act(event) {
    switch (event.kind) {
      case 'tick':
      case 'age':
        return null;
      case 'rollout':
        this.#server.rollOut();
        return null;
      case 'oiat_on':
        this.#server.sendOiat();
        return null;
      case 'cookie_loss':
        this.#cookies.loseSession();
        return null;
      case 'deliver':
        return this.#deliver(event.to, event.from) ? null : 'no broadcast waits';
      case 'deliver_sign_out':
        return this.#broadcasts.deliverSignOut(event.to, event.from) ? null : 'no sign-out message waits';
      case 'lose':
        return this.#broadcasts.lose(event.to, event.from) ? null : 'no broadcast waits';
      case 'drop':
        return this.#broadcasts.drop(event.tab) ? null : 'no broadcast waits';
      case 'mint':
      case 'respond':
      case 'respond_empty':
      case 'respond_session':
      case 'fail':
      case 'lose_answer':
      case 'empty_answer':
      case 'unauthorized':
        return serveRequest(event, this.#parts);
      case 'open':
        return this.#open(event.tab);
      case 'close':
        return this.#close(event.tab);
      default:
        return this.#stimulate(event);
    }
  }

  #deliver(to, from) {
    return this.#stopped.has(to) ? this.#broadcasts.lose(to, from) : this.#broadcasts.deliver(to, from);
  }

  #open(number) {
    if (this.#tabs.has(number) || this.#closed.has(number)) return 'the tab is not absent';
    this.#create(number).open();
    return null;
  }

  #close(number) {
    if (!this.#tabs.has(number)) return 'there is no such tab';
    this.#forget(number);
    this.#closed.add(number);
    return null;
  }

  #stimulate({ kind, tab: number, key = 0 }) {
    const tab = this.#tabs.get(number);
    if (tab === undefined || this.#stopped.has(number)) return 'there is no such tab';
    switch (kind) {
      case 'orphan':
        this.#stopped.add(number);
        return null;
      case 'refresh':
        if (!tab.canRefresh(key)) return 'the entry has no refresh timer';
        tab.refresh(key);
        return null;
      case 'evict':
        if (!tab.canEvict(key)) return 'the entry has no cleanup timer';
        tab.evict(key);
        return null;
      case 'poll':
        if (tab.pollTimer === null) return 'the poller has no timer';
        tab.poll();
        return null;
      case 'retry':
        if (tab.retryDelays.length === 0) return 'no call waits until it tries again';
        tab.retry();
        return null;
      case 'mute':
        this.#broadcasts.mute(number);
        return null;
      default:
        return tab.phase === 'live' ? this.#ask(kind, tab, number) : 'the tab has no session';
    }
  }

  /** What a page asks of its session. */
  #ask(kind, tab, number) {
    switch (kind) {
      case 'skip_cache':
        this.#calls.note(number, tab.sessionOrg, tab.getToken({ skipCache: true }));
        return null;
      case 'get_token':
        this.#calls.note(number, tab.sessionOrg, tab.getToken());
        return null;
      case 'clear_cache':
        tab.clearCache();
        return null;
      case 'touch':
        tab.touch();
        return null;
      case 'switch':
        if (tab.focus !== 'has') return 'the tab has no focus';
        tab.switch();
        return null;
      case 'sign_out':
        tab.signOut();
        return null;
      case 'focus':
        if (tab.focus !== 'never') return 'the tab had focus before';
        tab.gainFocus();
        return null;
      case 'blur':
        if (tab.focus !== 'has') return 'the tab has no focus';
        tab.loseFocus();
        return null;
      default:
        throw new Error(`unknown event kind ${kind}`);
    }
  }

  /** What can happen next, as far as it can be seen from outside: for whoever chooses the events. */
  outlook() {
    return outlook(this.#parts);
  }

  /** What the model predicts after every step, as the shipped code has it. */
  observe() {
    return observe(this.#parts);
  }

  /** The token that this event brings to a tab, null if it brings none. */
  arriving(event) {
    if (event.kind === 'respond') return this.#requests.find(requestOf(event))?.token ?? null;
    if (event.kind !== 'deliver') return null;
    const waiting = this.#broadcasts.held().find(({ to, from }) => to === event.to && from === event.from);
    return this.#book.tokenOrNull(waiting?.tokens[0].jwt);
  }

  /** For how long the calls of a tab wait until they try again, in milliseconds. */
  retryDelays(number) {
    return this.#tabs.get(number)?.retryDelays ?? [];
  }

  /** Whether no request, answer, broadcast or sign-out message is under way. */
  get isIdle() {
    return this.#requests.held.length === 0 && this.#broadcasts.isIdle;
  }

  get #parts() {
    return {
      clock: { now: this.#now, age: this.#age },
      milliseconds: this.#clock.milliseconds,
      tabs: Array.from({ length: this.#stage.tabs }, (_, number) => this.#tabs.get(number) ?? null),
      closed: this.#closed,
      stopped: this.#stopped,
      book: this.#book,
      cookies: this.#cookies,
      broadcasts: this.#broadcasts,
      requests: this.#requests,
      server: this.#server,
      locks: this.#locks,
      calls: this.#calls,
    };
  }
}
