// What other sites can do with a browser in which the page is open. They are real ones, of a server at
// another port of this machine: to the browser that is the same site, so it sends our cookie along.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { launch, testSite } from './harness.mjs';

const database = 'scanned_wolf; knockoff profile set signature="Ann Artist"';

/* Another site, with nothing on its page; cookies is all that it was sent of them. */
async function openHostile() {
  const cookies = [];
  const server = createServer((request, answer) => {
    cookies.push(request.headers.cookie ?? '');
    answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>hostile</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    cookies,
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

/* Runs fn(page, hostile, answers) with a page of the other site, in a browser that is signed in; answers
 * are the statuses of ours, by path. */
async function visitHostile(site, fn) {
  const hostile = await openHostile();
  const context = await site.browser.newContext();
  try {
    const own = await context.newPage();
    await own.goto(site.start);
    await own.waitForSelector('.bar nav');
    const answers = [];
    const page = await context.newPage();
    context.on('response', (answer) => {
      if (answer.frame().page() === page && answer.url().startsWith(site.base))
        answers.push(`${answer.status()} ${new URL(answer.url()).pathname}`);
    });
    await page.goto(hostile.base);
    await fn(page, hostile, answers, own);
  } finally {
    await context.close();
    hostile.close();
  }
}

const states = async (site) => (await site.sh('knockoff candidates --state all --json')).trim().split('\n')
  .map((line) => JSON.parse(line).state);
/* A decision as the page would send it. */
const decision = async (site) => {
  const list = await (await site.ask('/api/candidates')).json();
  const [{ candidate, seen }] = list.candidates;
  return { verb: 'accept', candidates: [{ candidate, seen }], good_faith: true };
};

testSite('a decision is made by what others send here in vain', database, async (site) => {
  const answer = await site.ask('/api/decisions', { method: 'POST',
    headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(await decision(site)) });
  assert.equal(answer.status, 200, await answer.text());
  assert.deepEqual(await states(site), ['accepted']);
});

testSite('forms of another site change nothing', database, async (site) => {
  const sent = JSON.stringify(await decision(site));
  await visitHostile(site, async (page, hostile, answers) => {
    assert.match(hostile.cookies[0], /knockoff-\d+=/, 'the cookie is sent to other ports');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      await page.goto(hostile.base);
      await Promise.all([page.waitForNavigation(), page.evaluate(({ url, type, sent }) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', enctype: type, action: url });
        const field = document.createElement('input');
        // {"verb": ..., "x": "="}: as plain text it is what the page sends.
        [field.name, field.value] = [`${sent.slice(0, -1)},"x":"`, '"}'];
        form.append(field);
        document.body.append(form);
        form.submit();
      }, { url: `${site.base}/api/decisions`, type, sent })]);
    }
    assert.deepEqual(answers, Array(3).fill('403 /api/decisions'));
  });
  assert.deepEqual(await states(site), ['open']);
});

testSite('scripts of another site change nothing and read nothing', database, async (site) => {
  const sent = JSON.stringify(await decision(site));
  await visitHostile(site, async (page, hostile, answers) => {
    const reached = await page.evaluate(async ({ base, sent }) => {
      const attempts = {
        plain: () => fetch(`${base}/api/decisions`, { method: 'POST', credentials: 'include', body: sent }),
        blind: () => fetch(`${base}/api/decisions`, { method: 'POST', credentials: 'include', mode: 'no-cors', body: sent })
          .then((answer) => answer.text()).then((text) => { if (!text) throw new Error('opaque'); }),
        json: () => fetch(`${base}/api/decisions`, { method: 'POST', credentials: 'include', body: sent,
          headers: { 'Content-Type': 'application/json', 'X-Knockoff-Token': '0' } }),
        file: () => fetch(`${base}/api/decisions`, { method: 'POST', credentials: 'include', body: sent,
          headers: { 'Content-Type': 'application/octet-stream' } }),
        read: () => fetch(`${base}/api/candidates`, { credentials: 'include' }),
        'read with token': () => fetch(`${base}/api/candidates`, { credentials: 'include', headers: { 'X-Knockoff-Token': '0' } }),
        door: () => fetch(`${base}/start`, { credentials: 'include' }),
        news: () => new Promise((done, fail) => {
          const events = new EventSource(`${base}/api/events`, { withCredentials: true });
          events.onerror = () => { events.close(); fail(new Error('refused')); };
          events.addEventListener('news', done);
        }),
        beacon: async () => {
          if (!navigator.sendBeacon(`${base}/api/decisions`, new Blob([sent], { type: 'text/plain' })))
            throw new Error('refused');
          throw new Error('nothing comes back'); // what it did is looked at below
        },
      };
      const through = [];
      for (const [name, attempt] of Object.entries(attempts))
        await attempt().then(() => through.push(name), () => {});
      return through;
    }, { base: site.base, sent });
    assert.deepEqual(reached, []);
    await page.goto(hostile.base); // what was sent last was sent before
    assert.deepEqual(answers.filter((line) => /^[23]/.test(line)), []);
  });
  assert.deepEqual(await states(site), ['open']);
});

testSite('another site can show nothing of ours as its own', database, async (site) => {
  await visitHostile(site, async (page) => {
    const shown = await page.evaluate(async (base) => {
      const load = (name, properties) => new Promise((done) => {
        const element = Object.assign(document.createElement(name), properties);
        element.onload = () => done(true);
        element.onerror = () => done(false);
        document.head.append(element);
      });
      return {
        picture: await load('img', { src: `${base}/api/candidates/1/picture?side=work&width=200` }),
        icon: await load('img', { src: `${base}/assets/icon.svg` }),
        script: await load('script', { src: `${base}/assets/keys.js`, type: 'module' }),
        classic: await load('script', { src: `${base}/api/session` }),
        style: await load('link', { href: `${base}/assets/page.css`, rel: 'stylesheet' }),
      };
    }, site.base);
    assert.deepEqual(shown, { picture: false, icon: false, script: false, classic: false, style: false });
  });
});

testSite('the page is shown in no frame and no window of another site', database, async (site) => {
  await visitHostile(site, async (page, hostile) => {
    for (const place of ['/', '/start?token=0']) {
      await page.evaluate((url) => new Promise((done) => {
        const frame = Object.assign(document.createElement('iframe'), { src: url, onload: done });
        document.body.append(frame);
      }), site.base + place);
    }
    const inside = page.frames().slice(1);
    assert.equal(inside.length, 2);
    for (const frame of inside)
      assert.equal(await frame.locator('.bar, #main').count(), 0);
    // Even the door, through which a stranger may go, is opened in no frame.
    await page.goto(hostile.base);
    await page.evaluate((url) => new Promise((done) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src: url, onload: done }));
    }), site.start);
    assert.equal(await page.frames()[1].locator('.bar, #main').count(), 0);
    // A window that it opens does not show the page either, and is cut off from who opened it.
    const [opened] = await Promise.all([page.context().waitForEvent('page'),
      page.evaluate((url) => { globalThis.handle = open(url); }, site.start)]);
    await opened.waitForLoadState();
    assert.equal(await opened.locator('.bar, #main').count(), 0);
    assert.equal(await opened.evaluate(() => globalThis.opener), null);
    assert.equal(await page.evaluate(() => globalThis.handle.closed), true);
  });
});

