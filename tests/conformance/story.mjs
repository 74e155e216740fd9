// A divergence told in words, for somebody who does not know the model's terms.

const OF_A_TAB = { slot: 'slot', seed: 'seed', armed: 'refresh timer' };

export function tellStory({ field, part, expected, observed, trace, index }) {
  const steps = trace.steps.slice(0, index + 1);
  const lines = steps.map(({ event, after }, step) => `  ${step + 1}. ${tellEvent(event, after)}`);
  const subject = OF_A_TAB[field] === undefined ? field : `tab ${part}'s ${OF_A_TAB[field]}`;
  return [
    `trace on line ${trace.line}, step ${index + 1}:`,
    ...lines,
    `  then ${subject}:`,
    `    the model expects ${tellValue(field, expected)}`,
    `    the SDK shows     ${tellValue(field, observed)}`,
  ].join('\n');
}

function tellEvent(event, after) {
  const tab = `tab ${event.tab}`;
  const request = event.fetch === null ? `${tab}'s background refresh` : `${tab}'s fetch ${event.fetch}`;
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
      return `${tab}'s refresh timer fires`;
    case 'skip_cache':
      return `${tab} calls getToken({ skipCache: true })`;
    case 'get_token':
      return `${tab} calls getToken()`;
    case 'evict':
      return `${tab}'s cleanup timer fires`;
    case 'clear_cache':
      return `${tab} clears its cache`;
    case 'mint':
      return `the server mints the token for ${request}`;
    case 'respond':
      return `the answer to ${request} arrives`;
    case 'fail':
      return `${request} fails`;
    case 'deliver':
      return `tab ${event.to} receives the oldest broadcast of tab ${event.from}`;
    case 'lose':
      return `the oldest broadcast of tab ${event.from} to tab ${event.to} is lost`;
    default:
      return JSON.stringify(event);
  }
}

function tellValue(field, value) {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value;
  if (field === 'armed') return armedWord(value);
  if (field === 'posts') return `tab ${value[0]} posting ${tellToken(value[1])}`;
  if (field === 'requests') {
    const [tab, fetch, forced, parent] = value;
    const kind = fetch === null ? 'background refresh' : `fetch ${fetch}`;
    const source = forced ? 'with the origin forced' : 'without forcing the origin';
    return `tab ${tab} requesting (${kind}) ${source}, parent ${parent === null ? 'none' : tellToken(parent)}`;
  }
  return tellToken(value);
}

export function armedWord(armed) {
  return armed ? 'armed' : 'not armed';
}

export function tellToken([oiat, iat, fmt, claims]) {
  return `the token with oiat ${oiat ?? 'absent'}, iat ${iat} (fmt ${fmt}, claims of ${claims})`;
}
