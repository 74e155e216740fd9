// The bodies that the SDK's own server would answer with, as small as the SDK
// accepts them.

import { ORGANIZATION_ID, SESSION_ID, USER_ID, organizationId } from './tokens.mjs';

export const FRONTEND_HOST = 'clerk.example.com';
export const PUBLISHABLE_KEY = `pk_live_${Buffer.from(`${FRONTEND_HOST}$`).toString('base64')}`;
export const ENVIRONMENT_PATH = '/v1/environment';
export const CLIENT_PATH = '/v1/client';
export const SESSIONS_PATH = `${CLIENT_PATH}/sessions`;
export const TOKENS_PATH = `${SESSIONS_PATH}/${SESSION_ID}/tokens`;
export const TOUCH_PATH = `${SESSIONS_PATH}/${SESSION_ID}/touch`;

export function environmentBody() {
  return {
    object: 'environment',
    id: 'env_1',
    auth_config: { object: 'auth_config', id: 'aconf_1', single_session_mode: true, session_minter: true },
    display_config: {
      object: 'display_config',
      id: 'display_1',
      instance_environment_type: 'production',
      captcha_heartbeat: false,
    },
    user_settings: { attributes: {}, social: {}, sign_in: {}, sign_up: {}, actions: {} },
    organization_settings: { enabled: true },
  };
}

/** A client with one active session for an org, whose last active token is `jwt` (or none). */
export function clientBody(session) {
  return { response: client([sessionOf(session)], session) };
}

/** A client whose session has ended. */
export function signedOutBody(milliseconds) {
  return { response: client([], { milliseconds }) };
}

/** The answer to a touch: the session, and beside it, piggybacked, the client with the session in it. */
export function touchBody(session, piggyback) {
  return {
    response: sessionOf(session),
    client: piggyback ? client([sessionOf(session)], session) : null,
  };
}

function client(sessions, { milliseconds }) {
  return {
    object: 'client',
    id: 'client_1',
    sessions,
    sign_in: null,
    sign_up: null,
    last_active_session_id: sessions.length === 0 ? null : SESSION_ID,
    created_at: milliseconds,
    updated_at: milliseconds,
  };
}

/** @param session {jwt, org, milliseconds} */
function sessionOf({ jwt, org, milliseconds }) {
  return {
    object: 'session',
    id: SESSION_ID,
    status: 'active',
    user: user(milliseconds),
    public_user_data: { user_id: USER_ID },
    expire_at: milliseconds + 7 * 86_400_000,
    abandon_at: milliseconds + 30 * 86_400_000,
    last_active_at: milliseconds,
    last_active_organization_id: organizationId(org),
    last_active_token: jwt === null ? null : { object: 'token', jwt },
    created_at: milliseconds,
    updated_at: milliseconds,
  };
}

function user(milliseconds) {
  return {
    object: 'user',
    id: USER_ID,
    email_addresses: [],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    organization_memberships: [membership(milliseconds)],
    created_at: milliseconds,
    updated_at: milliseconds,
  };
}

function membership(milliseconds) {
  const times = { created_at: milliseconds, updated_at: milliseconds };
  return {
    object: 'organization_membership',
    id: 'orgmem_1',
    role: 'org:admin',
    permissions: [],
    public_metadata: {},
    organization: {
      object: 'organization',
      id: ORGANIZATION_ID,
      name: 'One',
      slug: 'one',
      public_metadata: {},
      ...times,
    },
    ...times,
  };
}

export function tokenBody(jwt) {
  return { object: 'token', jwt };
}

/** Answers of a server that is well and gives no token all the same. */
export const EMPTY_BODIES = { token: { object: 'token' }, text: { object: 'token', jwt: '' }, null: null };

export function errorBody() {
  return { errors: [{ code: 'internal_clerk_error', message: 'the mint is down' }] };
}
