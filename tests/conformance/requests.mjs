// The requests for tokens that the tabs have under way, held until the
// schedule mints, answers or fails them.

import { TOKENS_PATH, clientBody, environmentBody, errorBody, tokenBody } from './endpoints.mjs';

export class Requests {
  #held = [];
  #sent = [];
  #background = false;
  #failures = 0;
  #firstClient;

  /** @param firstClient the body of GET /v1/client while a tab opens */
  constructor(firstClient) {
    this.#firstClient = firstClient;
  }

  /** The fetch function of one tab. */
  fetchFunction(tab) {
    return async (url, { method, body } = {}) => {
      const { pathname } = new URL(url);
      if (method === 'POST' && pathname === TOKENS_PATH) return this.#hold(tab, new URLSearchParams(body));
      if (method === 'GET' && pathname === '/v1/environment') return ok(environmentBody());
      if (method === 'GET' && pathname === '/v1/client') return ok(this.#firstClient());
      throw new Error(`the SDK asked for ${method} ${pathname}, which the harness does not answer`);
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

  /** Requests sent inside `action` are background refreshes: the body does not say so, the timer does. */
  inBackground(action) {
    this.#background = true;
    try {
      action();
    } finally {
      this.#background = false;
    }
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

  /** By turns the network's failure and the server's, which the model does not tell apart. */
  fail(request) {
    this.#drop(request);
    if (this.#failures++ % 2 === 0) request.reject(new TypeError('Failed to fetch'));
    else request.resolve(response(500, errorBody()));
  }

  #drop(request) {
    this.#held.splice(this.#held.indexOf(request), 1);
  }

  /** What was sent since the last call. */
  takeSent() {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }
}

export function clientSource(jwt, clock) {
  return () => clientBody(jwt, clock.milliseconds);
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
