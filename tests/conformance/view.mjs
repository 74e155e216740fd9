// What can be seen of a world from outside.

import { tokenIdOf } from './tab.mjs';

const KEYS = [0, 1];

const NO_SLOT = { slot: 'none', armed: false };
const NO_TAB = { focus: 'has', context: 0, session_org: 0, seed: null, ...NO_SLOT, key1: NO_SLOT };

/** What the model predicts after every step, as the shipped code has it; and beside it, who wrote the cookie. */
export function observe({ clock, tabs, closed, book, cookies, broadcasts, requests, calls }) {
  const token = (jwt) => book.tokenOrNull(jwt);
  return {
    clock,
    tabs: tabs.map((tab, number) => shown(tab, book, closed.has(number))),
    cookie: token(cookies.sessionToken()),
    context_cookie: cookies.activeContext(),
    writes: cookies.takeWrites().map(({ jwt, ...writer }) => ({ ...writer, token: token(jwt) })),
    posts: broadcasts
      .takePosted()
      .map(({ tab, jwt, tokenId }) => ({ tab, token: token(jwt), key: keyOf(tokenId) })),
    sign_outs: broadcasts.takeSignOuts(),
    requests: requests.takeSent().map(({ tab, kind, number, key, org, forced, parent }) => {
      return { tab, kind, number, key, org, forced, parent: token(parent) };
    }),
    returned: calls
      .takeEnded()
      .map(({ tab, jwt, rejected = false }) => ({ tab, token: token(jwt), rejected })),
  };
}

/** {phase, focus, context, session_org, seed, slot, armed, key1: {slot, armed}} */
function shown(tab, book, isClosed) {
  if (tab === null) return { ...NO_TAB, phase: isClosed ? 'closed' : 'absent' };
  const slots = KEYS.map((key) => {
    const { state, jwt } = tab.slot(key);
    return { slot: state === 'resolved' ? book.token(jwt) : state, armed: tab.canRefresh(key) };
  });
  return {
    phase: tab.phase,
    focus: tab.focus,
    context: tab.context,
    session_org: tab.sessionOrg ?? 0,
    seed: book.tokenOrNull(tab.seed()),
    ...slots[0],
    key1: slots[1],
  };
}

/** What can happen next, as far as it can be seen from outside: for whoever chooses the events. */
export function outlook({
  clock,
  tabs,
  closed,
  stopped,
  book,
  cookies,
  broadcasts,
  requests,
  server,
  locks,
}) {
  const token = (jwt) => book.tokenOrNull(jwt);
  return {
    tabs: tabs.map((tab, number) => ({
      ...shown(tab, book, closed.has(number)),
      ...prospects(tab, book),
      hasStopped: stopped.has(number),
    })),
    requests: requests.held.map(({ parent, resolve, reject, ...seen }) => ({
      ...seen,
      mintable: server.canMint(seen),
      mayCarryLast: server.canCarryLast(seen, clock.now),
    })),
    broadcasts: broadcasts.held().map(({ to, from, tokens }) => ({
      to,
      from,
      tokens: tokens.map(({ jwt, tokenId }) => ({ token: token(jwt), key: keyOf(tokenId) })),
    })),
    signOuts: broadcasts.heldSignOuts(),
    cookie: token(cookies.sessionToken()),
    isPolling: locks.isHeld,
  };
}

/** What a tab is up to: {canPoll, slots: [{state, token, refreshable, evictable}], olderSeeds}. */
function prospects(tab, book) {
  if (tab === null) return { canPoll: false, slots: [], olderSeeds: [] };
  const slots = KEYS.map((key) => {
    const { state, jwt } = tab.slot(key);
    const timers = { refreshable: tab.canRefresh(key), evictable: tab.canEvict(key) };
    return { state, token: book.tokenOrNull(jwt), ...timers };
  });
  const olderSeeds = tab.olderSeeds().map((jwt) => book.token(jwt));
  return { canPoll: tab.pollTimer !== null, slots, olderSeeds };
}

function keyOf(tokenId) {
  return tokenId === tokenIdOf(1) ? 1 : 0;
}
