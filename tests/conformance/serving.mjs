// How requests of the tabs are served: minted, answered, or not.

import { EMPTY_BODIES, clientBody } from './endpoints.mjs';
import { requestOf } from './events.mjs';

/** How token requests fail; the model does not tell one from another. */
const FAILURES = ['network', 500, 404];

/** Lets this happen to a request, in a world of these parts. Returns why it was impossible, or null. */
export function serveRequest(event, parts) {
  const request = parts.requests.find(requestOf(event));
  if (request === undefined) return 'no such request is under way';
  switch (event.kind) {
    case 'mint': {
      const parent = parts.book.tokenOrNull(request.parent);
      return parts.server.mint(request, parent, parts.clock.now, event.carries_last ?? false);
    }
    case 'respond':
    case 'lose_answer':
      return request.minted ? end(event, request, parts) : 'the request is not minted';
    case 'fail':
    case 'empty_answer':
    case 'unauthorized':
      return request.minted ? 'the request is minted' : end(event, request, parts);
    default:
      return disturb(event, request, parts);
  }
}

/** The tab is answered, or not as it should be; one that has stopped learns of nothing. */
function end({ kind, tab, how }, request, { requests, server, book, locks, stopped, milliseconds }) {
  if (stopped.has(tab)) {
    requests.discard(request);
    return null;
  }
  switch (kind) {
    case 'respond': {
      const jwt = request.token === null ? null : book.jwt(request.token);
      requests.respond(request, server.answer(request, jwt, milliseconds));
      return null;
    }
    case 'fail':
      requests.fail(request, how ?? howItFails(request, locks));
      return null;
    case 'lose_answer':
      requests.fail(request, 'network');
      return null;
    case 'empty_answer':
      requests.respond(request, oneOf(Object.values(EMPTY_BODIES), request));
      return null;
    case 'unauthorized':
      requests.fail(request, 401);
      return null;
    default:
      throw new Error(`unknown event kind ${kind}`);
  }
}

/** What the model has no event for: see schedule.mjs. */
function disturb({ kind, how }, request, { clock, requests, server, book, milliseconds }) {
  switch (kind) {
    case 'respond_empty':
      requests.respond(request, EMPTY_BODIES[how]);
      return null;
    case 'respond_session': {
      const jwt = book.jwt(server.mintForSession(clock.now));
      requests.respond(request, clientBody({ jwt, org: 0, milliseconds }));
      return null;
    }
    default:
      throw new Error(`unknown event kind ${kind}`);
  }
}

/** While a poll waits for it, it is a failure that is not tried again: else the poll would wait, too. */
function howItFails(request, locks) {
  return locks.isHeldBy(request.tab) ? 404 : oneOf(FAILURES, request);
}

/** Which it is depends on the request alone, so that a trace always meets the same. */
function oneOf(choices, { tab, number }) {
  return choices[(tab + (number ?? 1)) % choices.length];
}
