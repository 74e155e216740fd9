// How long does it take to decide between two raw session tokens: in JavaScript,
// the way a browser SDK decodes and compares, and with this crate, side by side?
//
//   node benches/sdk_compare.mjs
//
// One decision is: two raw tokens of about 1 KB in, the fresher one out. Both
// halves get the same 512 pairs, with the eight rows of the table equally
// frequent in random order, decide them all round after round, on one thread. The
// clock is read about once a millisecond and the median interval counts, so that
// a busy machine, which interrupts long intervals more often, favours neither; it
// also leaves out most of JavaScript's garbage collections, in its favour. The
// halves take turns, and must choose the same winners.
//
// The JavaScript is our own. It does what the published SDK does, step for step:
// split, base64url by way of atob, UTF-8 by way of percent escapes and
// decodeURIComponent, JSON.parse of header and claims, a copy of the claims, the
// table. The second JavaScript figure replaces atob and the escapes by Node's
// Buffer, which no browser has: about the best JavaScript can do, for scale. The
// Rust half also rejects what the SDK lets pass (see src/token/mod.rs), and does
// not build the claims that no comparison looks at.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const PAIRS = 512;
const TURNS = 3;
const WARM_UP_ROUNDS = 10;
const ROUNDS = 20;
/** Decisions between two looks at the clock: about a millisecond, as in the Rust half. */
const INTERVAL = 16;

const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');

function sessionToken({ oiat, iat }) {
  const header = { alg: 'RS256', cat: 'cl_B7d4PD111AAA', kid: 'ins_2kX9mYt8QwErTyUiOpAsDfGhJkL', oiat, typ: 'JWT' };
  const claims = {
    azp: 'https://dashboard.example.com',
    exp: iat + 60,
    fea: 'o:dashboard,o:billing,u:profile',
    fva: [Math.floor(Math.random() * 100), -1],
    iat,
    iss: 'https://clerk.example.com',
    jti: randomBytes(10).toString('hex'),
    nbf: iat - 10,
    o: { fpm: '3,1,2', id: 'org_2mVZq8sTfPzYb3KcD7Ee1Hn5RxW', per: 'read,manage', rol: 'admin', slg: 'example-company' },
    pla: 'o:team_plan,u:free',
    sid: `sess_${randomBytes(14).toString('hex').slice(1)}`,
    sts: 'active',
    sub: 'user_2hT5nBvCxZaSdFgHjKlPoIuYtRe',
    v: 2,
  };
  return `${encode(header)}.${encode(claims)}.${randomBytes(256).toString('base64url')}`;
}

/** Stamps (existing, incoming) for A1 to A5 and B1 to B3; JSON leaves an undefined oiat out. */
const ROWS = [
  [{ oiat: 2, iat: 2 }, { oiat: 1, iat: 3 }],
  [{ oiat: 1, iat: 3 }, { oiat: 2, iat: 2 }],
  [{ oiat: 1, iat: 3 }, { oiat: 1, iat: 2 }],
  [{ oiat: 1, iat: 2 }, { oiat: 1, iat: 3 }],
  [{ oiat: 1, iat: 2 }, { oiat: 1, iat: 2 }],
  [{ oiat: 1, iat: 1 }, { iat: 2 }],
  [{ iat: 2 }, { oiat: 1, iat: 1 }],
  [{ iat: 2 }, { iat: 1 }],
];

function randomPair() {
  const base = 1_700_000_000 + Math.floor(Math.random() * 1_000_000);
  const later = ({ oiat, iat }) => sessionToken({ oiat: oiat && base + oiat, iat: base + iat });
  return ROWS[Math.floor(Math.random() * ROWS.length)].map(later);
}

function textInBrowsers(part) {
  const bytes = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
  // The quickest of several spellings: Array.from with padStart takes more than twice as long.
  const escapes = bytes.split('').map(byte => '%' + ('0' + byte.charCodeAt(0).toString(16)).slice(-2));
  return decodeURIComponent(escapes.join(''));
}

const textInNode = part => Buffer.from(part, 'base64url').toString();

function decode(jwt, textOf) {
  const parts = jwt.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) throw new Error('not a compact JWS');
  const parsed = JSON.parse(textOf(payload));
  const claims = { raw: jwt };
  for (const name of Object.keys(parsed)) claims[name] = parsed[name];
  return { header: JSON.parse(textOf(header)), claims };
}

/** Whether the existing token wins. */
function existingWins(existing, incoming) {
  const [a, b] = [existing.header.oiat, incoming.header.oiat];
  if (a == null) return false;
  if (b == null || a > b) return true;
  return a === b && (existing.claims.iat ?? 0) > (incoming.claims.iat ?? 0);
}

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

function measureJavaScript(pairs, textOf) {
  const decide = ([existing, incoming]) =>
    existingWins(decode(existing, textOf), decode(incoming, textOf)) ? 'e' : 'i';
  const intervals = [];
  let winners = '';
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    winners = '';
    for (let begin = 0; begin < pairs.length; begin += INTERVAL) {
      const some = pairs.slice(begin, begin + INTERVAL);
      const start = process.hrtime.bigint();
      const decided = some.map(decide);
      const nanoseconds = Number(process.hrtime.bigint() - start);
      winners += decided.join('');
      if (round >= WARM_UP_ROUNDS) intervals.push(nanoseconds / some.length);
    }
  }
  return { nanoseconds: median(intervals), winners };
}

function measureRust(pairs) {
  const args = ['bench', '--quiet', '--bench', 'sdk_compare', '--', '--pairs-from-stdin'];
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  return new Promise((resolve, reject) => {
    const cargo = spawn('cargo', args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    cargo.stdout.on('data', data => (output += data));
    cargo.on('error', reject);
    cargo.on('close', code => {
      const result = /^([\d.]+) ([ei]+)$/m.exec(output);
      if (code !== 0 || !result) return reject(new Error(`cargo ${args.join(' ')} failed`));
      resolve({ nanoseconds: Number(result[1]), winners: result[2] });
    });
    cargo.stdin.end(pairs.map(pair => pair.join(' ')).join('\n'));
  });
}

const pairs = Array.from({ length: PAIRS }, randomPair);
const figures = { browser: [], node: [], rust: [] };
for (let turn = 0; turn < TURNS; turn++) {
  const browser = measureJavaScript(pairs, textInBrowsers);
  const rust = await measureRust(pairs);
  const node = measureJavaScript(pairs, textInNode);
  if (browser.winners !== rust.winners || node.winners !== rust.winners) {
    throw new Error('JavaScript and Rust disagree on a winner');
  }
  figures.browser.push(browser.nanoseconds);
  figures.node.push(node.nanoseconds);
  figures.rust.push(rust.nanoseconds);
}

const rust = median(figures.rust);
const line = (name, nanoseconds) =>
  `${name.padEnd(44)}${nanoseconds.toFixed(0).padStart(8)} ns per decision${(nanoseconds / rust).toFixed(1).padStart(8)} x`;
const meanLength = pairs.flat().reduce((sum, jwt) => sum + jwt.length, 0) / (2 * PAIRS);
console.log(`two tokens of ${meanLength.toFixed(0)} bytes, ${PAIRS} pairs, Node ${process.version}, same winners`);
console.log(line('JavaScript as in a browser SDK', median(figures.browser)));
console.log(line('JavaScript with Node\'s Buffer instead of atob', median(figures.node)));
console.log(line('Rust, pick_freshest_jwt', rust));
