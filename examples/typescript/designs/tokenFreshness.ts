// Which of two session tokens is the fresher one: the eight rows of pull request #8097, written as a
// team might ship them. typescript.toml beside this file names it.
import type { JWT, TokenResource } from '@clerk/shared/types';

type AnyToken = TokenResource | JWT;

/** When the claims were read from the database, and when the token was minted; in seconds. */
interface Stamps {
  readonly oiat: number | undefined;
  readonly iat: number;
}

const stampsOf = (token: AnyToken): Stamps => {
  const jwt = 'getRawString' in token ? token.jwt : token;
  return { oiat: jwt?.header.oiat, iat: jwt?.claims.iat ?? 0 };
};

/** Above 0 where `a` is fresher, below 0 where `b` is, 0 where nobody can tell. */
function compare(a: Stamps, b: Stamps): number {
  if (a.oiat === undefined && b.oiat === undefined) {
    return 0;
  }
  // A server that does not send oiat is older than those that do.
  const byClaims = (a.oiat ?? -Infinity) - (b.oiat ?? -Infinity);
  return byClaims !== 0 ? byClaims : a.iat - b.iat;
}

/** The token that stays. What is not strictly staler comes in: it may differ in other claims. */
export function pickFreshestJwt<T extends AnyToken>(existing: T | null | undefined, incoming: T): T {
  if (existing == null) {
    return incoming;
  }
  return compare(stampsOf(existing), stampsOf(incoming)) > 0 ? existing : incoming;
}
