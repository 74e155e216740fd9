// Runs before a team's script, in each context. It takes away what could make one answer depend on
// anything but the two tokens, and returns what the engine calls; the script cannot reach it.
((epoch, turn, signature) => {
  const { parse, stringify } = JSON;
  const { construct, get } = Reflect;
  const { getPrototypeOf, prototype } = Object;
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

  // Headers and claims by their texts, each parsed once. No script gets hold of these objects, only
  // of copies; all that is in them is strings and numbers, so copies share nothing.
  const parsed = { __proto__: null };
  const original = text => (parsed[text] ??= parse(text));

  // A token as the SDK hands it on: as a resource and as the decoded JWT that is in it. All of it is
  // new in each call, its function too, so whatever a script writes on it is not there in the next.
  // Nothing is called here that a script could have replaced, which rules out template literals: this
  // engine makes them with `String.prototype.concat`.
  const token = (headerText, claimsText, encodedHeader, encodedClaims) => {
    const raw = encodedHeader + '.' + encodedClaims + '.' + signature;
    const encoded = { header: encodedHeader, payload: encodedClaims, signature };
    const header = { ...original(headerText) };
    const claims = { ...original(claimsText), __raw: raw };
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

  const ask = (
    pick,
    existingHeader,
    existingClaims,
    existingEncodedHeader,
    existingEncodedClaims,
    incomingHeader,
    incomingClaims,
    incomingEncodedHeader,
    incomingEncodedClaims,
  ) => {
    const existing = token(existingHeader, existingClaims, existingEncodedHeader, existingEncodedClaims);
    const incoming = token(incomingHeader, incomingClaims, incomingEncodedHeader, incomingEncodedClaims);
    const result = pick(existing, incoming);
    if (result === existing) return 'existing';
    if (result === incoming) return 'incoming';
    return '?' + described(result, existing, incoming);
  };
  return [ask, () => used.join(' and ')];
})
