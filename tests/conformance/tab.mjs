// One tab: the globals of a focused, visible page, and the SDK started in it.

import { createHash } from 'node:crypto';
import { FRONTEND_HOST, PUBLISHABLE_KEY } from './endpoints.mjs';
import { Random } from './random.mjs';

const CACHE_KEY_PREFIX = 'clerk::';
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const PAGE = new URL(`https://${FRONTEND_HOST.replace('clerk.', 'app.')}/`);

export class Tab {
  #clock;
  #clerk;
  #cache = null;

  /** `shared` is what the tabs of one world have in common. */
  constructor(bundle, shared, number) {
    this.#clock = shared.clock;
    const Clerk = bundle.instantiate(this.#globals(shared, number));
    this.#clerk = new Clerk(PUBLISHABLE_KEY);
  }

  async open() {
    await this.#clerk.load({ standardBrowser: true, telemetry: false });
    if (!this.#clerk.session) throw new Error('the SDK opened without a session');
  }

  /** Forgets everything and takes the session of this client as a new one. */
  restart({ response }) {
    const { client } = this.#clerk;
    this.clearCache();
    // Without a session first, for a client keeps a known session's fresher token.
    client.fromJSON({ ...response, sessions: [] });
    client.fromJSON(response);
    this.#clerk.updateClient(client);
  }

  #globals({ clock, cookies, broadcasts, requests, locks, storage, timers, DateClass }, number) {
    const window = {
      ...eventTarget(),
      location: PAGE,
      navigator: { onLine: true, webdriver: false, userAgent: USER_AGENT, language: 'en', locks },
      document: pageDocument(cookies),
      history: { replaceState() {}, pushState() {} },
      localStorage: storage,
      console: silentConsole(),
      crypto: { subtle: { digest } },
      isSecureContext: true,
      atob,
      Worker: undefined,
      Date: DateClass,
      Map: this.#mapClass(),
      Math: seededMath(number),
      BroadcastChannel: broadcasts.channelClass(number),
      fetch: requests.fetchFunction(number),
      ...timers,
    };
    Object.assign(window, { window, self: window, globalThis: window, top: window, parent: window });
    return window;
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

  /** The cache entry of the session's own key, null when there is none. */
  #entry() {
    if (this.#cache === null || this.#cache.size === 0) return null;
    if (this.#cache.size > 1) throw new Error(`the token cache holds ${this.#cache.size} keys, expected one`);
    return this.#cache.values().next().value;
  }

  /** {state: none | pending | resolved}, with the JWT of the token or of a pending fetch's baseline. */
  slot() {
    const entry = this.#entry();
    if (entry === null) return { state: 'none', jwt: null };
    const resolved = entry.entry.resolvedToken;
    if (resolved) return { state: 'resolved', jwt: resolved.getRawString() };
    return { state: 'pending', jwt: entry.baseline?.getRawString() ?? null };
  }

  /** The token that the next mint request will carry. */
  seed() {
    return this.#clerk.session.lastActiveToken?.getRawString() ?? null;
  }

  /** The entry's armed timer of this kind: refreshTimeoutId or timeoutId. */
  #timer(kind) {
    const timer = this.#entry()?.[kind];
    return timer !== undefined && this.#clock.isArmed(timer) ? timer : null;
  }

  canRefresh() {
    return this.#timer('refreshTimeoutId') !== null;
  }

  canEvict() {
    return this.#timer('timeoutId') !== null;
  }

  refresh() {
    this.#clock.fire(this.#timer('refreshTimeoutId'));
  }

  evict() {
    this.#clock.fire(this.#timer('timeoutId'));
  }

  getToken(options) {
    // Whoever asked learns of a failure; here nobody did.
    this.#clerk.session.getToken(options).catch(() => {});
  }

  clearCache() {
    this.#clerk.session.clearCache();
  }
}

function eventTarget() {
  return { addEventListener() {}, removeEventListener() {}, dispatchEvent: () => true };
}

function pageDocument(cookies) {
  return {
    ...eventTarget(),
    visibilityState: 'visible',
    hasFocus: () => true,
    querySelector: () => null,
    get cookie() {
      return cookies.read();
    },
    set cookie(line) {
      cookies.write(line);
    },
  };
}

/** Answers at once: the thread pool would answer after a number of turns that is not ours to choose. */
async function digest(algorithm, bytes) {
  const name = (typeof algorithm === 'string' ? algorithm : algorithm.name).toLowerCase().replace('-', '');
  const hash = createHash(name).update(bytes).digest();
  return hash.buffer.slice(hash.byteOffset, hash.byteOffset + hash.byteLength);
}

function seededMath(seed) {
  const random = new Random(seed);
  return Object.create(Math, { random: { value: () => random.fraction() } });
}

function silentConsole() {
  const silent = () => {};
  return { log: silent, info: silent, warn: silent, error: silent, debug: silent };
}
