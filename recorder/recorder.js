// Records what one page does with session tokens, for `freshest monitor`. Load it before the SDK.
// docs/monitor.md says how. No token leaves it: stamps, and hashes keyed by the token's own signature.
(w => {
  const own = 'freshestRecorder';
  const { most = 5000, tab, lines: isThere } = w[own] ?? {};
  if (isThere) return;
  const d = w.document;
  const now = () => w.Date.now();
  const random = w.crypto?.getRandomValues?.(new Uint32Array(2)) ?? [now()];
  const name = tab ?? Array.from(random, n => n.toString(36)).join('');
  let log = [];
  let lost = 0;
  let seq = 0;
  let asked = 0;

  // 64 bits, no cryptography; what it is given is keyed by what nobody outside knows.
  const hash = text => {
    let a = 1;
    let b = 2;
    for (const c of text) {
      a = Math.imul(a ^ c.charCodeAt(), 2654435761);
      b = Math.imul(b ^ c.charCodeAt(), 1597334677);
    }
    return [a ^ (a >>> 16), b ^ (b >>> 13)].map(n => (n >>> 0).toString(36)).join('');
  };
  const json = part => JSON.parse(w.atob(part.replace(/-/g, '+').replace(/_/g, '/')));
  const orgHash = (sid, org) => (org ? hash(sid + org) : null);
  const stamps = jwt => {
    const [head, body, signature] = jwt.split('.');
    const { oiat } = json(head);
    const { iat, exp, sid, org_id, o } = json(body);
    return { oiat, iat, exp, org: orgHash(sid, org_id || o?.id), hash: hash(signature + body) };
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
  const then = (promise, f) => promise?.then?.(f, () => {});
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
        wrap(is);
      } else if (is === null && session && !leaving) put('signed-out');
      if (is || (is === null && !leaving)) session = is;
      if (clerk?.signOut && !clerk.signOut.recorded) {
        const real = clerk.signOut;
        clerk.signOut = function () {
          leaving = 1;
          put('signing-out');
          const done = real.apply(this, arguments);
          const after = () => {
            leaving = 0;
            look();
          };
          done?.then?.(after, after);
          return done;
        };
        clerk.signOut.recorded = 1;
      }
    });
  const wrap = is => {
    const real = is.getToken;
    if (!real || real.recorded) return;
    is.getToken = function (options) {
      const before = asked;
      const key_org = options?.organizationId === undefined ? org : orgHash(is.id, options.organizationId);
      const given = real.apply(this, arguments);
      then(given, jwt => about('returned', jwt, before === asked && !options?.template ? { key_org } : {}));
      return given;
    };
    is.getToken.recorded = 1;
  };

  // The cache: the SDK keeps it in a Map under keys of its own.
  const held = {};
  const map = w.Map.prototype;
  const { set, delete: drop, clear } = map;
  const mine = key => typeof key === 'string' && key.startsWith('clerk::');
  const keyOf = key => {
    const [, id] = key.split('::');
    const at = id.indexOf('-');
    return { key: hash(key), key_org: at < 0 ? null : orgHash(id.slice(0, at), id.slice(at + 1)) };
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
  map.set = function (key, value) {
    const done = set.call(this, key, value);
    if (mine(key))
      quietly(() => {
        // After the SDK's own reaction, which installs the token.
        const after = () => then(Promise.resolve(), () => cached(this, key));
        then(value.entry.tokenResolver, after);
      });
    return done;
  };
  map.delete = function (key) {
    if (mine(key)) gone(key);
    return drop.call(this, key);
  };
  map.clear = function () {
    for (const key of this.keys()) if (mine(key)) gone(key);
    return clear.call(this);
  };

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
  let from = d;
  while (from && !Object.getOwnPropertyDescriptor(from, 'cookie')) from = Object.getPrototypeOf(from);
  const cookie = from && Object.getOwnPropertyDescriptor(from, 'cookie');
  if (cookie?.set)
    Object.defineProperty(d, 'cookie', {
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
  const request = url => {
    look();
    if (/\/sessions\/[^/]+\/tokens/.test(url)) {
      asked++;
      put('requested');
    }
  };
  const answer = text =>
    quietly(() => {
      const { jwt, response, client } = JSON.parse(text);
      const sessions = response?.sessions ?? client?.sessions ?? [];
      about('answered', jwt ?? sessions[0]?.last_active_token?.jwt);
    });
  const ours = url => /\/v1\/client/.test(url);
  const { fetch } = w;
  if (fetch)
    w.fetch = function (to) {
      const url = String(to?.url ?? to);
      if (ours(url)) request(url);
      const given = fetch.apply(this, arguments);
      if (ours(url)) then(given, got => quietly(() => then(got.clone().text(), answer)));
      return given;
    };
  const xhr = w.XMLHttpRequest?.prototype;
  if (xhr) {
    const { open } = xhr;
    xhr.open = function (_, to) {
      const url = String(to);
      if (ours(url)) {
        request(url);
        this.addEventListener('load', () => quietly(() => answer(this.responseText)));
      }
      return open.apply(this, arguments);
    };
  }

  const on = (what, f) => w.addEventListener?.(what, e => (look(), f(e)));
  on('pagehide', () => put('closed'));
  // Back from the back/forward cache.
  on('pageshow', e => e.persisted && put('opened', { org: session && org }));
  d?.addEventListener?.('visibilitychange', () => (look(), put('seen')));

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
      if (!/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(url)) throw Error('a loopback address only');
      return fetch.call(w, url, { method: 'POST', body: lines(), mode: 'no-cors' });
    },
  };
  put('opened');
})(globalThis.window ?? globalThis);
