// The clipping helper in a real browser: its own window, opened by its button over the page of a shop that
// would rather keep it out.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { checkAccessible, fixtures, launchProfile, testSite } from './harness.mjs';

// --- shops ---

const photo = (name) => readFile(path.join(fixtures, 'market/photos', name));

async function open(answer) {
  const server = createServer((request, response) => answer(request.url, response)
    .catch(() => response.writeHead(404).end())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { base: `http://127.0.0.1:${server.address().port}`, close: () => {
    server.close();
    server.closeAllConnections();
  } };
}

/* Pictures that no other site may read. */
const openPictures = () => open(async (url, response) => {
  const bytes = await photo(url.slice('/p/'.length));
  response.writeHead(200, { 'Content-Type': 'image/jpeg', 'Cache-Control': 'max-age=600',
    'Cross-Origin-Resource-Policy': 'cross-origin' }).end(bytes);
});

const listing = (title, images) => `<!doctype html><html lang="en"><title>A shop</title>
<script type="application/ld+json">${JSON.stringify({ '@type': 'Product', name: title, image: images,
    offers: { '@type': 'Offer', price: '9.90', priceCurrency: 'EUR', seller: { name: 'Harbour Prints' } } }).replace(/</g, '\\u003c')}</script>
<h1>A mug</h1>${images.map((url) => `<img src="${url}" width="300">`).join('')}`;

/* Pages, and pictures of the same site. Scripts may ask nobody for anything: a helper that ran in the page
 * would get nowhere. */
const openShop = (pages) => open(async (url, response) => {
  if (url.startsWith('/p/')) {
    response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(await photo(url.slice('/p/'.length)));
    return;
  }
  response.writeHead(url in pages ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; img-src *; script-src 'unsafe-inline'" }).end(pages[url] ?? '');
});

// --- the helper ---

/* The window behind the button is no page that Playwright knows, but one that Chromium lets be talked to. */
async function talkTo(cdp, targetId) {
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: false });
  const waiting = new Map();
  let last = 0;
  cdp.on('Target.receivedMessageFromTarget', (event) => {
    const { id, result, error } = event.sessionId === sessionId ? JSON.parse(event.message) : {};
    waiting.get(id)?.(error ? { exceptionDetails: { text: error.message } } : result);
    waiting.delete(id);
  });
  /* What the function gives in that window, where words are what it gets. */
  return async (fn, ...words) => {
    const message = { id: ++last, method: 'Runtime.evaluate', params: { awaitPromise: true, returnByValue: true,
      expression: `(${fn})(...${JSON.stringify(words)})` } };
    const answered = new Promise((done) => { waiting.set(message.id, done); });
    await cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify(message) });
    const { result, exceptionDetails } = await answered;
    assert.equal(exceptionDetails, undefined, exceptionDetails?.exception?.description ?? exceptionDetails?.text);
    return result.value;
  };
}

