// As clerk-android 827 decides, by its description, with the time in milliseconds: first whether two tokens
// belong together, then whether exactly one of them has expired, then the stamps.
interface Jwt {
  header: { oiat?: number };
  claims: { sid: string; org_id?: string; o?: { id: string }; exp: number; iat: number };
}

function haveMatchingContext(a: Jwt, b: Jwt): boolean {
  const org = ({ claims }: Jwt) => claims.org_id ?? claims.o?.id ?? null;
  return a.claims.sid === b.claims.sid && org(a) === org(b);
}

function byExpiration(existing: Jwt, incoming: Jwt, nowMillis: number): Jwt | null {
  const isOver = (token: Jwt) => token.claims.exp * 1000 <= nowMillis;
  if (isOver(existing) && !isOver(incoming)) return incoming;
  if (!isOver(existing) && isOver(incoming)) return existing;
  return null;
}

function byStamps(existing: Jwt, incoming: Jwt): Jwt {
  const difference = (existing.header.oiat ?? -1) - (incoming.header.oiat ?? -1);
  const latest = difference === 0 ? existing.claims.iat - incoming.claims.iat : difference;
  return latest > 0 ? existing : incoming;
}

export default function pickFreshest(existing: Jwt, incoming: Jwt, nowMillis: number): Jwt {
  if (!haveMatchingContext(existing, incoming)) return incoming;
  return byExpiration(existing, incoming, nowMillis) ?? byStamps(existing, incoming);
}
