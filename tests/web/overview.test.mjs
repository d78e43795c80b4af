// How it goes, listings in, and the scan from the page.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAccessible, testSite } from './harness.mjs';

const sheet = `cat >sheet.csv <<'END'
url,seller,price,sold count,work,date reported,notice no.,status,date removed
https://www.etsy.com/listing/1,Moon Pins,US $12.50,"1,200+",Wolf Spirit (night edition),2026-01-05,E-1,removed,2026-01-09
https://www.etsy.com/listing/2,Moon Pins,US $8,,Wolf Spirit (night edition),2026-01-05,E-1,removed,2026-01-12
https://www.temu.com/goods.html?goods_id=7,<b>Night</b> Owl,9 EUR,3,Wolf Spirit (night edition),2026-01-11,T-2,refused,
END
knockoff init && knockoff add "$FIXTURES/market/works/Wolf Spirit.png" && knockoff ingest sheet.csv`;

/* The tile of a name, as text. */
const tile = (page, name) => page.locator('.tile', { has: page.getByRole('heading', { name, exact: true }) });

for (const look of [{}, { dark: true }, { phone: true }])
  testSite(`the numbers are those of the report ${JSON.stringify(look)}`, sheet, async (site) => {
    const page = await site.open('#/overview', look);
    await tile(page, 'Found').getByText('3', { exact: true }).waitFor();
    await tile(page, 'Removed').getByText('2', { exact: true }).waitFor();
    await tile(page, 'Days to removal').getByText('5.5', { exact: true }).waitFor();
    const told = JSON.parse(await site.sh('knockoff report --weeks 260 --json'));
    await page.getByLabel('How many weeks are shown').selectOption('260');
    await page.locator('details summary').first().focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('figure').first().locator('tbody tr');
    await page.waitForFunction(() => document.querySelector('figure tbody').rows.length === 260);
    assert.deepEqual(await rows.locator('td').allTextContents(),
      told.weeks.flatMap((week) => [week.found, week.filed, week.removed].map(String)));
    await page.getByText('<b>Night</b> Owl').first().waitFor({ state: 'detached' }); // no repeat seller
    await checkAccessible(page);
  });

testSite('money is what the user states', sheet, async (site) => {
  const page = await site.open('#/overview');
  await page.getByText('$15,000').waitFor();
  await page.getByLabel('Any other listing counts as').fill('25');
  await page.getByLabel('Currency of that amount').fill('usd');
  await page.getByLabel('Add all up in this currency').fill('eur');
  await page.getByLabel('1 USD is worth so many EUR').fill('0.9');
  await page.keyboard.press('Enter');
  await page.getByText('€13,550').waitFor(); // .9 of 15,000 and 25, and 27
  const told = JSON.parse(await site.sh('knockoff report --json'));
  assert.equal(told.money.together.amount, 13549.5);
  assert.deepEqual(told.money.per_listing, { amount: 25, currency: 'USD' });
  await page.getByLabel('Currency of that amount').fill('nope');
  await page.keyboard.press('Enter');
  await page.getByText('an amount with its currency').waitFor();
  site.forgive(/answered 400/);
});

testSite('listings come in and are scanned by keyboard alone', `knockoff init && knockoff add "$FIXTURES/market/works"`, async (site) => {
  const page = await site.open('#/overview');
  const photos = join(process.env.FIXTURES ?? new URL('../../fixtures', import.meta.url).pathname, 'market/photos');
  await page.getByRole('button', { name: 'Add listings' }).focus();
  await page.keyboard.press('Enter');
  const address = page.getByLabel('Address of the listing');
  await address.fill('https://www.etsy.com/listing/123000004');
  await page.locator('dialog input[type=file]').setInputFiles(join(photos, 'wolf-enamel-pin.jpg'));
  await page.getByText('1 listing (1 new). 1 picture (1 new).').waitFor();
  await address.fill('');
  const lines = ['title,url,image', '<img src=x onerror=alert(1)>,https://www.etsy.com/listing/9,photos/gone.jpg'];
  await writeFile(join(site.folder, '<i>few.csv'), lines.join('\n'));
  await page.locator('dialog input[type=file]').setInputFiles(join(site.folder, '<i>few.csv'));
  await page.getByText('photos/gone.jpg: No such file or directory').waitFor();
  await page.getByLabel('Or paste addresses').fill('https://www.etsy.com/listing/5\nnot one');
  await page.getByRole('button', { name: 'Take these addresses' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Pasted addresses: line 2: not a whole URL: not one').waitFor();
  await checkAccessible(page);
  await page.locator('dialog').getByRole('button', { name: 'Scan now' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('The scan found 1 new candidate.').waitFor();
  await page.getByRole('button', { name: 'Look at them' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash === '#/inbox');
});
