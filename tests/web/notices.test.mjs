// The board of notices, the page of one, building, and the ledger of sellers.

import assert from 'node:assert/strict';
import { checkAccessible, testSite } from './harness.mjs';

const looks = [{}, { dark: true, phone: true }];

testSite('every page of it is accessible and fits a phone', `
  built_notices
  knockoff notice filed 1 --ref A-1 >/dev/null
  item=https://www.aliexpress.com/item/1005000000001.html
  knockoff notice update 1 countered --url $item --no-evidence >/dev/null`, async (site) => {
  for (const look of looks)
    for (const hash of ['#/notices', '#/notices/1', '#/notices/2', '#/sellers', '#/sellers/aliexpress/Pins%201'])
      await checkAccessible(await site.open(hash, look));
});

testSite('the board tells where each notice stands, and what is due', `
  built_notices
  knockoff notice filed 1 --ref A-1 >/dev/null`, async (site) => {
  const page = await site.open('#/notices');
  const column = (name) => page.getByRole('region', { name }).getByRole('link').allTextContents();
  assert.deepEqual(await column('To file'), ['Notice 2: Wolf Spirit']);
  assert.deepEqual(await column('Filed, waiting'), ['Notice 1: Wolf Spirit']);
  assert.match(await page.getByRole('region', { name: 'What is due' }).innerText(), /In 4 days look whether the listing is gone/);
  // What is told elsewhere shows.
  await site.sh('knockoff notice update 1 removed >/dev/null');
  await page.locator('#column-done + ul a').waitFor();
  assert.deepEqual(await column('Done'), ['Notice 1: Wolf Spirit']);
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Notice 2: Wolf Spirit');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Notice 2: Wolf Spirit' }).waitFor();
});

testSite('notices are built, filed, countered and answered by keyboard', `
  built_notices
  knockoff notice update 1-2 withdrawn >/dev/null 2>&1
  echo 'url,image,seller,title
https://www.aliexpress.com/item/1005000000005.html,market/photos/wolf-enamel-pin.jpg,Star,Wolf 5
https://s.click.aliexpress.com/e/_abc,market/photos/wolf-enamel-pin.jpg,Star,Wolf 6' >more.csv
  knockoff ingest more.csv >/dev/null
  knockoff scan >/dev/null
  knockoff candidates accept --all-shown --confirm-good-faith >/dev/null`, async (site) => {
  const page = await site.open('#/notices');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Build notices' });
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /1 notice would be built, about 1 listing\./);
  assert.match(await dialog.innerText(), /is a short link: open it and take the URL it leads to: candidate 6/);
  await checkAccessible(page);
  // Nothing is built without the statement.
  await dialog.getByRole('button', { name: 'Build 1 notice' }).press('Enter');
  assert.ok(await dialog.isVisible());
  await dialog.getByRole('checkbox').press(' ');
  await dialog.getByRole('button', { name: 'Build 1 notice' }).press('Enter');
  const built = page.getByRole('status').getByRole('link', { name: 'Notice 3: Wolf Spirit' });
  await built.press('Enter');

  await page.getByRole('heading', { level: 1, name: 'Notice 3: Wolf Spirit' }).waitFor();
  await page.settled();
  await page.keyboard.press('c');
  await page.locator('.toast', { hasText: 'Copied.' }).waitFor();
  const wanted = await site.sh('cat knockoff.db-notices/0003-*/urls.txt');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), wanted.trim());
  assert.equal(await page.getByLabel('Text of letter.txt').inputValue(),
    (await site.sh('cat knockoff.db-notices/0003-*/letter.txt')).replace(/\n$/, ''));
  const [download] = await Promise.all([page.waitForEvent('download'),
    page.getByRole('region', { name: 'Files' }).getByRole('button', { name: /Save statement\.pdf/ }).press('Enter')]);
  assert.equal(download.suggestedFilename(), '3-statement.pdf');
  await download.saveAs(`${site.folder}/saved.pdf`);
  await site.sh('cmp saved.pdf knockoff.db-notices/0003-*/statement.pdf');
  // A step that is done stays ticked.
  await page.getByRole('checkbox', { name: /^The listings: paste all of urls\.txt/ }).press(' ');
  await page.reload();
  await page.settled();
  assert.ok(await page.getByRole('checkbox', { name: /^The listings: paste all of urls\.txt/ }).isChecked());

  const tell = async (state, number) => {
    await page.keyboard.press('t');
    await page.getByLabel('What happened').selectOption({ label: state });
    if (number)
      await page.getByLabel("The platform's number").fill(number);
    await page.getByLabel('Anything to remember').press('Enter');
    await page.settled();
  };
  await tell('I filed it', 'T-9');
  assert.match(await site.sh('knockoff notice list'), /3 {2}filed +alibaba-ipp +KO-000001 +\S+ +T-9/);
  await page.getByRole('checkbox', { name: /^Choose / }).press(' ');
  await tell('The seller sent a counter-notice');
  const answer = page.getByRole('region', { name: 'The counter-notice' });
  await answer.waitFor();
  assert.match(await answer.innerText(), /In \d days \(.*\) You: answer the counter-notice/);
  assert.match(await answer.getByLabel('Text of ANSWER.txt').inputValue(), /Wolf 5/);
  await page.getByRole('button', { name: 'Take back the last' }).press('Enter');
  await page.waitForFunction(() => document.querySelector('.head .tag').textContent === 'filed');
  assert.match(await site.sh('knockoff notice list'), /3 {2}filed +alibaba-ipp/);
});

testSite('what is refused is said, and nothing is lost', 'built_notices', async (site) => {
  const page = await site.open('#/notices/1');
  await page.keyboard.press('t');
  await page.getByLabel('When', { exact: true }).evaluate((field) => { field.max = ''; field.value = '2020-01-01'; });
  await page.getByLabel('Anything to remember').fill('by mail');
  await page.getByLabel('Anything to remember').press('Enter');
  const said = page.locator('.toast.error');
  await said.waitFor();
  assert.match(await said.innerText(), /cannot be filed on 2020-01-01/);
  assert.equal(await page.getByLabel('Anything to remember').inputValue(), 'by mail');
  site.forgive(/answered 400/);
});

testSite('sellers are found, sorted and shown', `
  built_notices
  knockoff notice filed 1 >/dev/null
  knockoff notice update 1 removed --url https://www.aliexpress.com/item/1005000000002.html >/dev/null`, async (site) => {
  const page = await site.open('#/sellers');
  const names = () => page.locator('tbody th a').allTextContents();
  assert.deepEqual(await names(), ['Pins 2', 'Pins 1', 'Pins 3', 'Moon']);
  await page.getByRole('button', { name: 'Seller' }).press('Enter');
  await page.waitForFunction(() => document.querySelector('tbody th a').textContent === 'Moon');
  assert.equal(await page.getByRole('columnheader', { name: 'Seller' }).getAttribute('aria-sort'), 'ascending');
  await page.keyboard.press('f');
  await page.keyboard.type('pins 2');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.locator('tbody th a').press('Enter');
  await page.getByRole('heading', { name: 'Pins 2 on aliexpress' }).waitFor();
  await page.settled();
  const notes = (await page.locator('.note').allInnerTexts()).join('\n');
  assert.match(notes, /Risk: 10 of 100\s+10 for 1 confirmed copy, first seen on/);
  assert.match(notes, /Estimate: 6 of 48 points/);
  assert.match(await page.locator('.offers').innerText(), /notice 1 *removed/);
});
