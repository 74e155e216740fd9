// Session tokens: the model's [oiat, iat, fmt, claims] in ordinals, and the
// unsigned JWT in real seconds that stands for it.

export const LIFETIME_SECONDS = 600;
export const SESSION_ID = 'sess_1';
export const USER_ID = 'user_1';

const FIRST_INSTANT_SECONDS = 1_800_000_000;

/** The wall-clock second of an offset chosen by the schedule's seconds. */
export function wallSeconds(offset) {
  return FIRST_INSTANT_SECONDS + offset;
}

/** One trace's tokens. Equal model tokens are equal JWTs, and the other way round. */
export class TokenBook {
  #secondsOf;
  #jwtOf = new Map();
  #tokenOf = new Map();

  /** @param secondsOf the wall-clock second of an ordinal instant */
  constructor(secondsOf) {
    this.#secondsOf = secondsOf;
  }

  jwt(token) {
    const key = token.join();
    const known = this.#jwtOf.get(key);
    if (known !== undefined) return known;
    const jwt = this.#write(token);
    this.#jwtOf.set(key, jwt);
    this.#tokenOf.set(jwt, token);
    return jwt;
  }

  token(jwt) {
    const token = this.#tokenOf.get(jwt);
    if (token === undefined) throw new Error(`the SDK holds a token that no mint made: ${jwt}`);
    return token;
  }

  tokenOrNull(jwt) {
    return jwt === null || jwt === undefined ? null : this.token(jwt);
  }

  #write([oiat, iat, fmt, claims]) {
    const header = { alg: 'RS256', typ: 'JWT' };
    if (oiat !== null) header.oiat = this.#secondsOf(oiat);
    const issued = this.#secondsOf(iat);
    const payload = {
      iat: issued,
      nbf: issued,
      exp: issued + LIFETIME_SECONDS,
      iss: 'https://clerk.example.com',
      sid: SESSION_ID,
      sub: USER_ID,
      // Neither is read by the SDK: they keep apart tokens that the model
      // keeps apart although their oiat and iat are equal.
      fmt,
      claims,
    };
    return `${part(header)}.${part(payload)}.${part('unsigned')}`;
  }
}

function part(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
