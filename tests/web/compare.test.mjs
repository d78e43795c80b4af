// The card: the listing beside the work, the tools to look closer, and why.

import assert from 'node:assert/strict';

import { checkAccessible, testSite } from './harness.mjs';

/* The first card of the inbox, with all its pictures. */
async function openCard(site, look) {
  const page = await site.open('#/inbox', look);
  const card = page.locator('.compare');
  if (look?.phone)
    await page.locator('.list-row:not(.list-head)').first().tap();
  await card.waitFor();
  await drawn(page);
  return { page, card };
}

const drawn = (page) => page.waitForFunction(() => {
  const pictures = [...document.querySelectorAll('.compare figure img')];
  return pictures.length >= 3 && pictures.every((img) => img.complete && img.naturalWidth);
});

const pressed = (card, name) => card.getByRole('button', { name }).getAttribute('aria-pressed');
const transforms = (page) => page.evaluate(() => [...document.querySelectorAll('.compare .stage')].map((stage) => stage.style.transform));

testSite('a card shows listing, work and place, each in its shape', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site);
  assert.match(await card.innerText(), /% of your work/);
  assert.match(await card.innerText(), /one photo in a million/);
  assert.match(await card.locator('figure.listing img').getAttribute('alt'), /Photo of the listing/);
  assert.equal(await card.locator('polygon').count(), 2, 'the outline, light on dark');
  for (const side of ['listing', 'work', 'patch']) {
    const fit = await card.locator(`figure.${side} img`).first().evaluate((img) => getComputedStyle(img).objectFit);
    assert.equal(fit, 'contain');
  }
  await page.keyboard.press('v');
  assert.equal(await card.locator('polygon').count(), 0);
  await checkAccessible(page);
});

testSite('keys enlarge all pictures in step, and bring them back', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  const enlarged = await transforms(page);
  assert.equal(enlarged.length, 3);
  assert.ok(enlarged.every((transform) => transform.includes('scale(2.25)')), enlarged.join());
  assert.match(await card.locator('.zoom').innerText(), /225/);
  await page.settled();
  await page.keyboard.press('0');
  assert.deepEqual(await transforms(page), ['', '', '']);
});

testSite('a picture is moved by dragging, and the others follow', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site);
  const work = await card.locator('figure.work .frame').boundingBox();
  await page.mouse.dblclick(work.x + work.width / 2, work.y + work.height / 2);
  const before = await transforms(page);
  await page.mouse.move(work.x + work.width / 2, work.y + work.height / 2);
  await page.mouse.down();
  await page.mouse.move(work.x + work.width / 2 - 40, work.y + work.height / 2 - 40, { steps: 4 });
  await page.mouse.up();
  const after = await transforms(page);
  after.forEach((transform, i) => assert.notEqual(transform, before[i]));
  await page.mouse.wheel(0, 2000);
  await page.waitForFunction(() => document.querySelector('.compare .stage').style.transform === '');
});

testSite('blinking without motion changes by hand', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site); // pages of tests ask for reduced motion
  await page.keyboard.press('b');
  assert.equal(await card.locator('figure.patch .top img').count(), 1);
  assert.equal(await card.locator('figure.patch figcaption').innerText(), 'Your work');
  assert.equal(await pressed(card, 'Blink'), 'true');
  await page.keyboard.press('b');
  assert.equal(await card.locator('figure.patch .top img').count(), 0);
  assert.equal(await pressed(card, 'Blink'), 'false');
});

testSite('blinking stays below three flashes a second', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  // Each change is noted; two make a flash.
  await page.evaluate(() => {
    window.changes = [];
    new MutationObserver(() => window.changes.push(performance.now()))
      .observe(document.querySelector('.compare figure.patch .top'), { childList: true });
  });
  await page.keyboard.press('b');
  await page.waitForFunction(() => window.changes.length >= 7);
  const changes = await page.evaluate(() => window.changes);
  assert.ok(changes.at(-1) - changes[1] >= (changes.length - 2) / 2 * 333, 'no more than three flashes in a second');
  await page.keyboard.press('b');
  assert.equal(await card.locator('figure.patch .top img').count(), 0);
});

