// The server behind the tabs: the two mint sources and the session's end.

import { clientBody, signedOutBody, tokenBody, touchBody } from './endpoints.mjs';
import { isLegacy } from './stage.mjs';
import { minted, orgOf } from './tokens.mjs';

/** Requests that are answered without a token. */
const TOKENLESS = ['end', 'reload'];

/** Requests that are answered although the session has ended. */
const ALWAYS_ANSWERED = [...TOKENLESS, 'recheck'];

export class Server {
  #piggyback;
  #staleLoad;
  #fmt = 0;
  #sendsOiat;
  #edgeNeedsOiat;
  #ended = false;
  #last;

  /** @param first the token that every tab holds first, null if none does */
  constructor({ start, edge, piggyback, stale_load }, first) {
    this.#piggyback = piggyback;
    this.#staleLoad = stale_load;
    this.#sendsOiat = !isLegacy(start);
    this.#edgeNeedsOiat = edge === 'needs-oiat';
    this.#last = first;
  }

  rollOut() {
    this.#fmt++;
  }

  sendOiat() {
    this.#sendsOiat = true;
  }

  /** Whether this request can still be answered. */
  canMint({ kind, minted }) {
    return !minted && (ALWAYS_ANSWERED.includes(kind) || !this.#ended);
  }

  /** Whether its answer may carry the token minted last, and that is not the very token that the origin would give. */
  canCarryLast(request, now) {
    const { kind, org } = request;
    if (!this.canMint(request) || !this.#mayCarryLast(kind)) return false;
    if (this.#last === null || orgOf(this.#last) !== org) return false;
    return this.#last.join() !== this.#fromOrigin(now, org).join();
  }

  #mayCarryLast(kind) {
    return kind === 'touch' || kind === 'switch' || (kind === 'load' && this.#staleLoad);
  }

  /**
   * Decides the answer to a request. Returns why it was impossible, or null.
   *
   * @param parent the token that the request carries, null without one
   */
  mint(request, parent, now, carriesLast) {
    if (!this.canMint(request))
      return request.minted ? 'the request is minted already' : 'the session has ended';
    if (request.kind === 'end') this.#ended = true;
    if (carriesLast) {
      if (!this.canCarryLast(request, now)) return 'the answer cannot carry the token minted last';
      request.token = this.#last;
    } else if (!TOKENLESS.includes(request.kind) && !this.#ended) {
      request.token = this.#mint(request, parent, now);
      this.#last = request.token;
    }
    request.minted = true;
    return null;
  }

  /** The token of a session that a client asks for although it did not need to. */
  mintForSession(now) {
    this.#last = this.#fromOrigin(now, 0);
    return this.#last;
  }

  #mint({ kind, org, forced }, parent, now) {
    if (kind === 'load' || kind === 'recheck') return this.#fromOrigin(now, 0);
    const copies = (kind === 'fetch' || kind === 'background') && !forced && parent !== null;
    if (!copies || orgOf(parent) !== org) return this.#fromOrigin(now, org);
    // The edge copies what the parent said.
    const [oiat, , fmt, claims] = parent;
    if (oiat === null && this.#edgeNeedsOiat) return this.#fromOrigin(now, org);
    return minted({ oiat, iat: now, fmt, claims, org });
  }

  /** The origin reads the database. */
  #fromOrigin(now, org) {
    return minted({ oiat: this.#sendsOiat ? now : null, iat: now, fmt: this.#fmt, claims: now, org });
  }

  /** The body of the answer to a minted request. */
  answer({ kind, org }, jwt, milliseconds) {
    switch (kind) {
      case 'background':
      case 'fetch':
        return tokenBody(jwt);
      case 'load':
        return clientBody({ jwt, org: 0, milliseconds });
      case 'touch':
      case 'switch':
        return touchBody({ jwt, org, milliseconds }, this.#piggyback);
      case 'recheck':
        return jwt === null ? signedOutBody(milliseconds) : clientBody({ jwt, org: 0, milliseconds });
      case 'end':
      case 'reload':
        return signedOutBody(milliseconds);
      default:
        throw new Error(`unknown request kind ${kind}`);
    }
  }
}
