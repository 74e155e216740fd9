// The requests that the tabs have under way, held until the schedule mints,
// answers or fails them.

import {
  CLIENT_PATH,
  ENVIRONMENT_PATH,
  SESSIONS_PATH,
  TOKENS_PATH,
  TOUCH_PATH,
  environmentBody,
  errorBody,
} from './endpoints.mjs';
import { orgOfId } from './tokens.mjs';

/** What setActive calls the touch that it sends for another organization. */
const SWITCH_INTENT = 'select_org';

export class Requests {
  #held = [];
  #sent = [];
  #background = null;
  #loading = null;
  #rechecking = null;
  #unanswered = [];
  /** The body of GET /v1/client for tabs that open before the schedule begins; null holds the request. */
  client = null;

  /** The fetch function of one tab. */
  fetchFunction(tab) {
    return async (url, { method = 'GET', body } = {}) => {
      const { pathname, searchParams } = new URL(url);
      const named = `${searchParams.get('_method') ?? method} ${pathname}`;
      const fields = new URLSearchParams(body);
      switch (named) {
        case `GET ${ENVIRONMENT_PATH}`:
          return ok(environmentBody());
        case `GET ${CLIENT_PATH}`:
          return this.client === null ? this.#hold(tab, { kind: 'client' }) : ok(this.client);
        case `POST ${TOKENS_PATH}`:
          return this.#hold(tab, tokenRequest(fields, this.#background));
        case `POST ${TOUCH_PATH}`:
          return this.#hold(tab, touchRequest(fields));
        case `DELETE ${SESSIONS_PATH}`:
          return this.#hold(tab, { kind: 'end' });
        default:
          this.#unanswered.push(named);
          throw new TypeError('Failed to fetch');
      }
    };
  }

  #hold(tab, { kind, key = 0, org = 0, forced = false, parent = null }) {
    const request = { tab, kind, number: null, key, org, forced, parent, minted: false, token: null };
    if (['fetch', 'touch', 'switch'].includes(kind)) request.number = this.#freeNumber(tab, kind);
    if (kind === 'client') Object.assign(request, this.#nameOfClientRequest(tab));
    this.#held.push(request);
    this.#sent.push(request);
    return new Promise((resolve, reject) => {
      Object.assign(request, { resolve, reject });
    });
  }

  /** A recheck has the number of the fetch that was answered with 401, and of a background refresh none. */
  #nameOfClientRequest(tab) {
    if (this.#loading === tab) return { kind: 'load' };
    if (this.#rechecking?.tab !== tab) return { kind: 'reload' };
    return { kind: 'recheck', number: this.#rechecking.fetch };
  }

  /** The smallest number that no request of the tab and kind carries. */
  #freeNumber(tab, kind) {
    // The fetch that a recheck is about is not over.
    const kinds = kind === 'fetch' ? [kind, 'recheck'] : [kind];
    const same = this.#held.filter((held) => held.tab === tab && kinds.includes(held.kind));
    const taken = new Set(same.map(({ number }) => number));
    let number = 0;
    while (taken.has(number)) number++;
    return number;
  }

  /**
   * Says whose requests the coming step sends. The body does not tell a
   * background refresh from a caller's fetch, nor under which key its answer
   * will be stored, nor a load from a reload; the event that caused it does.
   *
   * @param background the key whose refresh timer fires, null for none
   * @param loading the tab that opens, null for none
   * @param rechecking {tab, fetch} of the token request that is answered with 401, null for none
   */
  expect({ background, loading, rechecking }) {
    this.#background = background;
    this.#loading = loading;
    this.#rechecking = rechecking;
  }

  get held() {
    return this.#held;
  }

  /** What was sent and not yet taken. */
  get sent() {
    return this.#sent;
  }

  /** The first such request; of several equal reloads that is any, and so of ends. */
  find({ tab, kind, number, key, minted }) {
    return this.#held.find(
      (held) =>
        held.tab === tab &&
        held.kind === kind &&
        held.number === number &&
        (kind !== 'background' || held.key === key) &&
        (number !== null || kind === 'background' || held.minted === minted),
    );
  }

  respond(request, body) {
    this.discard(request);
    request.resolve(ok(body));
  }

  /** How a token request fails: the network, the server's own fault, or an answer that is not tried again. */
  fail(request, how) {
    this.discard(request);
    if (how === 'network') request.reject(new TypeError('Failed to fetch'));
    else request.resolve(response(how, errorBody()));
  }

  /** Nobody learns of the answer. */
  discard(request) {
    this.#held.splice(this.#held.indexOf(request), 1);
  }

  /** A closed tab waits for nothing any more. */
  forgetTab(tab) {
    this.#held = this.#held.filter((held) => held.tab !== tab);
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

function tokenRequest(fields, background) {
  const org = orgOfId(fields.get('organization_id'));
  return {
    kind: background === null ? 'fetch' : 'background',
    // A caller's fetch is stored under the key of what it asks for.
    key: background ?? org,
    org,
    forced: fields.get('force_origin') === 'true',
    parent: fields.get('token'),
  };
}

function touchRequest(fields) {
  const kind = fields.get('intent') === SWITCH_INTENT ? 'switch' : 'touch';
  return { kind, org: orgOfId(fields.get('active_organization_id')) };
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
