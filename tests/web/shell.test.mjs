// The shell of the page: its bar, its keys, and what holds in every view.

import assert from 'node:assert/strict';

import { checkAccessible, testSite } from './harness.mjs';

const views = { i: 'inbox', s: 'search', w: 'works', n: 'notices', l: 'sellers', o: 'overview', t: 'settings' };
const hash = (page) => page.evaluate(() => location.hash);

testSite('every view is two keys away', 'scanned_wolf', async (site) => {
  const page = await site.open('#/inbox');
  for (const [letter, view] of Object.entries(views)) {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await page.waitForSelector(`#main > .view.${view}`);
    await page.settled();
    assert.equal(await page.locator('nav a[aria-current]').getAttribute('data-view'), view);
    assert.match(await page.title(), /Knockoff$/);
  }
});

testSite('keys are told, and single letters can be switched off', 'scanned_wolf', async (site) => {
  const page = await site.open('#/overview');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog');
  await help.waitFor();
  await checkAccessible(page);
  await help.getByRole('checkbox').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await page.keyboard.press('?');
  await page.settled();
  assert.equal(await hash(page), '#/overview');
  assert.equal(await help.count(), 0);
});

testSite('the keyboard comes past the bar', 'scanned_wolf', async (site) => {
  const page = await site.open('#/works');
  await page.reload(); // as whoever goes on to a view is past the bar already
  await page.settled();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  assert.equal(await hash(page), '#/works');
});
