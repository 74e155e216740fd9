// A divergence told in words, for somebody who does not know the model's terms.

import { NUMBERED_REQUESTS, aboutRequest, isTokenRequest } from './events.mjs';
import { orgOf } from './tokens.mjs';

const OF_A_TAB = {
  phase: 'phase',
  slot: 'slot',
  armed: 'refresh timer',
  seed: 'seed',
  'key 1 slot': "slot of org 1's key",
  'key 1 armed': "refresh timer of org 1's key",
  focus: 'focus',
  context: 'context',
  'session org': "session's organization",
};

const ARMED = ['armed', 'key 1 armed'];

export function tellStory(divergence) {
  const { trace, index } = divergence;
  const steps = trace.steps.slice(0, index + 1);
  const lines = steps.map(({ event, after }, step) => `  ${step + 1}. ${tellEvent(event, after)}`);
  return [`trace on line ${trace.line}, step ${index + 1}:`, ...lines, ...tellDifference(divergence)].join('\n');
}

/** What the model expects at the end of the trace, and what is seen instead, as lines. */
export function tellDifference({ field, part, expected, observed }) {
  if (field === 'event') return [`  then the SDK cannot do the last step: ${observed}`];
  if (field === 'harness') return [`  then the SDK does what nobody here can look at: ${observed}`];
  const subject = OF_A_TAB[field] === undefined ? field : `tab ${part}'s ${OF_A_TAB[field]}`;
  return [
    `  then ${subject}:`,
    `    the model expects ${tellValue(field, expected)}`,
    `    the SDK shows     ${tellValue(field, observed)}`,
  ];
}

function tellEvent(event, after) {
  const tab = `tab ${event.tab}`;
  const request = `${tab}'s ${requestName(event)}`;
  switch (event.kind) {
    case 'tick':
      return `time passes: it is now instant ${after.clock.now}`;
    case 'age':
      return `time passes until a token crosses its next threshold: instant ${after.clock.now}, age ${after.clock.age}`;
    case 'rollout':
      return 'the server rolls out a new format of the claims';
    case 'oiat_on':
      return 'the origin begins to send oiat';
    case 'cookie_loss':
      return 'the session cookie is lost';
    case 'refresh':
      return `${tab}'s refresh timer fires${underKey(event)}`;
    case 'skip_cache':
      return `${tab} calls getToken({ skipCache: true })`;
    case 'get_token':
      return `${tab} calls getToken()`;
    case 'evict':
      return `${tab}'s cleanup timer fires${underKey(event)}`;
    case 'clear_cache':
      return `${tab} clears its cache`;
    case 'open':
      return `${tab} opens`;
    case 'close':
      return `${tab} is closed`;
    case 'orphan':
      return `${tab} stops for good`;
    case 'touch':
      return `${tab} touches its session`;
    case 'switch':
      return `${tab} switches to the other organization`;
    case 'sign_out':
      return `${tab} signs out`;
    case 'poll':
      return `${tab}'s poller asks for a token`;
    case 'focus':
      return `${tab} gains focus`;
    case 'blur':
      return `${tab} loses focus`;
    case 'drop':
      return `${tab} is frozen: the broadcasts on their way to it are lost`;
    case 'mint':
      return tellMint(event, request);
    case 'respond':
      return `the answer to ${request} arrives`;
    case 'fail':
      return `${request} fails`;
    case 'lose_answer':
      return `the answer to ${request} is lost`;
    case 'empty_answer':
      return `${request} is answered without a token`;
    case 'unauthorized':
      return `${request} is answered with 401`;
    case 'deliver':
      return `tab ${event.to} receives the oldest broadcast of tab ${event.from}`;
    case 'deliver_sign_out':
      return `tab ${event.to} hears that tab ${event.from} signed out`;
    case 'lose':
      return `the oldest broadcast of tab ${event.from} to tab ${event.to} is lost`;
    default:
      return JSON.stringify(event);
  }
}

function tellMint({ request, carries_last }, name) {
  if (request === 'end') return `the server ends the session for ${name}`;
  if (request === 'reload') return `the server answers ${name} without a token`;
  if (request === 'recheck') return `the server says what the client is, for ${name}`;
  if (carries_last) return `the server answers ${name} with the token minted last`;
  return `the server mints the token for ${name}`;
}

/** What an event or a request is about, without its tab. */
function requestName({ request, fetch, number, key }) {
  if (request === 'recheck') return `look at its client, after the 401 of ${requestName({ fetch, key })}`;
  if (request === undefined)
    return fetch === null ? `background refresh${underKey({ key })}` : `fetch ${fetch}`;
  return NUMBERED_REQUESTS.includes(request) ? `${request} ${number}` : request;
}

function underKey({ key = 0 }) {
  return key === 0 ? '' : ` under the key of org ${key}`;
}

function tellValue(field, value) {
  if (value === null) return 'nothing';
  if (ARMED.includes(field)) return armedWord(value);
  if (field === 'posts')
    return `tab ${value[0]} posting ${tellToken(value[1])}${underKey({ key: value[2] })}`;
  if (field === 'sign-outs') return `tab ${value} announcing that it signed out`;
  if (field === 'requests') return tellRequest(value);
  if (field === 'returned') return tellReturn(value);
  if (!Array.isArray(value)) return String(value);
  return tellToken(value);
}

function tellRequest(request) {
  const { tab, org, forced, parent } = request;
  const about = `tab ${tab} requesting (${requestName(aboutRequest(request))}), for org ${org}`;
  if (!isTokenRequest(request)) return about;
  const source = forced ? 'with the origin forced' : 'without forcing the origin';
  return `${about} ${source}, parent ${parent === null ? 'none' : tellToken(parent)}`;
}

function tellReturn({ tab, token, rejected }) {
  if (rejected) return `a call of tab ${tab} rejected`;
  return `a call of tab ${tab} returning ${token === null ? 'null' : tellToken(token)}`;
}

export function armedWord(armed) {
  return armed ? 'armed' : 'not armed';
}

/** `[oiat 2, iat 2]`, as the model checker writes it. */
export function tellToken(token) {
  const [oiat, iat, fmt, claims] = token;
  const parts = [oiat === null ? 'no oiat' : `oiat ${oiat}`, `iat ${iat}`];
  if (oiat !== claims) parts.push(`claims of ${claims}`);
  if (orgOf(token) > 0) parts.push(`org ${orgOf(token)}`);
  if (fmt > 0) parts.push(`format ${fmt}`);
  return `[${parts.join(', ')}]`;
}
