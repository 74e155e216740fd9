// The cookie jar that all tabs share. Names only: domain, path, partition and
// SameSite are accepted and ignored, since every tab is the same page.

import { SESSION_ID, orgOfId } from './tokens.mjs';

const SESSION = '__session';
const ACTIVE_CONTEXT = 'clerk_active_context';

export class CookieJar {
  #cookies = new Map();
  #clock;
  #writes = [];

  constructor(clock) {
    this.#clock = clock;
  }

  /** What document.cookie reads. */
  read() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /**
   * What an assignment to document.cookie does.
   *
   * @param writer what to remember of who wrote
   */
  write(line, writer) {
    const [pair, ...attributes] = line.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (attributes.some((attribute) => this.#isExpiry(attribute))) {
      this.#cookies.delete(name);
      return;
    }
    const value = pair.slice(equals + 1).trim();
    this.#cookies.set(name, value);
    if (name === SESSION) this.#writes.push({ ...writer, jwt: value });
  }

  /** The tokens written to the session cookie since the last call, also where nothing changed by it. */
  takeWrites() {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  #isExpiry(attribute) {
    const [key, value] = attribute.split('=');
    if (key.trim().toLowerCase() !== 'expires') return false;
    return Date.parse(value) <= this.#clock.milliseconds;
  }

  /** The session token, of which the SDK keeps two copies: a plain one and one named after the instance. */
  sessionToken() {
    const copies = [...this.#cookies].filter(([name]) => isSession(name)).map(([, value]) => value);
    if (new Set(copies).size > 1) {
      throw new Error(`the copies of the session cookie differ: ${copies.join(', ')}`);
    }
    return copies[0] ?? null;
  }

  /** The org of the context in which the last writer was, null when there is no such cookie. */
  activeContext() {
    const value = this.#cookies.get(ACTIVE_CONTEXT);
    if (value === undefined) return null;
    const [session, organization] = decodeURIComponent(value).split(':');
    if (session !== SESSION_ID) throw new Error(`the context cookie names another session: ${value}`);
    return orgOfId(organization);
  }

  loseSession() {
    for (const name of [...this.#cookies.keys()].filter(isSession)) this.#cookies.delete(name);
  }

  clear() {
    this.#cookies.clear();
    this.#writes = [];
  }
}

function isSession(name) {
  return name === SESSION || name.startsWith(`${SESSION}_`);
}
