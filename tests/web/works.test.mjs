// Works, the line from which on candidates are shown, and the settings.

import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

import { checkAccessible, fixtures, testSite } from './harness.mjs';

const work = (name) => path.join(fixtures, 'market/works', name);
const looks = [{}, { dark: true }, { phone: true }];

/* What the command says of a work. */
const told = async (site, id) => JSON.parse(await site.sh(`knockoff works show ${id} --json`));

const titles = (page) => page.locator('.shelf .title').allTextContents();

testSite('files become works, one after the other, and each is told of', 'knockoff init', async (site) => {
  const page = await site.open('#/works');
  await page.getByText('No works yet').waitFor();
  const file = async (name, from) => ({ name, mimeType: 'image/png', buffer: from ? await readFile(work(from)) : Buffer.from('no picture') });
  await page.locator('.drop input').setInputFiles([
    await file('<img src=x onerror=alert(1)>.png', 'goldfish.png'), await file('..\\again.png', 'goldfish.png'),
    await file('notes.png'), await file('owl.png', 'barn owl v2.png'),
  ]);
  const said = page.locator('.originals [role=status]');
  await said.getByText('2 pictures were added. 1 was here already. 1 could not be taken.').waitFor();
  const rows = await page.locator('.incoming li').allTextContents();
  assert.match(rows[1], /^notes\.png notes\.png: not a picture/);
  assert.match(rows[3], /^<img src=x onerror=alert\(1\)>\.png added as KO-000001/);
  await page.locator('.shelf li').nth(1).waitFor();
  await page.settled();
  assert.deepEqual((await titles(page)).length, 2);
  site.forgive(/answered 4\d\d: .*notes\.png/);

  const kept = await readdir(path.join(site.folder, 'knockoff.db-works'));
  assert.equal(kept.length, 2, 'what is no picture does not stay');
  for (const name of kept) {
    assert.match(name, /^[0-9a-f]{16}-/);
    assert.equal((await stat(path.join(site.folder, 'knockoff.db-works', name))).mode & 0o777, 0o600);
  }
});

testSite('a new work is looked for in all listings that were ever seen', `
  ln -s "$FIXTURES/market" market
  knockoff init >/dev/null
  knockoff ingest market/listings.csv >/dev/null
  knockoff scan >/dev/null 2>&1 || [ $? -eq 1 ]`, async (site) => {
  const page = await site.open('#/works');
  await page.locator('.drop input').setInputFiles(['Wolf Spirit.png', 'goldfish.png'].map(work));
  await page.getByText('All listings that were ever seen are searched for them now.').waitFor();
  const found = page.locator('.toast').getByText(/^The scan found \d+ new candidates/);
  await found.waitFor();
  assert.equal(await site.sh('knockoff candidates --json | jq -s length'), `${/\d+/.exec(await found.textContent())[0]}\n`);
});

testSite('what is dropped anywhere on the view is taken', 'knockoff init', async (site) => {
  const page = await site.open('#/works');
  const bytes = [...await readFile(work('goldfish.png'))];
  await page.evaluate((all) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(all)], 'fish.png'));
    document.querySelector('.bar').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, bytes);
  await page.getByText('added as KO-000001').waitFor();
  await page.locator('.shelf li').waitFor();
});