testSite('false colours tell how much agrees', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site);
  await page.keyboard.press('d');
  const canvas = card.locator('canvas:not([hidden])');
  await canvas.waitFor();
  const share = Number(/(\d+) %/.exec(await canvas.getAttribute('aria-label'))[1]);
  assert.ok(share > 80, `${share} % agree`);
  await card.locator('.legend').getByText('darker in your work').waitFor();
  await checkAccessible(page);
  await page.keyboard.press('d');
  await canvas.waitFor({ state: 'detached' });
});

testSite('lines join what agrees, inside the pictures', 'scanned_wolf', async (site) => {
  const { page, card } = await openCard(site);
  await page.keyboard.press('m');
  await card.locator('svg.lines line').first().waitFor({ state: 'attached' });
  const outside = await page.evaluate(() => {
    const box = (side) => document.querySelector(`.compare figure.${side} .frame`).getBoundingClientRect();
    const holds = (frame, { x, y }) => x >= frame.left - 1 && x <= frame.right + 1 && y >= frame.top - 1 && y <= frame.bottom + 1;
    return [...document.querySelectorAll('.compare svg.lines circle')].filter((circle) => {
      const { left, top, width, height } = circle.getBoundingClientRect();
      const at = { x: left + width / 2, y: top + height / 2 };
      return !holds(box('work'), at) && !holds(box('listing'), at);
    }).length;
  });
  assert.equal(outside, 0);
  await page.keyboard.press('m');
  assert.equal(await card.locator('svg.lines line').count(), 0);
});

testSite('why is told by Enter, with where else the photo was seen', `
  ln -s "$FIXTURES/market" market
  cp market/photos/wolf-enamel-pin.jpg again.jpg
  printf '%s\\n' url,image,seller,title 'https://www.etsy.com/listing/1,market/photos/wolf-enamel-pin.jpg,Moon,<b>Pin</b>' \\
    'https://www.etsy.com/listing/2,again.jpg,Star,Same' 'https://www.etsy.com/listing/3,market/photos/wolf-patch-iron-on.jpg,Sun,Turned' >listings.csv
  knockoff init >/dev/null
  knockoff add 'market/works/Wolf Spirit.png' >/dev/null
  knockoff ingest listings.csv >/dev/null
  knockoff scan >/dev/null`, async (site) => {
  const { page } = await openCard(site);
  await page.keyboard.press('Enter');
  const why = page.getByRole('dialog');
  await why.locator('svg.lines line').first().waitFor({ state: 'attached' });
  await why.locator('.sightings li').nth(1).waitFor();
  await page.settled();
  const told = await why.innerText();
  assert.match(told, /points of your work and of the photo agree/);
  assert.match(told, /looks like it/);
  assert.match(told, /mirrored/);
  assert.equal(await why.locator('b').count(), 0, 'what a seller writes is text');
  await checkAccessible(page);
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'detached' });
});

testSite('a file that is gone is said in its place', 'copy_market; scanned_wolf_copy() { knockoff init >/dev/null; knockoff add "market/works/Wolf Spirit.png" >/dev/null; knockoff ingest market/photos/wolf-enamel-pin.jpg >/dev/null; knockoff scan >/dev/null; rm market/photos/wolf-enamel-pin.jpg; }; scanned_wolf_copy', async (site) => {
  const page = await site.open('#/inbox');
  const missing = page.locator('.compare figure.listing .missing');
  await missing.getByText('No such file').waitFor();
  assert.equal(await page.locator('.compare figure.work .missing').isVisible(), false);
  await page.settled();
  site.forgive(/answered 404/);
});

testSite('a card fits a phone, in the dark', 'scanned_wolf', async (site) => {
  const { page } = await openCard(site, { phone: true, dark: true });
  await page.keyboard.press('m');
  await page.keyboard.press('d');
  await page.locator('.compare canvas:not([hidden])').waitFor();
  await page.settled();
  await checkAccessible(page);
});
