// The counterexample of pr-8097 in a real browser: two pages, one real
// BroadcastChannel. `node tests/conformance/browser.mjs --help` says how.

import { existsSync, readFileSync } from 'node:fs';
import { bundlePath } from './bundle.mjs';
import {
  FRONTEND_HOST,
  PUBLISHABLE_KEY,
  TOKENS_PATH,
  clientBody,
  environmentBody,
  tokenBody,
} from './endpoints.mjs';
import { exitWith, parseOptions } from './options.mjs';
import { KEPT_TIMER_MS, prepareTab } from './page.mjs';
import { LIFETIME_SECONDS, TokenBook } from './tokens.mjs';

const HELP = `Replays the counterexample of pr-8097 in Chromium, in two real pages.

A background refresh of one page is answered late, after a fresher token of the
other page came by broadcast. 6.11.1 falls back to the older claims; 6.24.0 must
not.

usage: node tests/conformance/browser.mjs [--help]

CHROMIUM names the browser (default /usr/bin/chromium). Without one the replay
is skipped, with exit code 0.
`;

const ORIGIN = `https://${FRONTEND_HOST.replace('clerk.', 'app.')}`;
const TIMEOUT_MS = 10_000;

/** The oiat that page A reads before and after the late answer, by release. */
const EXPECTED = {
  '6.11.1': { before: 2, after: 1 },
  '6.24.0': { before: 2, after: 2 },
};

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-blink-features=AutomationControlled',
];

async function main(args) {
  const { help } = parseOptions(args, { help: { type: 'boolean', default: false } });
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    process.stdout.write(`skipped: no Chromium at ${executablePath}\n`);
    return 0;
  }
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: FLAGS,
    timeout: TIMEOUT_MS * 3,
  });
  try {
    let failed = false;
    for (const [version, expected] of Object.entries(EXPECTED)) {
      const read = await new Story(await browser.newContext(), version).tell();
      failed = !report(version, expected, read) || failed;
    }
    return failed ? 1 : 0;
  } finally {
    await browser.close();
  }
}

function report(version, expected, read) {
  const asExpected = read.before === expected.before && read.after === expected.after;
  const claims =
    read.after < read.before
      ? 'the late edge answer overwrites the fresher broadcast'
      : 'the fresher broadcast is kept';
  const judged = asExpected ? 'as expected' : `expected oiat ${expected.before}, then ${expected.after}`;
  process.stdout.write(`${version}: oiat ${read.before}, then ${read.after}: ${claims}; ${judged}\n`);
  return asExpected;
}

/** One telling on one release: the server's side of two pages, and the order of events. */
class Story {
  #context;
  #version;
  #book;
  #requests = [];
  #unexpected = [];

  constructor(context, version) {
    this.#context = context;
    this.#version = version;
    // The browser's clock is the real one; the tokens are a few seconds old.
    const first = Math.floor(Date.now() / 1000) - 10;
    this.#book = new TokenBook((ordinal) => first + ordinal);
  }

  async tell() {
    this.#context.setDefaultTimeout(TIMEOUT_MS);
    await this.#context.addInitScript(prepareTab, KEPT_TIMER_MS);
    await this.#context.route('**/*', (route) => this.#answer(route));
    const a = await this.#open();
    const b = await this.#open();
    await dropMessages(a);

    await fireRefresh(a);
    const refresh = await this.#request(a);

    await b.evaluate(() => {
      window.answered = window.Clerk.session.getToken({ skipCache: true });
    });
    const forced = await this.#request(b);
    // The origin, one instant later: claims, oiat and iat are of now.
    await this.#respond(forced, [2, 2, 0, 2]);
    await b.evaluate(() => window.answered);

    await deliverMessage(a);
    const before = await this.#readOiat(a);
    // The edge, asked before: oiat and claims are the parent's.
    await this.#respond(refresh, [1, 2, 0, 1]);
    // Whatever page A makes of the answer, it tells page B.
    await heardMessage(b);
    const after = await this.#readOiat(a);
    if (this.#unexpected.length > 0) throw new Error(`unexpected requests: ${this.#unexpected.join(', ')}`);
    return { before, after };
  }

  async #open() {
    const page = await this.#context.newPage();
    await page.goto(ORIGIN);
    await page.evaluate(() => window.Clerk.load({ telemetry: false }));
    return page;
  }

  async #answer(route) {
    const request = route.request();
    const { origin, pathname } = new URL(request.url());
    if (origin === ORIGIN) return this.#serve(route, pathname);
    if (pathname === '/v1/environment') return fulfill(route, environmentBody());
    if (pathname === '/v1/client')
      return fulfill(
        route,
        clientBody({ jwt: this.#book.jwt([1, 1, 0, 1]), org: 0, milliseconds: Date.now() }),
      );
    if (pathname === TOKENS_PATH) {
      this.#requests.push({ route, page: request.frame().page() });
      return undefined;
    }
    this.#unexpected.push(`${request.method()} ${request.url()}`);
    return route.abort();
  }

  #serve(route, pathname) {
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: pageSource() });
    const file = pathname.split('/').at(-1);
    if (!file.endsWith('.js')) return route.fulfill({ status: 204 });
    const body = readFileSync(bundlePath(this.#version, file), 'utf8');
    return route.fulfill({ contentType: 'text/javascript', body });
  }

  /** The page's token request, once it has been made. */
  async #request(page) {
    return eventually('a token request', () => this.#requests.find((request) => request.page === page));
  }

  async #respond(request, token) {
    await fulfill(request.route, tokenBody(this.#book.jwt(token)));
  }

  /** What an application in the page gets: the cached token's oiat. */
  async #readOiat(page) {
    const jwt = await page.evaluate(() => window.Clerk.session.getToken());
    return this.#book.token(jwt)[0];
  }
}

function pageSource() {
  return `<!doctype html><title>tab</title>
<script src="/clerk.browser.js" data-clerk-publishable-key="${PUBLISHABLE_KEY}"></script>`;
}

function fulfill(route, body) {
  const headers = { 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true' };
  return route.fulfill({ json: body, headers });
}

/** Opening pages tell each other their first token; the story starts after that. */
async function dropMessages(page) {
  await heardMessage(page);
  await page.evaluate(() => {
    window.heldByScript.messages.length = 0;
  });
}

async function heardMessage(page) {
  await eventually('a broadcast', () => page.evaluate(() => window.heldByScript.messages.length > 0));
}

async function deliverMessage(page) {
  await heardMessage(page);
  await page.evaluate(() => window.heldByScript.messages.shift()());
}

/** Of the timers that a cache entry sets for its token, the refresh comes before the cleanup. */
async function fireRefresh(page) {
  await page.evaluate((lifetimeMs) => {
    const ofTokens = window.heldByScript.timers.filter(({ delayMs }) => delayMs > lifetimeMs / 2);
    ofTokens.sort((one, other) => one.delayMs - other.delayMs)[0].callback();
  }, LIFETIME_SECONDS * 1000);
}

async function eventually(what, look) {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited ${TIMEOUT_MS} ms for ${what}`);
}

await exitWith(() => main(process.argv.slice(2)));