testSite('the gallery is searched and put in order', 'scanned_market', async (site) => {
  const page = await site.open('#/works');
  const all = await titles(page);
  assert.equal(all.length, 12);
  await page.keyboard.press('f');
  await page.keyboard.type('wolf');
  await page.getByText('1 of 12 works').waitFor();
  assert.equal((await titles(page)).length, 1);
  await page.getByRole('searchbox').fill('');
  await page.getByText('12 works', { exact: true }).waitFor();
  await page.getByRole('combobox').selectOption('title');
  const ordered = await titles(page);
  assert.deepEqual(ordered, [...all].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
  await page.getByRole('combobox').selectOption('weakest');
  assert.equal((await titles(page))[0], 'pale moon');
});

testSite('a work is filled in, and a mistake is told where it is', 'scanned_wolf', async (site) => {
  const page = await site.open('#/works/1');
  const asked = page.locator('.asked');
  await asked.getByText('the day of first publication').waitFor();
  await asked.getByRole('button', { name: 'the day of first publication' }).focus();
  await page.keyboard.press('Enter');
  const published = page.getByLabel('First published on');
  assert.ok(await published.evaluate((input) => input === document.activeElement));
  await page.keyboard.type('soon');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('First published on: not a date: soon').waitFor();
  assert.equal(await published.getAttribute('aria-invalid'), 'true');
  assert.ok(await published.evaluate((input) => input === document.activeElement));
  site.forgive(/answered 4\d\d: .*\/api\/works\/1$/);
  await published.fill('4.3.2021');
  await page.getByLabel('First published in').selectOption({ label: 'Germany' });
  await page.getByLabel('Title').press('Enter');
  await page.getByText('Saved.').waitFor();
  await asked.getByText('the day of first publication').waitFor({ state: 'detached' });
  const now = await told(site, 1);
  assert.deepEqual([now.published_on, now.published_in], ['2021-03-04', 'DE']);
  assert.equal(await published.inputValue(), '2021-03-04');
  await published.fill('');
  await page.keyboard.press('Enter');
  await asked.getByText('the day of first publication').waitFor();
  assert.equal((await told(site, 1)).published_on, '', 'what was said is taken back');
});

testSite('the line shows what it would change before it does', async ({ sh }) => {
  await sh('scanned_market; knockoff works set 9 --threshold 17');
}, async (site) => {
  const page = await site.open('#/works/9');
  const counts = page.locator('.threshold [role=status]');
  const { now, above, below } = await (await site.ask('/api/works/9/threshold?score=17')).json();
  assert.ok(now >= 1 && below.length >= 1 && above.every((one) => one.score >= 17) && below.every((one) => one.score < 17));
  const slider = page.getByRole('slider');
  await slider.focus();
  await page.keyboard.press('Home');
  await counts.getByText(`${now + below.length} undecided candidates would be shown, instead of ${now}.`).waitFor();
  assert.equal(await page.locator('.threshold').getByText('Comes in').count(), below.length);
  assert.match(await slider.getAttribute('aria-valuetext'), /one false alarm in 100 photos/i);
  assert.equal((await told(site, 9)).threshold, 17, 'looking changes nothing');
  await page.locator('.threshold').getByRole('button', { name: 'Save' }).press('Enter');
  await page.getByText('This work has a line of its own.').waitFor();
  await page.settled();
  assert.equal((await told(site, 9)).threshold, 2);
  await page.getByRole('button', { name: 'Back to the line of all works' }).press('Enter');
  await page.getByText('This work goes by the line of all works.').waitFor();
  assert.equal((await told(site, 9)).own_threshold, false);
});

testSite('a work goes only when that is confirmed', 'scanned_market', async (site) => {
  const page = await site.open('#/works/9');
  const remove = page.getByRole('button', { name: 'Remove this work' });
  await remove.press('Enter');
  await page.getByRole('dialog').getByText('Picture files stay where they are.').waitFor();
  await checkAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await told(site, 9)).id, 9);
  await remove.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove this work' }).press('Enter');
  await page.waitForSelector('.works .shelf li');
  await page.settled();
  assert.equal((await titles(page)).length, 11);
});

testSite('who the user is', 'scanned_wolf', async (site) => {
  const page = await site.open('#/settings');
  await page.getByLabel('Full legal name').fill('Ann Artist');
  await page.getByLabel('Telephone', { exact: true }).fill('12');
  await page.getByLabel('Telephone', { exact: true }).press('Enter');
  await page.getByRole('alert').getByText('at least five digits').waitFor();
  assert.equal(await page.getByLabel('Telephone', { exact: true }).getAttribute('aria-invalid'), 'true');
  site.forgive(/answered 4\d\d: .*profile/);
  assert.equal(JSON.parse(await site.sh('knockoff profile --json')).legal_name, '', 'all or nothing');
  await page.getByLabel('Telephone', { exact: true }).fill('+64 3 555 0000');
  await page.getByLabel('Country').selectOption({ label: 'New Zealand' });
  await page.getByLabel('Full legal name').press('Enter');
  await page.getByText('Saved.').waitFor();
  const profile = JSON.parse(await site.sh('knockoff profile --json'));
  assert.deepEqual([profile.legal_name, profile.public_phone, profile.country], ['Ann Artist', '+64 3 555 0000', 'NZ']);
});

testSite('sellers are allowed, and that is taken back', 'scanned_market; knockoff candidates reject --always 3', async (site) => {
  const page = await site.open('#/settings');
  const rows = page.locator('.rows li');
  await page.getByLabel('Marketplace or shop').fill('etsy');
  await page.getByLabel('Seller there').fill('<b>Pin</b>');
  await page.getByLabel('Seller there').press('Enter');
  await rows.getByText('<b>Pin</b> on etsy').waitFor();
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await page.getByText('Nobody so far.').waitFor();
  await page.getByRole('button', { name: 'Let it count again' }).press('Enter');
  await page.getByText('None so far.').waitFor();
  assert.equal(await site.sh('knockoff negative --json; knockoff allow --json'), '');
});

for (const hash of ['#/works', '#/works/9', '#/settings'])
  testSite(`${hash} can be used by everybody, wherever`, 'scanned_market; knockoff candidates reject --always 3; knockoff allow add shop.example', async (site) => {
    for (const look of looks)
      await checkAccessible(await site.open(hash, look));
  });
