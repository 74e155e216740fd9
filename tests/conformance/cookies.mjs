// The cookie jar that all tabs share. Names only: domain, path, partition and
// SameSite are accepted and ignored, since every tab is the same page.

const SESSION = '__session';

export class CookieJar {
  #cookies = new Map();
  #clock;

  constructor(clock) {
    this.#clock = clock;
  }

  /** What document.cookie reads. */
  read() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** What an assignment to document.cookie does. */
  write(line) {
    const [pair, ...attributes] = line.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    if (attributes.some((attribute) => this.#isExpiry(attribute))) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(equals + 1).trim());
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

  loseSession() {
    for (const name of [...this.#cookies.keys()].filter(isSession)) this.#cookies.delete(name);
  }

  clear() {
    this.#cookies.clear();
  }
}

function isSession(name) {
  return name === SESSION || name.startsWith(`${SESSION}_`);
}
