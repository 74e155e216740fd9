// The stories that are told in real pages: what happens, and how it ends on each release.

import { deliverMessage, dropMessages, eventually, fireRefresh, heardMessage } from './chromium.mjs';
import { ORGANIZATION_ID, orgOf } from './tokens.mjs';

const LATE_REFRESH = {
  name: 'late-refresh',
  about: `a background refresh of one page is answered after a fresher
    token of the other page came by broadcast. 6.11.1 falls back to the
    older claims; 6.24.0 must not`,
  expected: {
    '6.11.1': { before: 2, after: 1 },
    '6.24.0': { before: 2, after: 2 },
    '6.40.0': { before: 2, after: 2 },
  },
  words({ before, after }) {
    const claims =
      after < before
        ? 'the late edge answer overwrites the fresher broadcast'
        : 'the fresher broadcast is kept';
    return `oiat ${before}, then ${after}: ${claims}`;
  },
  async tell(pages) {
    const a = await pages.open();
    const b = await pages.open();
    await dropMessages(a);

    await fireRefresh(a);
    const refresh = await pages.request(a, 'tokens');

    await b.evaluate(() => {
      window.answered = window.Clerk.session.getToken({ skipCache: true });
    });
    // The origin, one instant later: claims, oiat and iat are of now.
    await pages.respond(await pages.request(b, 'tokens'), [2, 2, 0, 2]);
    await b.evaluate(() => window.answered);

    await deliverMessage(a);
    const before = (await pages.read(a))[0];
    // The edge, asked before: oiat and claims are the parent's.
    await pages.respond(refresh, [1, 2, 0, 1]);
    // Whatever page A makes of the answer, it tells page B.
    await heardMessage(b);
    return { before, after: (await pages.read(a))[0] };
  },
};

const SIGNED_OUT = {
  name: 'signed-out',
  about: `a background refresh is under way while the page signs out.
    Both pages have no session any more, and then the answer comes: the
    session cookie is back`,
  expected: { '6.40.0': { signedOut: [true, true], gone: true, back: true } },
  words({ gone, back }) {
    if (!gone) return 'the sign-out leaves the session cookie';
    return back
      ? 'the session cookie goes, and a late answer writes it again'
      : 'the session cookie stays away';
  },
  async tell(pages) {
    const a = await pages.open();
    const b = await pages.open();
    await dropMessages(a);
    if ((await pages.cookie()) === null) throw new Error('two pages are signed in without a session cookie');

    await fireRefresh(a);
    const refresh = await pages.request(a, 'tokens');

    await a.evaluate(() => {
      window.signedOut = window.Clerk.signOut();
    });
    await pages.end(await pages.request(a, 'end'));
    await a.evaluate(() => window.signedOut);
    // The other page hears of it, asks for its client, and has no session any more.
    await eventually('a page without a session', () => b.evaluate(() => !window.Clerk.session));
    const signedOut = await Promise.all([a, b].map((page) => page.evaluate(() => !window.Clerk.session)));
    const gone = (await pages.cookie()) === null;

    await pages.respond(refresh, [1, 2, 0, 1]);
    // The signed-out page tells the other of the token.
    await heardMessage(b);
    return { signedOut, gone, back: (await pages.cookie()) !== null };
  },
};

