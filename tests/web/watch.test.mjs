// What is done while nobody looks: the watch, what it holds back, rules, sources, and news.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { checkAccessible, testSite } from './harness.mjs';

/* One photo that 301 listings show on its first day, and two cheap listings of another work. */
const flooded = `
  ln -s "$FIXTURES/market" market
  { echo url,image,seller,title,price,currency
    seq 301 | sed 's|.*|https://flood.example/&,market/photos/goldfish-pin.jpg,Flood,Fish &,9,USD|'
    seq 2 | sed 's|.*|https://shop.example/&,market/photos/owl-tee-rose.jpg,Owls,Owl &,0.30,USD|'; } >listings.csv
  knockoff init >/dev/null
  knockoff add market/works/goldfish.png "market/works/barn owl v2.png" >/dev/null
  knockoff ingest listings.csv >/dev/null
  knockoff scan >/dev/null
  knockoff source add https://shop.example/ --every 6h >/dev/null
  knockoff notify set atom=feed.xml quiet=22:00-07:30 webhook=https://hooks.example/SECRET >/dev/null`;

const part = (page, name) => page.getByRole('region', { name });
const press = (button) => button.press('Enter');

/* The page has heard that so many are open. */
const hears = (page, open) => page.locator('a[data-view=inbox] .badge').getByText(open, { exact: true }).waitFor({ state: 'attached' });

async function counts(site) {
  const { candidates } = await (await site.ask('/api/inbox')).json();
  return Object.fromEntries(Object.entries(candidates).filter(([, n]) => n));
}

testSite('the watch, and what it keeps from the inbox', flooded, async (site) => {
  const page = await site.open('#/watch');
  await page.getByText('Nothing watches now.').waitFor();
  await page.getByText('knockoff schedule install').waitFor();
  assert.match(await part(page, 'What runs').innerText(), /2 candidates to decide about, 301 candidates held back/);

  // A source rests, and the focus stays where it was.
  await press(page.getByRole('button', { name: 'Pause shop.example' }));
  const resume = page.getByRole('button', { name: 'Resume shop.example' });
  await resume.waitFor();
  await part(page, 'Sources').getByText('paused').waitFor();
  assert.ok(await resume.evaluate((button) => button === document.activeElement));
  assert.match(await site.sh('knockoff source list'), /every 6h, paused/);

  // News are tried. What may be a secret is not shown.
  const news = await part(page, 'News').innerText();
  assert.match(news, /Webhook hooks\.example/);
  assert.doesNotMatch(news, /SECRET/);
  assert.match(news, /Quiet from 22:00-07:30\./);
  await press(page.getByRole('button', { name: 'Send a test: Feed' }));
  await page.getByText('Feed: the test was sent.').waitFor();
  assert.match(await readFile(path.join(site.folder, 'feed.xml'), 'utf8'), /^<\?xml[^]*<feed/);

  // A rule shows what it would do before it does, and is taken back for one candidate, then as a whole.
  await press(page.getByText('Add a rule'));
  await page.getByLabel('Price below').fill('0.50');
  await page.locator('.watch form .error').waitFor();
  site.forgive(/answered 400: .*\/api\/rules/);
  await page.getByLabel('Price below').fill('0.50 USD');
  await page.getByText('It would set 2 candidates aside now.').waitFor();
  await checkAccessible(page);
  assert.deepEqual(await counts(site), { open: 2, held: 301 });
  await page.getByLabel('Price below').press('Enter');
  await page.getByText('Added. It set 2 candidates aside.').waitFor();
  await part(page, 'Rules').getByText('price below 0.50 USD').waitFor();
  await hears(page, '0');
  await page.go('#/inbox/state/ruled/title/Owl');
  await page.locator('.story').getByText(/price .*0\.30.* is below/).waitFor();
  await press(page.getByRole('button', { name: 'Put it back' }));
  await page.getByText('It is back in the inbox, and this rule leaves it alone from now on.').waitFor();
  await hears(page, '1');
  assert.deepEqual(await counts(site), { open: 1, ruled: 1, held: 301 });

  // What is held back is told above the list, and let in.
  await page.getByText('301 that show one picture are held back: far more than expected.').waitFor();
  await press(page.getByRole('link', { name: 'Decide about it' }));
  await page.locator('.view.watch .rows').first().waitFor();
  await press(page.getByRole('button', { name: 'Keep away: this picture' }));
  await page.getByRole('dialog').getByText('The picture never counts any more').waitFor();
  await page.keyboard.press('Escape');
  await press(page.getByRole('button', { name: 'Remove the rule: price below 0.50 USD' }));
  await press(page.getByRole('dialog').getByRole('button', { name: 'Remove' }));
  await page.getByText('Removed. 1 candidate is back in the inbox.').waitFor();
  await press(page.getByRole('button', { name: 'Let in: this picture' }));
  await page.getByText('301 candidates are back in the inbox.').waitFor();
  await part(page, 'Held back').getByText('Nothing is held back.').waitFor();
  await hears(page, '303');
});
