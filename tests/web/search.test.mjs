import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { checkAccessible, fixtures, testSite } from './harness.mjs';

const photo = (name) => path.join(fixtures, 'market/photos', name);

const resultOf = (page, name) => page.locator('.search-result', { has: page.getByRole('heading', { level: 2, name }) });

/* Hands the view a file as a browser does that was dropped or pasted. */
async function hand(page, type, name) {
  const bytes = (await readFile(photo(name))).toString('base64');
  await page.evaluate(([kind, file, base64]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], file, { type: 'image/jpeg' }));
    const event = kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector('h1').dispatchEvent(event);
  }, [type, name, bytes]);
}

testSite('pictures that are chosen are looked at one after the other', 'scanned_market', async (site) => {
  const page = await site.open('#/search');
  await page.setInputFiles('.drop input', [photo('wolf-patch-iron-on.jpg'), photo('size-chart.png'), photo('pastel-backdrop.jpg')]);
  const wolf = resultOf(page, 'wolf-patch-iron-on.jpg');
  await resultOf(page, 'pastel-backdrop.jpg').waitFor();
  await page.settled();

  assert.equal(await wolf.getByRole('link', { name: 'Wolf Spirit (night edition)', exact: true }).getAttribute('href'), '#/works/7');
  assert.equal(await wolf.locator('polygon.light').count(), 1);
  assert.deepEqual(await wolf.getByRole('heading', { level: 4 }).allTextContents(),
    ['Tee-Rex Prints · bazaar.example', 'PinPalace88 · shop.example']);
  assert.equal(await wolf.getByRole('link', { name: 'Iron-on Patch Wolf' }).getAttribute('href'), 'https://bazaar.example/listing/58204');

  const chart = resultOf(page, 'size-chart.png');
  await chart.getByText('Shows none of your works. Seen before in 2 listings.').waitFor();
  assert.equal(await chart.locator('polygon').count(), 0);
  await resultOf(page, 'pastel-backdrop.jpg').getByText('too plain to be told from other pictures').waitFor();
  assert.match(await page.locator('.view [role=status].away').textContent(), /^pastel-backdrop\.jpg: Shows none/);
  await checkAccessible(page);

  await wolf.getByRole('link', { name: /not decided/ }).first().click();
  await page.waitForFunction(() => location.hash.includes('/candidate/'));
});

testSite('a picture may be pasted, and dropped anywhere', 'scanned_wolf', async (site) => {
  const page = await site.open('#/search', { dark: true });
  await hand(page, 'paste', 'wolf-enamel-pin.jpg');
  await resultOf(page, 'wolf-enamel-pin.jpg').getByText('Shows 1 of your works. Seen before in 1 listing.').waitFor();
  await hand(page, 'drop', 'size-chart.png');
  await resultOf(page, 'size-chart.png').getByText('Shows none of your works and was not seen before.').waitFor();
  await checkAccessible(page);
  await page.go('#/works');
  await hand(page, 'paste', 'wolf-enamel-pin.jpg'); // another view's
  await page.go('#/search');
  assert.equal(await page.locator('.search-result').count(), 0);
});

testSite('an address is asked from the keyboard, and none of this machine', 'scanned_wolf', async (site) => {
  const page = await site.open('#/search', { phone: true });
  await page.keyboard.press('u');
  await page.keyboard.type('http://127.0.0.1/wolf.png');
  await page.keyboard.press('Enter');
  await page.getByText('http://127.0.0.1/wolf.png is a loopback address').waitFor();
  site.forgive(/answered 4\d\d: .*search\/url/);
  await page.keyboard.type('ftp://art.example/');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.validationMessage), 'An address begins with http:// or https://');
  await checkAccessible(page);
});

testSite('a picture that is none is told, and the next is looked at', 'scanned_wolf', async (site) => {
  const page = await site.open('#/search');
  await page.setInputFiles('.drop input', [path.join(fixtures, 'market/listings.csv'), photo('wolf-enamel-pin.jpg')]);
  await resultOf(page, 'wolf-enamel-pin.jpg').waitFor();
  await page.getByText('listings.csv: not a picture').waitFor();
  site.forgive(/answered 4\d\d: .*api\/search/);
});

testSite('a page is looked at picture by picture, until that is stopped', 'scanned_wolf', async (site) => {
  const page = await site.open('#/search');
  const told = await site.ask('/api/search?name=one', { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' },
    body: await readFile(photo('wolf-enamel-pin.jpg')) });
  const found = await told.json();
  const asked = [];
  await page.route('**/api/search/url', async (route) => {
    const { url } = route.request().postDataJSON();
    asked.push(url);
    if (url.endsWith('/item'))
      await route.fulfill({ json: { page: url, pictures: [1, 2, 3].map((n) => `https://shop.example/${n}.jpg`), left_out: 4 } });
    else if (!url.endsWith('/2.jpg')) // which is never answered
      await route.fulfill({ json: { ...found, image: url } });
  });
  await page.locator('.search-address input').fill('https://shop.example/item');
  await page.keyboard.press('Enter');
  await resultOf(page, 'https://shop.example/1.jpg').waitFor();
  await page.getByText('https://shop.example/item shows 4 pictures more than are looked at.').waitFor();
  await page.getByText('Looking at picture 2 of 3').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('.search-progress').waitFor({ state: 'hidden' });
  assert.deepEqual(asked, ['item', '1.jpg', '2.jpg'].map((name) => `https://shop.example/${name}`));
  assert.equal(await page.locator('.search-result').count(), 1);
});

testSite('all sightings of a work are told, and drawn by week', 'scanned_market', async (site) => {
  const page = await site.open('#/works/7');
  const seen = page.locator('.sightings-of');
  await seen.getByText('4 listings show this work (not decided: 4).').waitFor();
  assert.equal(await seen.locator('.timeline rect').count(), 1);
  await seen.getByText('As a table').click();
  assert.deepEqual(await seen.locator('tbody td').allTextContents(), ['4']);
  assert.deepEqual((await seen.locator('.search-list a[target]').allTextContents()).sort(),
    ['Cute Wolf Moon Enamel Pin 2pcs', 'Iron-on Patch Wolf', 'Wolf Decal Transparent Cutout for Mugs', 'Wolf Moon T-Shirt Black Cotton']);
  await checkAccessible(page);
});