const OTHER_ORGANIZATION = {
  name: 'other-organization',
  about: `a page switches to an organization and back, and a refresh
    timer fires in between: afterwards the page, which is in no organization,
    is given a token of the organization. On 6.11.1 the second switch's own
    token takes its place`,
  expected: {
    '6.11.1': { asked: ORGANIZATION_ID, organization: null, read: 0, cookie: 0 },
    '6.40.0': { asked: ORGANIZATION_ID, organization: null, read: 1, cookie: 1 },
  },
  words({ organization, read, cookie }) {
    return `in ${organization ?? 'no organization'} getToken gives a token of org ${read}, the cookie is of org ${cookie}`;
  },
  async tell(pages) {
    const page = await pages.open();
    const switchTo = (organization) =>
      page.evaluate((to) => {
        window.switched = window.Clerk.setActive({ organization: to });
      }, organization);

    await switchTo(ORGANIZATION_ID);
    await pages.request(page, 'touch');
    // The timer of the personal account's token asks for what the session is in by now.
    await fireRefresh(page);
    const refresh = await pages.request(page, 'tokens');
    await switchTo(null);
    const back = await pages.request(page, 'touch');

    // The second switch is minted first and answered last.
    await pages.respond(refresh, [2, 2, 0, 2, 0, 1]);
    await eventually("the refresh's token in the cookie", async () => {
      const token = await pages.cookie();
      return token !== null && orgOf(token) === 1;
    });
    await pages.respond(back, [1, 1, 0, 1]);
    await page.evaluate(() => window.switched);
    const organization = await page.evaluate(() => window.Clerk.organization?.id ?? null);
    const read = orgOf(await pages.read(page));
    return { asked: refresh.org, organization, read, cookie: orgOf(await pages.cookie()) };
  },
};

const NO_TOKEN = {
  name: 'no-token',
  about: `a call joins a fetch that is answered without a token. It is given
    null, which for an application says signed out, and the session goes on`,
  expected: {
    '6.11.1': { joined: null, hasSession: true, later: 2 },
    '6.24.0': { joined: null, hasSession: true, later: 2 },
    '6.40.0': { joined: null, hasSession: true, later: 2 },
  },
  words({ joined, hasSession, later }) {
    const session = hasSession ? 'in a page with a session' : 'in a page without a session';
    return `${session} the call that joined is given ${joined}, and the next call oiat ${later}`;
  },
  async tell(pages) {
    const page = await pages.open();
    await page.evaluate(() => {
      // Tried again after three seconds, which a story does not wait for.
      window.first = window.Clerk.session.getToken({ skipCache: true });
      window.joined = window.Clerk.session.getToken();
    });
    await pages.respondEmpty(await pages.request(page, 'tokens'));
    const joined = await page.evaluate(() => window.joined);
    const hasSession = await page.evaluate(() => Boolean(window.Clerk.session));
    await page.evaluate(() => {
      window.next = window.Clerk.session.getToken();
    });
    await pages.respond(await pages.request(page, 'tokens'), [2, 2, 0, 2]);
    await page.evaluate(() => window.next);
    return { joined, hasSession, later: (await pages.read(page))[0] };
  },
};

const UNAUTHORIZED = {
  name: 'unauthorized',
  about: `a fetch is answered with 401 although the session goes on. The page
    asks for its client, whose answer brings a token: the call is rejected
    all the same, and the next one is given that token without a request`,
  expected: {
    '6.11.1': { call: 'rejected', hasSession: true, read: 2 },
    '6.24.0': { call: 'rejected', hasSession: true, read: 2 },
    '6.40.0': { call: 'rejected', hasSession: true, read: 2 },
  },
  words({ call, hasSession, read }) {
    const session = hasSession ? 'the session goes on' : 'the session is gone';
    return `the call is ${call}, ${session}, and the next call is given oiat ${read}`;
  },
  async tell(pages) {
    const page = await pages.open();
    await page.evaluate(() => {
      window.call = window.Clerk.session.getToken({ skipCache: true }).then(
        () => 'answered',
        () => 'rejected',
      );
    });
    await pages.refuse(await pages.request(page, 'tokens'), [2, 2, 0, 2]);
    const call = await page.evaluate(() => window.call);
    const hasSession = await page.evaluate(() => Boolean(window.Clerk.session));
    return { call, hasSession, read: (await pages.read(page))[0] };
  },
};

export const STORIES = [LATE_REFRESH, SIGNED_OUT, OTHER_ORGANIZATION, NO_TOKEN, UNAUTHORIZED];
