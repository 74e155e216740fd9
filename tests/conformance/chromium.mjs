// Real pages of a published bundle in Chromium, and the server behind them:
// requests are held until a story answers them, messages and long timers until
// it lets them through.

import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { bundlePath } from './bundle.mjs';
import {
  CLIENT_PATH,
  ENVIRONMENT_PATH,
  FRONTEND_HOST,
  PUBLISHABLE_KEY,
  SESSIONS_PATH,
  TOKENS_PATH,
  TOUCH_PATH,
  clientBody,
  environmentBody,
  errorBody,
  signedOutBody,
  tokenBody,
  touchBody,
} from './endpoints.mjs';
import { KEPT_TIMER_MS, prepareTab } from './page.mjs';
import { LIFETIME_SECONDS, TokenBook, orgOf } from './tokens.mjs';

const ORIGIN = `https://${FRONTEND_HOST.replace('clerk.', 'app.')}`;
const TIMEOUT_MS = 60_000;

/** The bundle of a page, and what its address ends with. */
const MAIN = 'clerk.browser.js';

/** The token that every page holds first. */
const FIRST = [1, 1, 0, 1];

/** Requests that are held, by method and path. */
const HELD = {
  [`POST ${TOKENS_PATH}`]: 'tokens',
  [`POST ${TOUCH_PATH}`]: 'touch',
  [`DELETE ${SESSIONS_PATH}`]: 'end',
};

export class Pages {
  #context;
  #build;
  #book;
  #requests = [];
  #unexpected = [];
  #ended = false;
  /** The token that a client's answer brings. */
  #ofClient = FIRST;

  /**
   * @param context a browser context of playwright, used by nobody else
   * @param build the version of an installed release, or the path of a build of one's own
   * @param before the text of a script that every page runs before anything else
   */
  static async in(context, build, before = '') {
    const pages = new Pages(context, build);
    context.setDefaultTimeout(TIMEOUT_MS);
    await context.addInitScript({ content: before });
    await context.addInitScript(prepareTab, KEPT_TIMER_MS);
    await context.route('**/*', (route) => pages.#answer(route));
    return pages;
  }

  constructor(context, build) {
    this.#context = context;
    this.#build = build;
    // The browser's clock is the real one; the tokens are a few seconds old.
    const first = Math.floor(Date.now() / 1000) - 10;
    this.#book = new TokenBook((ordinal) => first + ordinal);
  }

  /** A page of an application that navigates by itself, as frameworks do, so that it outlives a sign-out. */
  async open() {
    const page = await this.#context.newPage();
    await page.goto(ORIGIN);
    await page.evaluate(() => {
      const stay = () => {};
      return window.Clerk.load({ telemetry: false, routerPush: stay, routerReplace: stay });
    });
    return page;
  }

  /** Throws if the pages asked for anything that no story knows. */
  check() {
    if (this.#unexpected.length > 0) throw new Error(`unexpected requests: ${this.#unexpected.join(', ')}`);
  }

  async #answer(route) {
    const request = route.request();
    const { origin, pathname, searchParams } = new URL(request.url());
    if (origin === ORIGIN) return this.#serve(route, pathname);
    const name = `${searchParams.get('_method') ?? request.method()} ${pathname}`;
    if (name === `GET ${ENVIRONMENT_PATH}`) return fulfill(route, environmentBody());
    if (name === `GET ${CLIENT_PATH}`) return fulfill(route, this.#clientBody());
    if (HELD[name] !== undefined) {
      const org = orgAskedBy(new URLSearchParams(request.postData() ?? ''));
      this.#requests.push({ route, page: request.frame().page(), kind: HELD[name], org });
      return undefined;
    }
    this.#unexpected.push(name);
    return route.abort();
  }

  #clientBody() {
    if (this.#ended) return signedOutBody(Date.now());
    return clientBody({ jwt: this.#book.jwt(this.#ofClient), org: 0, milliseconds: Date.now() });
  }

  #serve(route, pathname) {
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: pageSource() });
    const file = pathname.split('/').at(-1);
    if (!file.endsWith('.js')) return route.fulfill({ status: 204 });
    const body = readFileSync(sourcePath(this.#build, file), 'utf8');
    return route.fulfill({ contentType: 'text/javascript', body });
  }

  /** The page's oldest request of a kind (tokens, touch, end) that is not answered, once it has been made. */
  async request(page, kind) {
    const request = await eventually(`a request (${kind})`, () =>
      this.#requests.find((held) => held.page === page && held.kind === kind),
    );
    this.#requests.splice(this.#requests.indexOf(request), 1);
    return request;
  }

  /** @param token what the server has minted for the request, of the org asked */
  async respond({ route, kind }, token) {
    const jwt = this.#book.jwt(token);
    if (kind === 'tokens') return fulfill(route, tokenBody(jwt));
    return fulfill(route, touchBody({ jwt, org: orgOf(token), milliseconds: Date.now() }, true));
  }

  /** Answers a request for a token with 200 and no token. */
  async respondEmpty({ route }) {
    return fulfill(route, {});
  }

  /** Answers with 401, although the session goes on; the page asks for its client then, and is given this token. */
  async refuse({ route }, token) {
    this.#ofClient = token;
    return fulfill(route, errorBody(), 401);
  }

  /** Ends the session. */
  async end({ route }) {
    this.#ended = true;
    return fulfill(route, signedOutBody(Date.now()));
  }

  /** What an application in the page gets: the cached token. */
  async read(page) {
    return this.#book.token(await page.evaluate(() => window.Clerk.session.getToken()));
  }

  /** The token in the session cookie, null without one. */
  async cookie() {
    const cookies = await this.#context.cookies(ORIGIN);
    return this.#book.tokenOrNull(cookies.find(({ name }) => name === '__session')?.value);
  }
}

/** What a build loads later lies beside it. */
function sourcePath(build, file) {
  if (!isAbsolute(build)) return bundlePath(build, file);
  return file === MAIN ? build : join(dirname(build), file);
}

function orgAskedBy(fields) {
  return fields.get('organization_id') ?? fields.get('active_organization_id') ?? '';
}

function pageSource() {
  return `<!doctype html><title>tab</title>
<script src="/${MAIN}" data-clerk-publishable-key="${PUBLISHABLE_KEY}"></script>`;
}

function fulfill(route, body, status = 200) {
  const headers = { 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true' };
  return route.fulfill({ status, json: body, headers });
}

export async function heardMessage(page) {
  await eventually('a broadcast', () => page.evaluate(() => window.heldByScript.messages.length > 0));
}

/** Opening pages tell each other their first token; a story starts after that. */
export async function dropMessages(page) {
  await heardMessage(page);
  await page.evaluate(() => {
    window.heldByScript.messages.length = 0;
  });
}

export async function deliverMessage(page) {
  await heardMessage(page);
  await page.evaluate(() => window.heldByScript.messages.shift()());
}

/** Of the timers that a cache entry sets for its token, the refresh comes before the cleanup. */
export async function fireRefresh(page) {
  await page.evaluate((lifetimeMs) => {
    const ofTokens = window.heldByScript.timers.filter(({ delayMs }) => delayMs > lifetimeMs / 2);
    ofTokens.sort((one, other) => one.delayMs - other.delayMs)[0].callback();
  }, LIFETIME_SECONDS * 1000);
}

export async function eventually(what, look) {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited ${TIMEOUT_MS} ms for ${what}`);
}
