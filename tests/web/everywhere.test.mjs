// What holds in every view: axe finds nothing, nothing is wider than the screen, and the keyboard reaches all
// there is without losing its place.

import assert from 'node:assert/strict';

import { checkAccessible, testSite } from './harness.mjs';
import { fill, views } from './views.mjs';

const looks = { light: {}, dark: { dark: true }, phone: { phone: true } };

async function checkViews(site, look) {
  const page = await site.open('#/overview', look);
  const found = [];
  for (const { name, hash, open } of views) {
    await page.go(hash);
    await open?.(page);
    await page.settled();
    await checkAccessible(page).catch((error) => found.push(`--- ${name}: ${error.message}`));
    if (open)
      await page.keyboard.press('Escape');
  }
  assert.equal(found.join('\n'), '');
}

/* Where the focus is: a name for it, and what is wrong there. */
const focus = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const name = `${at.tagName.toLowerCase()}.${at.className} ${(at.getAttribute('aria-label') ?? at.innerText ?? '').slice(0, 40)}`;
  if (at === document.body || at.id === 'main')
    return { end: true };
  const shown = at.closest('label')?.getBoundingClientRect() ?? box; // fields of files stand in their labels
  const x = Math.min(Math.max(shown.left + shown.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(shown.top + Math.min(shown.height / 2, 20), 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const wrong = [];
  if (shown.bottom <= 0 || shown.top >= innerHeight || shown.right <= 0 || shown.left >= innerWidth)
    wrong.push('out of sight');
  else if (top && !at.contains(top) && !top.contains(at) && !at.closest('label')?.contains(top))
    wrong.push(`hidden behind ${top.tagName.toLowerCase()}.${top.className}`);
  // What is inside a field of a date has marks of the browser's own.
  const marked = at.matches('[type="date"]') || [at, at.closest('label')].some((one) => one && getComputedStyle(one).outlineStyle !== 'none');
  if (!marked)
    wrong.push('not marked');
  if (at.matches('a, button, input, select, summary') && Math.min(shown.width, shown.height) < 24 && style.display !== 'inline')
    wrong.push(`${shown.width | 0} x ${shown.height | 0} px`);
  return { name, wrong };
});

/* Through one view from the first thing of the page to the last. */
async function walk(page, { name, hash }) {
  const wrong = new Set();
  await page.go(hash);
  await page.locator('.skip').focus();
  let steps = 0;
  for (let at = {}; !at.end && steps < 200; steps++) {
    await page.keyboard.press('Tab');
    at = await focus(page);
    for (const what of at.wrong ?? [])
      wrong.add(`${name}: ${at.name}: ${what}`);
  }
  assert.ok(steps > 8, `${name}: Tab goes through the bar`);
  return [...wrong];
}

testSite('every view', fill, async (site, t) => {
  for (const [name, look] of Object.entries(looks))
    await t.test(`axe finds nothing (${name})`, () => checkViews(site, look));
  await t.test('the focus is always seen', async () => {
    const page = await site.open('#/overview');
    const wrong = [];
    for (const view of views.filter(({ open }) => !open))
      wrong.push(...await walk(page, view));
    assert.deepEqual(wrong, []);
  });
});
