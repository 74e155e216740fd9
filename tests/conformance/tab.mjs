// One tab: the globals of a visible page, and the SDK started in it.

import { FRONTEND_HOST, PUBLISHABLE_KEY } from './endpoints.mjs';
import { isRecorded, record } from './recorder.mjs';
import { digest, eventTarget, pageDocument, seededMath, silentConsole } from './stubs.mjs';
import { SESSION_ID, organizationId, orgOfId } from './tokens.mjs';

const CACHE_KEY_PREFIX = 'clerk::';
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const PAGE = `https://${FRONTEND_HOST.replace('clerk.', 'app.')}/`;

/** The poller's delays: 5000 up to 6.24.0; in 6.40.0 1500 with focus and 5000 without. */
const POLL_DELAYS_MS = [1500, 5000];

/** How long a call of getToken waits until it tries again, and again. */
const RETRY_DELAYS_MS = Array.from({ length: 8 }, (_, retry) => Math.min(3000 * 1.55 ** retry, 50_000));

/** The name under which a token of this org is cached, which is also what its broadcasts are about. */
export function tokenIdOf(org) {
  return org === 0 ? SESSION_ID : `${SESSION_ID}-${organizationId(org)}`;
}

export class Tab {
  #number;
  #clock;
  #clerk;
  #window = eventTarget();
  #cache = null;
  #focus;
  #isLoaded = false;
  #isSigningOut = false;
  /** Every session that was once the newest. */
  #sessions = new Set();

  /**
   * @param shared what the tabs of one world have in common
   * @param hasFocus whether the page has focus when it opens
   */
  constructor(bundle, shared, number, hasFocus) {
    this.#number = number;
    this.#clock = shared.clock;
    this.#focus = hasFocus ? 'has' : 'never';
    const globals = this.#globals(shared);
    if (isRecorded) record(globals, number);
    const Clerk = bundle.instantiate(globals);
    this.#clerk = new Clerk(PUBLISHABLE_KEY);
    // Where the recorder looks for it, as in a page.
    if (isRecorded) globals.Clerk = this.#clerk;
  }

  /** Starts the SDK; it is up once the environment and the client have been answered. */
  async open() {
    await this.#clerk.load({ standardBrowser: true, touchSession: true, telemetry: false });
    this.#isLoaded = true;
  }

  /** Forgets everything and takes the session of this client as a new one. */
  restart({ response }, hasFocus) {
    const { client } = this.#clerk;
    this.#focus = hasFocus ? 'has' : 'never';
    this.#sessions.clear();
    this.#clerk.session.clearCache();
    // Without a session first, for a client keeps a known session's fresher token.
    client.fromJSON({ ...response, sessions: [] });
    client.fromJSON(response);
    this.#clerk.updateClient(client);
  }

