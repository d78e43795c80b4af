// The whole job of an artist, from a folder of art to the packet of a notice, by the keyboard alone: nothing here
// touches a mouse, or gives the focus to anything but by Tab.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { fixtures, testSite } from './harness.mjs';

const market = path.join(fixtures, 'market');

/* What the focused element is called: by its label, or by what it says. */
const focused = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const name = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText ?? '';
  return at === document.body ? '' : name.replace(/\s+/g, ' ').trim();
});

/* Tab until something of this name has the focus. */
async function tabTo(page, name) {
  const seen = [];
  for (let i = 0; i < 200; i++) {
    const at = await focused(page);
    if (name.test(at))
      return;
    seen.push(at);
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab never comes to ${name}, but to ${seen.join(' | ')}`);
}

async function type(page, name, text) {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

/* Keys of a view mean something once it is there. */
async function press(page, ...keys) {
  await page.settled();
  for (const key of keys)
    await page.keyboard.press(key);
}

/* Follows what is focused by Enter, or Space. */
async function use(page, name, key = 'Enter') {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

const says = (page, text) => page.getByText(text).first().waitFor();

/* Chooses files where a key opens the browser's dialog for it, which has keys of its own. */
async function choose(page, files, open) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), open()]);
  await chooser.setFiles(files);
}

/* The listings of the sample market, on two marketplaces; pictures lie where the sheet says. */
async function writeSheet(file) {
  const [, ...rows] = (await readFile(path.join(market, 'listings.csv'), 'utf8')).trim().split('\n');
  const urls = ['https://www.aliexpress.com/item/10050000000', 'https://www.etsy.com/listing/1230000'];
  const moved = rows.map((row, i) => row.replace(/^[^,]*/, `${urls[i % 2]}${10 + i}${i % 2 ? '' : '.html'}`)
    .replace(/photos\//g, `${market}/photos/`));
  await writeFile(file, ['url,title,seller,price,image', ...moved, ''].join('\n'));
}

const decisions = async (site) => (await site.sh('knockoff candidates log --json')).trim().split('\n').map((line) => JSON.parse(line).verb);

async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), use(page, name)]);
  return readFile(await file.path());
}

testSite('art in, listings in, scanned, decided, built, downloaded and filed', 'knockoff init', async (site) => {
  const page = await site.open('#/inbox');
  await page.evaluate(() => {
    globalThis.progress = [];
    new MutationObserver(() => {
      const bar = document.querySelector('.task:not([hidden]) progress');
      if (bar)
        progress.push(bar.value);
    }).observe(document.querySelector('.bar'), { childList: true, subtree: true, attributes: true });
  });

  // Art.
  await says(page, 'No works yet');
  await use(page, /^Add works$/);
  await page.locator('.view.works .drop').waitFor();
  await choose(page, ['Wolf Spirit.png', 'goldfish.png'].map((name) => path.join(market, 'works', name)), () => press(page, 'a'));
  await says(page, '2 works');
  for (const work of [/^Wolf Spirit/, /^goldfish/]) {
    await use(page, work);
    await type(page, /^First published on/, '2021-03-04');
    await type(page, /^First published at/, 'https://art.example/work');
    await use(page, /^Save$/);
    await says(page, 'Saved.');
    await press(page, 'g', 'w');
    await page.locator('.shelf li').nth(1).waitFor();
  }

  // Who asks.
  await press(page, 'g', 't');
  await page.locator('#profile').waitFor();
  await type(page, /^Full legal name/, 'Ann Artist');
  await type(page, /^You are/, 'the owner');
  await type(page, /^Mail address/, 'ann@art.example');
  await type(page, /^Telephone/, '+64 3 555 0000');
  await type(page, /^Postal address/, 'P.O. box 7, Nelson');
  await use(page, /^Save$/);
  await page.settled();
  assert.match(await site.sh('knockoff profile show'), /Ann Artist[^]*owner/);

  // Listings, and a scan.
  const sheet = path.join(site.folder, 'listings.csv');
  await writeSheet(sheet);
  await press(page, 'g', 'i');
  await says(page, 'No listings yet');
  await page.settled();
  await use(page, /^Add listings$/);
  await page.getByRole('dialog').waitFor();
  await page.settled();
  await choose(page, [sheet], () => use(page, /^Drop/, 'Space'));
  await page.getByRole('dialog').getByRole('button', { name: 'Scan now' }).waitFor();
  await use(page, /^Scan now$/);
  await page.waitForFunction(() => globalThis.progress.length > 0);
  // What it found first may come to rest on better evidence until it ends.
  const found = await page.locator('.toast').getByText(/^The scan found \d+ new candidates/).textContent();
  await page.locator('a[data-view=inbox] .badge').getByText(/\d+/.exec(found)[0], { exact: true }).waitFor();
  await press(page, 'g', 'w');
  await page.locator('.shelf li').nth(1).waitFor();
  await press(page, 'g', 'i');
  await page.locator('.inbox .row-text').first().waitFor();
  await page.settled();

  // Decisions.
  await press(page, 'a');
  await page.getByRole('dialog').waitFor();
  await press(page, 'Enter'); // what it states
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await press(page, 'r', 'u', 'l', 'z');
  await says(page, /^Undone/);
  assert.deepEqual(await decisions(site), ['accept', 'reject', 'unsure', 'licensed', 'undo']);
  const left = JSON.parse(await site.sh('knockoff candidates --json | jq -sc length'));
  assert.ok(left > 1, `${left} are left`);
  for (let i = 0; i < left; i++)
    await press(page, 'a');
  await says(page, 'Nothing is left to decide');
  await page.locator('a[data-view=inbox] .badge').waitFor({ state: 'hidden' }); // the server has it, too
  assert.equal(await site.sh('knockoff candidates --json'), '');

  // Notices.
  await press(page, 'g', 'n');
  await says(page, 'No notices yet');
  await press(page, 'b');
  await page.getByRole('dialog').waitFor();
  await use(page, /entitled|authori[sz]ed|perjury|accurate/i, 'Space');
  await use(page, /^Build \d/);
  await page.getByRole('status').getByRole('link').first().waitFor();
  await page.settled();
  await use(page, /^Notice 1/);
  await page.locator('#files').waitFor();
  await page.settled();
  assert.equal((await download(page, /^Save statement\.pdf/)).subarray(0, 5).toString(), '%PDF-');
  const folder = (await site.sh('ls -d knockoff.db-notices/0001-*')).trim();
  const urls = await readFile(path.join(site.folder, folder, 'urls.txt'), 'utf8');
  const accepted = await site.sh('knockoff notice show 1 --json | jq -r ".items[].url"');
  assert.ok(urls.trim() && urls === accepted, `${urls} / ${accepted}`);
  await page.locator('body').evaluate(() => document.activeElement.blur());
  await press(page, 't');
  await use(page, /^Save$/);
  await says(page, 'filed');
  await page.settled();
  assert.match(await site.sh('knockoff notice list'), /^ *1 +filed/m);
});
