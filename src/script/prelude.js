// Runs before a team's script, in each context. It takes away what could make one answer depend on
// anything but the two tokens, and returns what the engine calls; the script cannot reach it.
((epoch, turn) => {
  const { parse, stringify } = JSON;
  const { construct, get } = Reflect;
  const { assign, getPrototypeOf, prototype } = Object;
  const RealDate = Date;
  const RealPromise = Promise;
  const used = [];
  const use = name => {
    if (!used.includes(name)) used.push(name);
  };

  // The clock shows another century in each context, and goes on whenever somebody looks.
  let reads = 0;
  const now = () => {
    use('the clock');
    return epoch + reads++;
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (date, args, target) => construct(date, args.length > 0 ? args : [now()], target),
    apply: () => new RealDate(now()).toString(),
    get: (date, key, receiver) => (key === 'now' ? now : get(date, key, receiver)),
  });
  globalThis.performance = { now };

  // Low and high in turns: whatever is decided by chance is decided both ways.
  let drawn = turn;
  Math.random = () => {
    use('Math.random()');
    drawn++;
    const small = (drawn % 997) / 100_000;
    return drawn % 2 === 0 ? small : 0.999 - small;
  };

  const nothing = () => {};
  globalThis.console = { debug: nothing, error: nothing, info: nothing, log: nothing, trace: nothing, warn: nothing };

  /** A token as the SDK hands it on: as a resource and as the decoded JWT that is in it. */
  const token = text => {
    const { raw, encoded, header, claims } = parse(text);
    assign(claims, { __raw: raw });
    const jwt = { encoded, header, claims };
    return { object: 'token', jwt, getRawString: () => raw, encoded, header, claims };
  };

  const looksLike = (result, one) => {
    try {
      return stringify(result) === stringify(one);
    } catch {
      return false;
    }
  };

  const described = (result, existing, incoming) => {
    if (result === null || result === undefined) return String(result);
    if (result instanceof RealPromise) return 'a promise';
    if (result === existing.jwt) return 'the jwt inside of the existing token';
    if (result === incoming.jwt) return 'the jwt inside of the incoming token';
    const known = [existing, incoming, existing.jwt, incoming.jwt];
    if (known.some(one => looksLike(result, one))) return 'a copy of a token';
    if (typeof result !== 'object') return `a ${typeof result}`;
    return getPrototypeOf(result) === prototype ? 'another object' : 'an object of another kind';
  };

  const ask = (pick, one, other) => {
    const existing = token(one);
    const incoming = token(other);
    const result = pick(existing, incoming);
    if (result === existing) return 'existing';
    if (result === incoming) return 'incoming';
    return '?' + described(result, existing, incoming);
  };
  return [ask, () => used.join(' and ')];
})