  #globals({ clock, cookies, broadcasts, requests, locks, storage }) {
    const window = this.#window;
    Object.assign(window, {
      location: new URL(PAGE),
      navigator: {
        onLine: true,
        webdriver: false,
        userAgent: USER_AGENT,
        language: 'en',
        locks: locks.managerOf(this.#number),
      },
      history: { replaceState() {}, pushState() {} },
      localStorage: storage,
      console: silentConsole(),
      crypto: { subtle: { digest } },
      isSecureContext: true,
      atob,
      Worker: undefined,
      Date: clock.dateClass(),
      Map: this.#mapClass(),
      Math: seededMath(this.#number),
      BroadcastChannel: broadcasts.channelClass(this.#number),
      fetch: requests.fetchFunction(this.#number),
      ...clock.timerFunctions(this.#number),
      document: pageDocument(cookies, {
        hasFocus: () => this.#focus === 'has',
        describe: () => ({ tab: this.#number, phase: this.phase, context: this.context }),
      }),
    });
    return Object.assign(window, { window, self: window, globalThis: window, top: window, parent: window });
  }

  /** A Map that gives itself away once it holds the token cache. */
  #mapClass() {
    const tab = this;
    return class extends Map {
      set(key, value) {
        if (typeof key === 'string' && key.startsWith(CACHE_KEY_PREFIX)) tab.#cache = this;
        return super.set(key, value);
      }
    };
  }

  /** The cache entry of a key, null when there is none. */
  #entry(key) {
    if (this.#cache === null) return null;
    const names = [0, 1].map((org) => `${CACHE_KEY_PREFIX}${tokenIdOf(org)}::`);
    const stranger = [...this.#cache.keys()].find((name) => !names.includes(name));
    if (stranger !== undefined)
      throw new Error(`the token cache holds ${stranger}, expected ${names.join(' or ')}`);
    return this.#cache.get(names[key]) ?? null;
  }

  /** {state: none | pending | resolved}, with the JWT of the token or of a pending fetch's baseline. */
  slot(key) {
    const entry = this.#entry(key);
    if (entry === null) return { state: 'none', jwt: null };
    const resolved = entry.entry.resolvedToken;
    if (resolved) return { state: 'resolved', jwt: resolved.getRawString() };
    return { state: 'pending', jwt: entry.baseline?.getRawString() ?? null };
  }

  /** absent and closed tabs are none; the others are loading, live, leaving or out. */
  get phase() {
    if (this.#clerk.session) return 'live';
    if (!this.#isLoaded) return 'loading';
    // Its client may tell it that nobody is signed in before its sign-out is answered.
    return this.#isSigningOut && this.#session !== null ? 'leaving' : 'out';
  }

  /** never, has, blurred */
  get focus() {
    return this.#focus;
  }

  /** The org that the page believes to be in. */
  get context() {
    return orgOfId(this.#clerk.organization?.id);
  }

  /** The newest session: a client outlives the moment at which signOut takes the session from the page. */
  get #session() {
    const newest = this.#clerk.session ?? this.#clerk.client?.sessions[0] ?? null;
    if (newest !== null) this.#sessions.add(newest);
    return newest;
  }

  /** The org of the newest session, null without one. */
  get sessionOrg() {
    return this.#session === null ? null : orgOfId(this.#session.lastActiveOrganizationId);
  }

  /** The token that the newest session's next mint request will carry. */
  seed() {
    return this.#session?.lastActiveToken?.getRawString() ?? null;
  }

  /** The tokens of sessions that were the newest once: some of them still send requests. */
  olderSeeds() {
    const newest = this.#session;
    return [...this.#sessions]
      .filter((session) => session !== newest && session.lastActiveToken)
      .map((session) => session.lastActiveToken.getRawString());
  }

  /** The entry's armed timer of this kind: refreshTimeoutId or timeoutId. */
  #timer(key, kind) {
    const timer = this.#entry(key)?.[kind];
    return timer !== undefined && this.#clock.isArmed(timer) ? timer : null;
  }

  canRefresh(key) {
    return this.#timer(key, 'refreshTimeoutId') !== null;
  }

  canEvict(key) {
    return this.#timer(key, 'timeoutId') !== null;
  }

  refresh(key) {
    this.#clock.fire(this.#timer(key, 'refreshTimeoutId'));
  }

  evict(key) {
    this.#clock.fire(this.#timer(key, 'timeoutId'));
  }

  /** The poller's timer, null while a poll is under way. */
  get pollTimer() {
    const ofEntries = [0, 1].flatMap((key) =>
      ['refreshTimeoutId', 'timeoutId'].map((kind) => this.#timer(key, kind)),
    );
    const timers = this.#clock
      .timersOf(this.#number, POLL_DELAYS_MS)
      .filter((timer) => !ofEntries.includes(timer));
    if (timers.length > 1)
      throw new Error(`tab ${this.#number} has ${timers.length} timers that may be the poller's`);
    return timers[0] ?? null;
  }

  poll() {
    this.#clock.fire(this.pollTimer);
  }

  /** How many calls of getToken began since this mark of the clock to wait until they try again. */
  retriesSince(mark) {
    return this.#retryTimers.filter((timer) => timer >= mark).length;
  }

  get #retryTimers() {
    return this.#clock.timersOf(this.#number, RETRY_DELAYS_MS);
  }

  get retryDelays() {
    return this.#retryTimers.map((timer) => this.#clock.delayOf(timer));
  }

  /** The call that waits longest tries again. */
  retry() {
    this.#clock.fire(this.#retryTimers[0]);
  }

  /** The JWT that the caller gets. */
  getToken(options) {
    return this.#clerk.session.getToken(options);
  }

  clearCache() {
    this.#clerk.session.clearCache();
  }

  gainFocus() {
    this.#focus = 'has';
    this.#window.fire('focus');
  }

  /** A page that loses focus is told so by no event that the SDK listens to. */
  loseFocus() {
    this.#focus = 'blurred';
  }

  // Whoever asked for one of the following learns of a failure; here nobody did.

  touch() {
    this.#clerk.session.touch().catch(() => {});
  }

  /** To the other organization. */
  switch() {
    this.#clerk.setActive({ organization: organizationId(1 - this.sessionOrg) }).catch(() => {});
  }

  signOut() {
    this.#isSigningOut = true;
    this.#clerk.signOut().then(
      () => {
        this.#isSigningOut = false;
      },
      () => {},
    );
  }
}
