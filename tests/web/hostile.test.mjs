// What strangers, and careless files, can write into the database: whatever it is, it is shown as text or
// not at all, runs nothing and asks nobody for anything.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

import { fixtures, testSite } from './harness.mjs';
import { withExif, withTexts } from './png.mjs';

/* Told apart by their numbers; each ends what it may stand in, and names the canary. */
const evil = (where) => `"'></title></textarea><img src=x onerror=canary('${where}')><script>canary('${where}')</script>` +
  `<svg onload=canary('${where}')>\${canary('${where}')}{{canary('${where}')}}`;
const inFileName = (where) => `<img src=x onerror=canary('${where}')>`;

const drawing = (outside) => `<?xml version="1.0"?>
<?xml-stylesheet href="${outside}/style.css"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="400"
  onload="canary('svg')">
<script>canary('svg script')</script><script href="${outside}/script.js"/>
<style>@import url(${outside}/import.css); rect { fill: url(${outside}/fill.svg#x) }</style>
<rect width="400" height="400" fill="#cde"/><circle cx="120" cy="140" r="90" fill="#c33" onclick="canary('click')"/>
<path d="M40 300 L200 220 L360 380 Z M240 40 L380 60 L300 180 Z" fill="#245"/>
<image href="${outside}/image.png" width="50" height="50"/><image xlink:href="file:///etc/hostname" width="9" height="9"/>
<use href="${outside}/use.svg#a"/><foreignObject width="99" height="99"><body xmlns="http://www.w3.org/1999/xhtml">
<img src="x" onerror="canary('foreign')"/><iframe src="${outside}/frame"/></body></foreignObject>
</svg>`;

/* Counts who asks for anything. */
async function openTrap() {
  const asked = [];
  const server = createServer((request, answer) => {
    asked.push(request.url);
    answer.end();
  }).listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return { asked, base: `http://127.0.0.1:${server.address().port}` };
}

// --- the database ---

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const line = (cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;

/* Two works, a picture and a drawing; four listings that show the first, two of which the artist reported
 * before; a notice of the others. Whoever wrote a text was hostile. */
const fill = (trap) => async ({ folder, sh }) => {
  const market = path.join(fixtures, 'market');
  const art = path.join(folder, 'art');
  await mkdir(art);
  await writeFile(path.join(art, `${inFileName('work file')}.png`),
    withTexts(await readFile(path.join(market, 'works/Wolf Spirit.png')), { Title: evil('png'), Author: evil('png') }));
  await writeFile(path.join(art, 'drawing.svg'), drawing(trap.base));
  const photo = `${inFileName('photo file')}.jpg`;
  await writeFile(path.join(folder, photo), withExif(await readFile(path.join(market, 'photos/wolf-enamel-pin.jpg')), evil('exif')));
  const rows = [1, 2, 3, 4].map((n) => [`https://www.aliexpress.com/item/100500000000${n}.html?x="><svg/onload=canary('url')>`, photo,
    evil('seller'), evil('title'), evil('price'), evil('currency'), evil('note'), evil('cell'),
    n < 3 ? '2026-11-01' : '', n < 3 ? evil('number') : '']);
  rows.push(["javascript:canary('listing')", photo, 'x', 'x', '', '', '', '', '', '']);
  await writeFile(path.join(folder, 'sheet.csv'), [['url', 'image', 'seller', 'title', 'price', 'currency', 'notes',
    evil('column'), 'date reported', 'notice no.'], ...rows].map(line).join(''));
  const facts = ['author', 'holder', 'description', 'kind'].map((name) => `--${name} ${quoted(evil(name))}`).join(' ');
  await sh(`
    knockoff init
    knockoff add art || [ $? = 1 ]
    knockoff ingest sheet.csv || [ $? = 1 ]
    knockoff ingest ${quoted(photo)}
    knockoff scan || [ $? = 1 ]
    knockoff profile set legal_name=${quoted(evil('name'))} role=owner public_mail=ann@art.example \
      public_phone=555-0000 public_address=${quoted(evil('address'))} country=NZ
    for work in 1 2; do
      knockoff works set $work --title ${quoted(evil('work title'))} --published-on 2021-03-04 \
        --published-url https://art.example/wolf ${facts}
    done
    knockoff candidates accept --all-shown --confirm-good-faith
    knockoff notice build --confirm-authority || [ $? = 1 ]
    knockoff notice filed 1 --ref ${quoted(evil('ref'))} --note ${quoted(evil('note of a notice'))} || :
    knockoff candidates licensed 2 || :
    knockoff candidates reopen 1 || :
    knockoff source add https://shop.example/ --name ${quoted(evil('source'))}
    knockoff rule add --seller ${quoted(evil('rule'))} --on etsy`);
};

// --- what came of it ---

const words = (page) => page.evaluate(() => document.body.innerText);

const trap = await openTrap();

testSite('what strangers wrote is text in every view', fill(trap), async (site) => {
  const page = await site.open('#/inbox');
  const sung = [];
  await page.exposeFunction('canary', (where) => { sung.push(where); });
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => globalThis.canary(`policy: ${event.blockedURI}`));
  });
  const known = JSON.parse(await site.sh('knockoff notice list --json | head -1')).notice;
  const shows = {
    '#/inbox/state/all': ['title', 'seller'], '#/search': [], '#/works': ['work title'], '#/works/1': ['work title', 'description'],
    '#/notices': [], [`#/notices/${known}`]: ['ref'], '#/sellers': ['seller'], '#/watch': ['source', 'rule'], '#/overview': ['seller'], '#/settings': ['name'],
  };
  for (const [hash, texts] of Object.entries(shows)) {
    await page.goto(`${site.base}/${hash}`);
    await page.reload(); // as a change of the hash alone loads nothing
    await page.waitForFunction(() => document.querySelector('#main > .view')?.childElementCount);
    await page.settled();
    const shown = await words(page) + (await page.evaluate(() => [...document.querySelectorAll('input, textarea')]
      .map((field) => field.value).join('\n')));
    for (const text of texts)
      assert.ok(shown.includes(evil(text)), `${hash} shows ${text} as it is`);
    assert.equal(await page.locator('[onerror], [onload], [onclick], img[src=x], iframe, a[href^="javascript:"]').count(), 0, hash);
  }
  assert.deepEqual(sung, []);
  assert.deepEqual(trap.asked, []);
});

testSite('pictures bring nothing along', fill(trap), async (site) => {
  const places = ['/api/works/1/picture?width=320', '/api/works/2/picture?width=320', '/api/photos/1/picture?width=320',
    ...['listing', 'work', 'patch', 'exhibit'].map((side) => `/api/candidates/1/picture?side=${side}&width=320`)];
  for (const place of places) {
    const answer = await site.ask(place);
    const bytes = Buffer.from(await answer.arrayBuffer()).toString('latin1');
    assert.equal(answer.status, 200, place);
    assert.match(answer.headers.get('Content-Type'), /^image\/(jpeg|png|webp)$/, place);
    assert.equal(answer.headers.get('X-Content-Type-Options'), 'nosniff');
    assert.doesNotMatch(bytes, /canary|<svg|root:/, place);
  }
  assert.deepEqual(trap.asked, []);
});