testSite('what another server of this machine is sent opens nothing', database, async (site) => {
  const sent = JSON.stringify(await decision(site));
  await visitHostile(site, async (page, hostile) => {
    const Cookie = hostile.cookies.at(-1);
    assert.match(Cookie, /knockoff-\d+=[0-9a-f]{64}/);
    const paths = ['/api/session', '/api/candidates', '/api/task'];
    for (const place of paths)
      assert.equal((await fetch(site.base + place, { headers: { Cookie } })).status, 403, place);
    const change = await fetch(`${site.base}/api/decisions`, { method: 'POST', body: sent,
      headers: { Cookie, 'Origin': site.base, 'Content-Type': 'application/json' } });
    assert.equal(change.status, 403);
  });
  assert.deepEqual(await states(site), ['open']);
});

testSite('a name that was let point here (DNS rebinding) is answered nothing', database, async (site) => {
  const browser = await launch('MAP rebound.example 127.0.0.1');
  try {
    const page = await browser.newPage();
    const { port, search } = new URL(site.start);
    const rebound = `http://rebound.example:${port}`;
    for (const place of ['/', '/api/session', '/api/candidates', `/start${search}`, '/assets/page.js']) {
      const answer = await page.goto(rebound + place);
      assert.equal(answer.status(), 421, place);
      assert.equal((await answer.allHeaders())['set-cookie'], undefined);
    }
    // To the browser this page is of the same origin as what it asks for.
    const { secrets } = site;
    const read = await page.evaluate(async (headers) => {
      const statuses = [];
      for (const place of ['/', '/api/candidates'])
        statuses.push((await fetch(place, { headers })).status);
      statuses.push((await fetch('/api/undo', { method: 'POST', body: '{}', headers: { ...headers, 'Content-Type': 'application/json' } })).status);
      return statuses;
    }, { 'X-Knockoff-Token': secrets['X-Knockoff-Token'] });
    assert.deepEqual(read, [421, 421, 421]);
  } finally {
    await browser.close();
  }
});
