// Runs before a team's script, in each context: clock and chance are those of the engine. Nothing here
// is kept where the script could reach it, and nothing that it could have replaced is called later.
(now, random, nothing) => {
  const RealDate = Date;
  const { apply, construct } = Reflect;
  const { toString } = RealDate.prototype;
  // Without a prototype: a script could put traps on it.
  const traps = {
    __proto__: null,
    construct: (date, args, target) => construct(date, args.length > 0 ? args : [now()], target),
    apply: () => apply(toString, new RealDate(now()), []),
  };
  RealDate.now = now;
  globalThis.Date = RealDate.prototype.constructor = new Proxy(RealDate, traps);
  globalThis.performance = { now };
  Math.random = random;
  globalThis.console = { debug: nothing, error: nothing, info: nothing, log: nothing, trace: nothing, warn: nothing };
}
