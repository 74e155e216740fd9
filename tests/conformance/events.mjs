// How a trace's events name the requests that they mint, answer or fail.

/** Requests that an event names; where it names none, it is about a request for a token. */
export const NAMED_REQUESTS = ['touch', 'switch', 'load', 'end', 'reload', 'recheck'];

/** Requests of which a tab may have several under way that differ. */
export const NUMBERED_REQUESTS = ['touch', 'switch'];

export function isTokenRequest({ kind }) {
  return kind === 'background' || kind === 'fetch';
}

/** What an event says of a request: {tab, fetch, key}, {tab, request, number}, or of a recheck {tab, fetch, request}. */
export function aboutRequest({ tab, kind, number, key }) {
  if (kind === 'recheck') return { tab, fetch: number, request: kind };
  if (kind === 'background') return { tab, fetch: null, ...(key !== 0 && { key }) };
  if (kind === 'fetch') return { tab, fetch: number };
  return { tab, request: kind, ...(number !== null && { number }) };
}

/** The other way round: {tab, kind, number, key, minted}, where the last is for requests that nothing else tells apart. */
export function requestOf({ kind: eventKind, tab, fetch, request, number = null, key = 0 }) {
  const minted = eventKind === 'respond' || eventKind === 'lose_answer';
  if (request === 'recheck') return { tab, kind: request, number: fetch, key, minted };
  if (request !== undefined) return { tab, kind: request, number, key, minted };
  return { tab, kind: fetch === null ? 'background' : 'fetch', number: fetch, key, minted };
}

/** Whether a mint event makes a new token. */
export function mintsToken({ request, carries_last: carriesLast }, hasEnded) {
  if (request === 'recheck') return !hasEnded;
  return request !== 'end' && request !== 'reload' && !carriesLast;
}

/** Whether with this event the server ends the session. */
export function endsSession({ kind, request }) {
  return kind === 'mint' && request === 'end';
}
