// Records what one page does with session tokens, for `freshest monitor`. Load it before the SDK.
// docs/monitor.md says how. No token leaves it: stamps, and hashes keyed by the token's own signature.
(w => {
  const own = 'freshestRecorder';
  const { most = 5000, tab, lines: isThere } = w[own] ?? {};
  if (isThere) return;
  const d = w.document;
  const now = () => w.Date.now();
  let log = [];
  let lost = 0;
  let seq = 0;
  let asked = 0;

  // 64 bits, no cryptography; what it is given is keyed by what nobody outside knows.
  const hash = text =>
    [2654435761, 1597334677]
      .map(factor => {
        let sum = factor;
        for (const c of text) sum = Math.imul(sum ^ c.charCodeAt(), factor);
        return ((sum ^ (sum >>> 15)) >>> 0).toString(36);
      })
      .join('');
  const name = tab ?? hash(`${now()} ${w.crypto?.getRandomValues?.(new Uint32Array(2))}`);
  const json = part => JSON.parse(w.atob(part.replace(/-/g, '+').replace(/_/g, '/')));
  const orgHash = (sid, org) => (org ? hash(sid + org) : null);
  // The SDK's name for what it caches: session, template, organisation.
  const keyHash = (...parts) => hash(parts.filter(part => part).join('-'));
  const stamps = jwt => {
    const [head, body, signature] = jwt.split('.');
    const { oiat } = json(head);
    const { iat, exp, sid, org_id, o } = json(body);
    const id = org_id || o?.id;
    return { oiat, iat, exp, key: keyHash(sid, id), org: orgHash(sid, id), hash: hash(signature + body) };
  };

  const put = (event, more) => {
    log.push({ event, tab: name, at: now(), seq: seq++, ...more });
    if (log.length > most) {
      log.shift();
      lost++;
    }
  };
  // The recorder's own faults are nobody else's.
  const quietly = f => {
    try {
      f();
    } catch {}
  };
  // Whatever becomes of the page's promises is the page's.
  const then = (promise, f, g = () => {}) => promise?.then?.(f, g);
  // Puts a function around one of the page's, once. It calls the page's with `go`.
  const around = (of, name, f) => {
    const real = of?.[name];
    if (!real || real.recorded) return;
    of[name] = function (...args) {
      return f(() => real.apply(this, args), args, this);
    };
    of[name].recorded = 1;
  };
  const on = (of, what, f) => of?.addEventListener?.(what, e => (look(), f(e)));
  const about = (event, jwt, more) => quietly(() => jwt && put(event, { ...stamps(jwt), ...more }));

  // Who is signed in, and where: asked of the SDK whenever something happens.
  let session;
  let org;
  let leaving;
  const look = () =>
    quietly(() => {
      const clerk = w.Clerk;
      const is = clerk?.session;
      if (is) {
        const id = orgHash(is.id, clerk.organization?.id);
        if (!session) put('signed-in', { org: id });
        else if (id !== org) put('switched', { org: id });
        org = id;
        around(is, 'getToken', (go, [options]) => {
          const before = asked;
          const { template, organizationId = is.lastActiveOrganizationId } = options ?? {};
          const of = {
            key: keyHash(is.id, template, organizationId),
            key_org: template ? undefined : orgHash(is.id, organizationId),
          };
          const given = go();
          then(
            given,
            jwt => about('returned', jwt, { ...of, hit: before === asked }),
            () => put('rejected', of),
          );
          return given;
        });
      } else if (is === null && session && !leaving) put('signed-out');
      if (is || (is === null && !leaving)) session = is;
      around(clerk, 'signOut', go => {
        leaving = 1;
        put('signing-out');
        const done = go();
        const after = () => {
          leaving = 0;
          look();
        };
        then(done, after, after);
        return done;
      });
    });

  // The cache: the SDK keeps it in a Map under keys of its own.
  const held = {};
  const map = w.Map.prototype;
  const mine = key => typeof key === 'string' && key.startsWith('clerk::');
  const keyOf = key => {
    const id = key.split('::')[1];
    const [, sid, of] = /^([^-]+)(?:-(org_[^-]+))?$/.exec(id) ?? [];
    return { key: hash(id), key_org: sid && orgHash(sid, of) };
  };
  const cached = (of, key) =>
    quietly(() => {
      const jwt = of.get(key)?.entry?.resolvedToken?.getRawString();
      if (!jwt || jwt === held[key]) return;
      held[key] = jwt;
      look();
      about('cached', jwt, keyOf(key));
    });
  const gone = key =>
    quietly(() => {
      if (held[key]) put('removed', keyOf(key));
      delete held[key];
    });
  around(map, 'set', (go, [key, value], cache) => {
    const done = go();
    if (mine(key))
      quietly(() => {
        // After the SDK's own reaction, which installs the token.
        const after = () => then(Promise.resolve(), () => cached(cache, key));
        then(value.entry.tokenResolver, after);
      });
    return done;
  });
  around(map, 'delete', (go, [key]) => {
    if (mine(key)) gone(key);
    return go();
  });
  around(map, 'clear', (go, _, cache) => {
    for (const key of cache.keys()) if (mine(key)) gone(key);
    return go();
  });

  // The channel.
  const Channel = w.BroadcastChannel;
  if (Channel)
    w.BroadcastChannel = class BroadcastChannel extends Channel {
      #of;
      constructor(of) {
        super(of);
        this.#of = of === 'clerk:session_token';
        if (this.#of) super.addEventListener('message', ({ data }) => about('received', data?.tokenRaw));
      }
      postMessage(message) {
        if (this.#of) about('posted', message?.tokenRaw);
        return super.postMessage(message);
      }
    };

  // The cookie.
  const { getOwnPropertyDescriptor: described, defineProperty: define } = Object;
  let from = d;
  while (from && !described(from, 'cookie')) from = from.__proto__;
  const cookie = from && described(from, 'cookie');
  if (cookie?.set)
    define(d, 'cookie', {
      ...cookie,
      set(text) {
        cookie.set.call(d, text);
        quietly(() => {
          const jwt = /^__session=([^;]*)/.exec(text)?.[1];
          if (jwt === undefined) return;
          look();
          if (jwt.includes('.')) about('cookie', decodeURIComponent(jwt));
          else put('cookie-removed');
        });
      },
    });

  // Requests and answers.
  const request = (url, body) => {
    look();
    const [is, sid, template] = /\/sessions\/([^/]+)\/tokens\/?([^/?]*)/.exec(url) ?? [];
    if (!is) return;
    asked++;
    let of;
    quietly(() => {
      const fields = new URLSearchParams(body);
      of = { key: keyHash(sid, template, fields.get('organization_id')) };
      const parent = fields.get('token');
      put('requested', {
        ...of,
        forced: fields.has('force_origin'),
        parent: parent && stamps(parent),
      });
    });
    return of;
  };
  const answer = (text, of) =>
    quietly(() => {
      const { jwt, response, client } = JSON.parse(text);
      const [session] = response?.sessions ?? client?.sessions ?? [];
      about('answered', jwt ?? session?.last_active_token?.jwt, of);
    });
  const ours = url => /\/v1\/client/.test(url);
  around(w, 'fetch', (go, [to, options]) => {
    const url = String(to?.url ?? to);
    if (!ours(url)) return go();
    const of = request(url, options?.body);
    const given = go();
    then(given, got => quietly(() => then(got.clone().text(), text => answer(text, of))));
    return given;
  });
  around(w.XMLHttpRequest?.prototype, 'open', (go, [, to], xhr) => {
    const url = String(to);
    if (ours(url)) {
      const of = request(url);
      on(xhr, 'load', () => quietly(() => answer(xhr.responseText, of)));
    }
    return go();
  });

  on(w, 'pagehide', () => put('closed'));
  // Back from the back/forward cache.
  on(w, 'pageshow', e => e.persisted && put('opened', { org: session && org }));
  on(d, 'visibilitychange', () => put('seen'));

  const lines = () => {
    look();
    const first = log[0] ?? {};
    const head = lost ? [{ event: 'lost', tab: name, at: first.at, count: lost }] : [];
    return [...head, ...log].map(line => JSON.stringify(line) + '\n').join('');
  };
  w[own] = {
    lines,
    download() {
      const a = d.createElement('a');
      a.href = URL.createObjectURL(new Blob([lines()]));
      a.download = `tabs-${name}.jsonl`;
      a.click();
    },
    send(url) {
      if (!/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url)) throw Error('not a loopback address');
      return w.fetch(url, { method: 'POST', body: lines(), mode: 'no-cors' });
    },
  };
  put('opened');
})(globalThis.window ?? globalThis);
