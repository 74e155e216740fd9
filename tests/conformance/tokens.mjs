// Session tokens: the model's [oiat, iat, fmt, claims, epoch, org] in ordinals,
// and the unsigned JWT in real seconds that stands for it. What is 0 at the end
// of the list is left out.

export const LIFETIME_SECONDS = 600;
export const SESSION_ID = 'sess_1';
export const USER_ID = 'user_1';
export const ORGANIZATION_ID = 'org_1';

const FIRST_INSTANT_SECONDS = 1_800_000_000;

/** The wall-clock second of an offset chosen by the schedule's seconds. */
export function wallSeconds(offset) {
  return FIRST_INSTANT_SECONDS + offset;
}

/** A token as its source mints it; org 0 is the personal account. */
export function minted({ oiat, iat, fmt, claims, org }) {
  const token = [oiat, iat, fmt, claims];
  return org === 0 ? token : [...token, 0, org];
}

export function orgOf([, , , , , org = 0]) {
  return org;
}

/** What the SDK calls an org; null is the personal account. */
export function organizationId(org) {
  return org === 0 ? null : ORGANIZATION_ID;
}

/** The other way round. Absent, null and the empty text are the personal account. */
export function orgOfId(id) {
  if (id === null || id === undefined || id === '') return 0;
  if (id === ORGANIZATION_ID) return 1;
  throw new Error(`the SDK speaks of an organization that there is not: ${id}`);
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

  #write(token) {
    const [oiat, iat, fmt, claims, epoch = 0] = token;
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
      // None of these is read by the SDK: they keep apart tokens that the model
      // keeps apart although their oiat and iat are equal.
      fmt,
      claims,
      epoch,
    };
    if (orgOf(token) !== 0) payload.org_id = organizationId(orgOf(token));
    return `${part(header)}.${part(payload)}.${part('unsigned')}`;
  }
}

function part(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
