// The bodies that the SDK's own server would answer with, as small as the SDK
// accepts them.

import { SESSION_ID, USER_ID } from './tokens.mjs';

export const FRONTEND_HOST = 'clerk.example.com';
export const PUBLISHABLE_KEY = `pk_live_${Buffer.from(`${FRONTEND_HOST}$`).toString('base64')}`;
export const TOKENS_PATH = `/v1/client/sessions/${SESSION_ID}/tokens`;

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
    organization_settings: { enabled: false },
  };
}

/** A client with one active session whose last active token is `jwt` (or none). */
export function clientBody(jwt, milliseconds) {
  const user = {
    object: 'user',
    id: USER_ID,
    email_addresses: [],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    organization_memberships: [],
    created_at: milliseconds,
    updated_at: milliseconds,
  };
  const session = {
    object: 'session',
    id: SESSION_ID,
    status: 'active',
    user,
    public_user_data: { user_id: USER_ID },
    expire_at: milliseconds + 7 * 86_400_000,
    abandon_at: milliseconds + 30 * 86_400_000,
    last_active_at: milliseconds,
    last_active_organization_id: null,
    last_active_token: jwt === null ? null : { object: 'token', jwt },
    created_at: milliseconds,
    updated_at: milliseconds,
  };
  return {
    response: {
      object: 'client',
      id: 'client_1',
      sessions: [session],
      sign_in: null,
      sign_up: null,
      last_active_session_id: SESSION_ID,
      created_at: milliseconds,
      updated_at: milliseconds,
    },
  };
}

export function tokenBody(jwt) {
  return { object: 'token', jwt };
}

export function errorBody() {
  return { errors: [{ code: 'internal_clerk_error', message: 'the mint is down' }] };
}
