// As clerk-ios 535 decides, by its description: the table of pull request #8097, and not the time.
interface Token {
  header: { oiat?: number };
  claims: { iat?: number };
}

export function pickFreshest(existing: Token, incoming: Token): Token {
  const [older, newer] = [existing.header.oiat, incoming.header.oiat];
  if (newer === undefined) return older === undefined ? incoming : existing;
  if (older === undefined || older < newer) return incoming;
  if (older > newer) return existing;
  return (existing.claims.iat ?? 0) > (incoming.claims.iat ?? 0) ? existing : incoming;
}