/* Runs there: waits until the window says something, and gives all that it says. */
const says = (pattern) => new Promise((done) => {
  const look = () => {
    const text = document.querySelector('main')?.innerText ?? '';
    if (new RegExp(pattern).test(text)) {
      watcher.disconnect();
      done(text);
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
});

/** A browser that has the helper. press(url) goes there and presses its button, and gives of the window
 * behind it run(fn, words...) and read(pattern): all that it says, once that is in it. */
async function openHelper(site) {
  await site.sh('knockoff clipper clipper >/dev/null');
  const context = await launchProfile(path.join(site.folder, 'profile'));
  const cdp = await context.browser().newBrowserCDPSession();
  const { id } = await cdp.send('Extensions.loadUnpacked', { path: path.join(site.folder, 'clipper') });
  const [page] = context.pages();
  const targets = async (type) => (await cdp.send('Target.getTargets', { filter: [{ type }] })).targetInfos;
  const isWindow = (target) => target.url === `chrome-extension://${id}/popup.html`;
  await cdp.send('Target.setDiscoverTargets', { discover: true });
  /* The button closes the window when it is open. */
  const closeWindow = async () => {
    for (const { targetId } of (await targets('page')).filter(isWindow)) {
      const gone = new Promise((done) => {
        cdp.on('Target.targetDestroyed', (event) => event.targetId === targetId && done());
      });
      await cdp.send('Target.closeTarget', { targetId });
      await gone;
    }
  };
  return {
    context,
    async press(url) {
      await closeWindow();
      await page.bringToFront();
      await page.goto(url);
      const tab = (await targets('tab')).find((target) => target.url === url);
      const opened = new Promise((done) => {
        const see = ({ targetInfo }) => targetInfo.type === 'page' && isWindow(targetInfo) && done(targetInfo.targetId);
        cdp.on('Target.targetCreated', see);
        cdp.on('Target.targetInfoChanged', see);
      });
      await cdp.send('Extensions.triggerAction', { id, targetId: tab.targetId });
      const run = await talkTo(cdp, await opened);
      return { run, read: (pattern) => run(says, pattern.source) };
    },
  };
}

/* Runs there: types the code and sends it. */
const enterCode = (code) => {
  document.querySelector('#code').value = code;
  document.querySelector('form button').click();
};

const pair = async (site, name) => (await (await site.ask('/api/pairings', { method: 'POST',
  headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) })).json()).code;

/** A test with a shop, whose pages are pages(its pictures, those of another host), and a browser that has
 * the helper, paired. */
function testHelper(name, pages, fn) {
  testSite(name, 'scanned_market', async (site) => {
    const shown = {};
    const [others, shop] = await Promise.all([openPictures(), openShop(shown)]);
    let helper;
    try {
      helper = await openHelper(site);
      Object.assign(shown, pages(`${shop.base}/p/`, `${others.base}/p/`));
      const first = await helper.press(`${shop.base}/`);
      await first.read(/Pair this browser/);
      await first.run(enterCode, await pair(site, 'Chromium'));
      await first.read(/Nothing says that this page is a listing/);
      await fn(site, helper, shop.base);
    } finally {
      await helper?.context.close();
      others.close();
      shop.close();
    }
  });
}

const front = { '/': '<!doctype html><title>A shop</title><h1>Welcome</h1>' };

// --- what it tells ---

testHelper('a press tells whether a work is on the page, and leads to the candidate', (own) => ({
  ...front,
  '/products/1': listing('Cats mug', [`${own}cats-mug.jpg`, `${own}blank-mug-green.jpg`]),
  '/products/2': listing('Green mug', [`${own}blank-mug-green.jpg`]),
}), async (site, helper, shop) => {
  const shows = await helper.press(`${shop}/products/1`);
  const said = await shows.read(/Decide about it/);
  assert.match(said, /Cats mug/);
  assert.match(said, /Harbour Prints · 9.90 EUR/);
  assert.match(said, /Shows two-cats\s+KO-000012: no more than one photo in a million/);
  assert.match(said, /2 of 2 pictures looked at/);
  const { candidates } = await (await site.ask('/api/candidates?limit=500')).json();
  const { candidate, work } = candidates.find((one) => one.listing.url === `${shop}/products/1`);
  assert.equal(work, 'KO-000012');
  const opened = helper.context.waitForEvent('page');
  await shows.run(() => document.querySelector('.actions .primary').click());
  await (await opened).waitForURL(`${site.base}/#/inbox/state/all/candidate/${candidate}`);

  const none = await helper.press(`${shop}/products/2`);
  assert.match(await none.read(/1 of 1 pictures looked at/), /None of your works is on it/);
});

testHelper('a picture that only the screen shows is cut out of it, and kept as what it is', (own, other) => ({
  ...front,
  '/products/1': listing('Cats mug', [`${other}cats-mug.jpg`]),
}), async (site, helper, shop) => {
  const said = await (await helper.press(`${shop}/products/1`)).read(/Decide about it/);
  assert.match(said, /Shows two-cats/);
  assert.match(said, /1 of them cut out of the screen/);
  const kept = await site.sh("cat knockoff.db-archive/pictures-* | grep -a '^WARC-Target-URI'");
  assert.equal(kept.trim(), `WARC-Target-URI: ${shop}/products/1#screen-0`);
});

testHelper('what a stranger wrote is text, and a wall is called one', (own) => ({
  ...front,
  '/products/1': listing('<img src=x onerror="document.title=1"> <b>Mug</b>', [`${own}cats-mug.jpg`]),
  '/wall': '<!doctype html><title>Just a moment...</title><form id="challenge-form" action="/?__cf_chl_f_tk=1"></form>',
}), async (site, helper, shop) => {
  const listed = await helper.press(`${shop}/products/1`);
  assert.match(await listed.read(/Shows/), /<img src=x onerror="document.title=1"> <b>Mug<\/b>/);
  assert.equal(await listed.run(() => document.querySelectorAll('img, b').length), 0);
  assert.match(await (await helper.press(`${shop}/wall`)).read(/Look again/), /This page is a bot wall/);
  // Nothing that is no listing is kept.
  assert.equal((await site.sh(`knockoff export listings --json | grep -c '${shop}'`)).trim(), '1');
});

testHelper('a browser that was removed has to be paired again', () => front, async (site, helper, shop) => {
  const page = await site.open('#/settings');
  await page.locator('#clip').getByRole('button', { name: 'Remove Chromium' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
  await page.getByText('No browser is paired yet').waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'clip'); // what had the focus is gone
  await (await helper.press(`${shop}/`)).read(/Pair it again/);
});

// --- the settings ---

for (const look of [{}, { dark: true }, { phone: true }]) {
  testSite(`the code is given out once, by keyboard (${JSON.stringify(look)})`, 'knockoff init >/dev/null', async (site) => {
    const page = await site.open('#/settings', look);
    await checkAccessible(page);
    await page.locator('#clip input').fill('Firefox <b>at home</b>');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    assert.match(await dialog.getByLabel('Code').inputValue(), new RegExp(`^${new URL(site.base).port}-[0-9a-f]{64}$`));
    await checkAccessible(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('#clip').getByText('Firefox <b>at home</b>').waitFor();
    await page.locator('#clip summary').press('Enter');
    await checkAccessible(page);
  });
}

testSite('the helper is downloaded as it is written to a folder', 'knockoff init >/dev/null', async (site) => {
  const page = await site.open('#/settings');
  await page.locator('#clip summary').press('Enter');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the helper' }).press('Enter');
  await (await download).saveAs(path.join(site.folder, 'helper.zip'));
  await site.sh('knockoff clipper clipper >/dev/null; mkdir unpacked; cd unpacked; python3 -m zipfile -e ../helper.zip .; diff -r . ../clipper');
});
