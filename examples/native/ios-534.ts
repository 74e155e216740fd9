// As clerk-ios 534 decides, by its description: tokens of another session or organisation have nothing to
// do with each other; of an expired token and one that is not, the one that is not stays; then the later
// oiat, then the later iat; a tie goes to the incoming token. `now` is in seconds.
interface Token {
  header: { oiat?: number };
  claims: { sid?: string; org_id?: string; o?: { id?: string }; exp?: number; iat?: number };
}

const organisation = (token: Token): string => token.claims.org_id ?? token.claims.o?.id ?? '';

const isExpired = (token: Token, now: number): boolean =>
  token.claims.exp !== undefined && token.claims.exp <= now;

function byIat(existing: Token, incoming: Token): Token {
  return (existing.claims.iat ?? 0) > (incoming.claims.iat ?? 0) ? existing : incoming;
}

export function pickFreshest(existing: Token, incoming: Token, now: number): Token {
  if (existing.claims.sid !== incoming.claims.sid) return incoming;
  if (organisation(existing) !== organisation(incoming)) return incoming;
  const [dead, late] = [isExpired(existing, now), isExpired(incoming, now)];
  if (dead !== late) return dead ? incoming : existing;
  const [older, newer] = [existing.header.oiat, incoming.header.oiat];
  if (older === undefined && newer === undefined) return byIat(existing, incoming);
  if (older === undefined || newer === undefined) return older === undefined ? incoming : existing;
  if (older !== newer) return older > newer ? existing : incoming;
  return byIat(existing, incoming);
}
