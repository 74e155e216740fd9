// The requests for tokens that the tabs have under way, held until the
// schedule mints, answers or fails them.

import { TOKENS_PATH, environmentBody, errorBody, tokenBody } from './endpoints.mjs';

export class Requests {
  #held = [];
  #sent = [];
  #background = false;
  #unanswered = [];
  /** The body of GET /v1/client, which a tab asks for while it opens. */
  client = null;

  /** The fetch function of one tab. */
  fetchFunction(tab) {
    return async (url, { method, body } = {}) => {
      const { pathname } = new URL(url);
      if (method === 'POST' && pathname === TOKENS_PATH) return this.#hold(tab, new URLSearchParams(body));
      if (method === 'GET' && pathname === '/v1/environment') return ok(environmentBody());
      if (method === 'GET' && pathname === '/v1/client') return ok(this.client);
      this.#unanswered.push(`${method} ${pathname}`);
      throw new TypeError('Failed to fetch');
    };
  }

  #hold(tab, fields) {
    const request = {
      tab,
      fetch: this.#background ? null : this.#freeFetch(tab),
      forced: fields.get('force_origin') === 'true',
      parent: fields.get('token'),
      token: null,
    };
    this.#held.push(request);
    this.#sent.push(request);
    return new Promise((resolve, reject) => {
      Object.assign(request, { resolve, reject });
    });
  }

  /** The smallest id that no foreground request of the tab carries. */
  #freeFetch(tab) {
    const taken = new Set(this.#held.filter((held) => held.tab === tab).map((held) => held.fetch));
    let fetch = 0;
    while (taken.has(fetch)) fetch++;
    return fetch;
  }

  /**
   * Says whose requests the coming step sends. The body does not tell a
   * background refresh from a caller's fetch; the event that caused it does.
   */
  expect({ background }) {
    this.#background = background;
  }

  get held() {
    return this.#held;
  }

  find(tab, fetch) {
    return this.#held.find((held) => held.tab === tab && held.fetch === fetch);
  }

  respond(request, jwt) {
    this.#drop(request);
    request.resolve(ok(tokenBody(jwt)));
  }

  /**
   * The model does not tell the network's failure from the server's. Which of
   * them it is depends on the request alone, so that a trace always meets the same.
   */
  fail(request) {
    this.#drop(request);
    if ((request.tab + (request.fetch ?? 1)) % 2 === 0) request.reject(new TypeError('Failed to fetch'));
    else request.resolve(response(500, errorBody()));
  }

  #drop(request) {
    this.#held.splice(this.#held.indexOf(request), 1);
  }

  /** What was sent since the last call. */
  takeSent() {
    if (this.#unanswered.length > 0) {
      throw new Error(`the SDK asked for ${this.#unanswered.join(', ')}, which the harness does not answer`);
    }
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }
}

function ok(body) {
  return response(200, body);
}

function response(status, body) {
  return {
    ok: status < 400,
    status,
    statusText: String(status),
    headers: new Headers(),
    json: async () => body,
  };
}
