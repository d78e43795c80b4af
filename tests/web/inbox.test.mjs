// The inbox: the list, the keys, and what is decided.

import assert from 'node:assert/strict';

import { checkAccessible, testSite } from './harness.mjs';

const named = 'scanned_market; knockoff profile set signature="Ann Artist" >/dev/null';

/* One seller with many listings of one work; more than 300 are held back at first. */
const many = (n) => `
  ln -s "$FIXTURES/market" market
  { echo url,image,seller,title
    seq ${n} | sed 's|.*|https://shop.example/&,market/photos/wolf-enamel-pin.jpg,Pins,Pin &|'; } >listings.csv
  knockoff init >/dev/null
  knockoff add "market/works/Wolf Spirit.png" >/dev/null
  knockoff ingest listings.csv >/dev/null
  knockoff scan >/dev/null
  [ ${n} -le 300 ] || knockoff quarantine release 1 >/dev/null
  knockoff profile set signature="Ann Artist" >/dev/null`;

const press = async (page, ...keys) => {
  for (const key of keys)
    await page.keyboard.press(key);
};
const title = (page) => page.locator('.list-row.current .row-title').textContent();
const place = (page) => page.locator('.inbox-place').textContent();
const comesTo = (page, words) => page.locator('.inbox-place').getByText(words, { exact: true }).waitFor();
const row = (page, name) => page.locator('.list-row:not(.list-head)', { has: page.getByText(name, { exact: true }) });
const dialog = (page) => page.getByRole('dialog');

/* How many candidates are in each state, as the server has it; those that have none are left out. */
async function counts(site) {
  const { candidates } = await (await site.ask('/api/inbox')).json();
  return Object.fromEntries(Object.entries(candidates).filter(([, n]) => n));
}

testSite('keys go through the list, and the card follows', named, async (site) => {
  const page = await site.open('#/inbox');
  assert.equal(await place(page), '1 of 41');
  const first = await title(page);
  await press(page, 'j');
  assert.equal(await place(page), '2 of 41');
  const second = await title(page);
  assert.notEqual(second, first);
  await page.locator('#compare-title', { hasText: second }).waitFor();
  await press(page, 'ArrowUp', 'J');
  assert.equal(await page.locator('.list-row.current').evaluate((one) => one.previousElementSibling.matches('.list-head')), true);
  await press(page, 'End');
  assert.equal(await place(page), '41 of 41');
  await press(page, 'j', 'Home');
  assert.equal(await title(page), first);
  assert.equal(await page.locator('.list').getAttribute('aria-activedescendant'), await page.locator('.list-row.current').getAttribute('id'));
});

testSite('a decision keeps the row where it is, and goes to the next open one', named, async (site) => {
  const page = await site.open('#/inbox');
  const [first, top] = [await title(page), await page.locator('.list-row.current').boundingBox()];
  await press(page, 'r');
  assert.equal(await place(page), '2 of 41');
  assert.deepEqual(await row(page, first).boundingBox(), top);
  assert.equal(await row(page, first).locator('.tag').textContent(), 'rejected');
  await press(page, 'u', 'n', 'l', 'k', 'k', 'k');
  await press(page, 'r'); // decided anew, and past what is decided
  assert.equal(await place(page), '5 of 41');
  await press(page, 'z');
  await page.getByText('Undone: 1 candidate is as before.').waitFor();
  assert.equal(await place(page), '2 of 41');
  assert.equal(await page.locator('.list-row.current .tag').textContent(), 'unsure');
  const { open, allowed = 0, negative = 0, ...rest } = await counts(site);
  assert.deepEqual(rest, { rejected: 2, unsure: 1, licensed: 1 });
  assert.equal(open + allowed + negative, 37);
});

testSite('to accept is stated once', named, async (site) => {
  const page = await site.open('#/inbox');
  await press(page, 'a');
  await dialog(page).getByText('17 USC 512(f)').waitFor();
  await dialog(page).getByText('Ann Artist').waitFor();
  await checkAccessible(page);
  await press(page, 'Escape');
  assert.equal(await place(page), '1 of 41');
  await press(page, 'a');
  await dialog(page).waitFor();
  await press(page, 'Enter');
  await comesTo(page, '2 of 41');
  await press(page, 'a');
  await comesTo(page, '3 of 41');
  await page.settled();
  assert.equal((await counts(site)).accepted, 2);
});

testSite('who has no name yet is led to where it is stated', 'scanned_wolf', async (site) => {
  const page = await site.open('#/inbox');
  await press(page, 'a');
  await dialog(page).getByText('First say who you are').waitFor();
  assert.equal(await dialog(page).getByRole('link').getAttribute('href'), '#/settings');
  await press(page, 'Escape');
  assert.deepEqual(await counts(site), { open: 1 });
});

testSite('what the server refuses is told, and is as before', named, async (site) => {
  const page = await site.open('#/inbox');
  const first = await title(page);
  const id = await page.locator('.list-row.current .thumb').getAttribute('data-candidate');
  const { candidates: [{ listing }] } = await (await site.ask(`/api/candidates?ids=${id}`)).json();
  await site.sh(`knockoff allow add "${listing.seller}" --on ${new URL(listing.url).host} >/dev/null`);
  await press(page, 'a');
  await dialog(page).waitFor();
  await press(page, 'Enter');
  await page.getByRole('status').getByText('allow list').waitFor();
  await row(page, first).getByText('set aside').waitFor();
  assert.equal((await counts(site)).accepted, undefined);
});

testSite('what came back comes first, and what shows one picture is one decision', `
  built_notices
  knockoff notice filed 1 --ref A-77 >/dev/null
  knockoff notice update 1 removed >/dev/null
  knockoff add "market/works/barn owl v2.png" >/dev/null
  { echo url,image,seller,title
    seq 3 | sed 's|.*|https://shop.example/&,market/photos/owl-tee-rose.jpg,Owls,Owl &|'
    echo https://www.aliexpress.com/item/1005000000077.html,market/photos/wolf-enamel-pin.jpg,Pins 1,Wolf again; } >more.csv
  knockoff ingest more.csv >/dev/null
  knockoff scan >/dev/null`, async (site) => {
  const page = await site.open('#/inbox');
  assert.equal(await title(page), 'Wolf again');
  await row(page, 'Wolf again').getByText('came back').waitFor();
  await page.locator('.came-back').getByText(/removed on .*notice 1.*A-77/).waitFor();
  await checkAccessible(page);
  await press(page, 'Enter');
  await dialog(page).getByRole('heading', { name: 'Earlier cases' }).waitFor();
  await press(page, 'Escape', 'j');
  await row(page, 'Owl 1').getByText('+2 alike').waitFor();
  await press(page, 's');
  await dialog(page).getByText('3 candidates show this picture').first().waitFor();
  await checkAccessible(page);
  await press(page, 'Enter'); // accept
  await dialog(page).getByText('17 USC 512(f)').waitFor();
  await press(page, 'Enter');
  await page.getByText('Accept: 3 of 3 changed.').waitFor();
  assert.deepEqual(await counts(site), { open: 1, accepted: 7 });
  await comesTo(page, '1 of 4');
  await press(page, 'z');
  await page.getByText('Undone: 3 candidates are as before.').waitFor();
  assert.deepEqual(await counts(site), { open: 4, accepted: 4 });
  await page.go('#/inbox/returned/1');
  assert.equal(await place(page), '1 of 1');
  await page.getByRole('button', { name: 'Without Came back' }).press('Enter');
  await comesTo(page, '1 of 4');
});

testSite('a whole group is decided about, and taken back', many(250), async (site) => {
  const page = await site.open('#/inbox');
  await press(page, 'G', 'r');
  await dialog(page).getByText('250 candidates').first().waitFor();
  await dialog(page).getByText('Seller: Pins').waitFor();
  await checkAccessible(page);
  await press(page, 'Enter');
  await page.getByText('250 of 250 changed').waitFor();
  assert.deepEqual(await counts(site), { rejected: 250 });
  await press(page, 'z');
  await page.getByText('Undone: 250').waitFor();
  assert.deepEqual(await counts(site), { open: 250 });
});

testSite('some are chosen one by one and as a range', many(20), async (site) => {
  const page = await site.open('#/inbox');
  await press(page, 'x', 'j', 'j', 'X', 'j', 'j', 'x');
  await page.getByText('4 chosen').waitFor();
  assert.equal(await page.locator('[aria-selected="true"]').count(), 4);
  await press(page, 'Escape');
  await page.getByText('4 chosen').waitFor({ state: 'hidden' });
  await page.getByRole('checkbox', { name: 'Choose all of Pins' }).click();
  await page.getByText('20 chosen').waitFor();
});

testSite('thousands of rows are not all in the page', many(3000), async (site) => {
  const page = await site.open('#/inbox');
  const drawn = () => page.locator('.list-row').count();
  assert.equal(await page.locator('.list').getAttribute('aria-rowcount'), '3002');
  assert.ok(await drawn() < 60, `${await drawn()} rows`);
  await press(page, 'End');
  assert.equal(await place(page), '3,000 of 3,000');
  await page.settled();
  assert.ok(await drawn() < 60, `${await drawn()} rows`);
  assert.match(await title(page), /^Pin \d+$/);
  // What heads them sticks to the top.
  const [list, head] = [await page.locator('.list').boundingBox(), await page.locator('.list-head').first().boundingBox()];
  assert.ok(Math.abs(head.y - list.y) < 2);
  await page.mouse.move(list.x + 50, list.y + 300);
  await page.mouse.wheel(0, -90000);
  await page.waitForFunction(() => [...document.querySelectorAll('.list-row:not(.list-head):not(.current) .row-title')].some((one) => /^Pin \d+$/.test(one.textContent)));
  assert.equal(await place(page), '3,000 of 3,000');
  await press(page, 'k');
  assert.equal(await page.locator('.list-row.current').isVisible(), true);
});

testSite('a filter is an address', named, async (site) => {
  const page = await site.open('#/inbox/state/all/seller/PinPalace88');
  assert.equal(await page.getByRole('button', { name: /^Without Seller/ }).count(), 1);
  const n = Number((await place(page)).split(' of ')[1]);
  assert.ok(n > 0 && n < 41);
  await press(page, 'f');
  await dialog(page).getByLabel('Title').fill('wolf');
  await checkAccessible(page);
  await press(page, 'Enter');
  await page.waitForFunction(() => location.hash.endsWith('/seller/PinPalace88/title/wolf'));
  await page.settled();
  assert.match(await title(page), /wolf/i);
  await page.go('#/inbox/title/nothing is called so');
  await page.getByText('Nothing fits this filter').waitFor();
  await page.getByRole('button', { name: 'No filter' }).click();
  await page.waitForFunction(() => location.hash === '#/inbox');
  await page.go('#/inbox/candidate/7');
  assert.equal(await page.locator('.list-row.current .thumb').getAttribute('data-candidate'), '7');
});

testSite('what changes elsewhere waits until it is asked for', named, async (site) => {
  const page = await site.open('#/inbox');
  const first = await title(page);
  const id = await page.locator('.list-row.current .thumb').getAttribute('data-candidate');
  await site.sh(`knockoff candidates reject ${id} >/dev/null`);
  await page.getByText('The list is another one by now.').waitFor();
  assert.equal(await title(page), first);
  await press(page, '.');
  await comesTo(page, '1 of 40');
  assert.notEqual(await title(page), first);
  await site.sh(`cp "$FIXTURES/market/photos/wolf-enamel-pin.jpg" "another pin.jpg"
    knockoff ingest "another pin.jpg" >/dev/null; knockoff scan >/dev/null`);
  await page.getByText('new.').waitFor();
  await press(page, '.');
  await comesTo(page, '1 of 41');
});

testSite('who changes their mind about what is in a notice is told', 'built_notices', async (site) => {
  const page = await site.open('#/inbox/state/accepted');
  await press(page, 'r');
  await page.getByText('1 listing of a notice that is not filed yet').waitFor();
  await press(page, 'z');
  await page.getByText('1 listing of a notice').waitFor({ state: 'hidden' });
});

testSite('an empty inbox says what to do next', 'knockoff init', async (site) => {
  const page = await site.open('#/inbox');
  await page.getByRole('heading', { name: 'No works yet' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Add works' }).getAttribute('href'), '#/works');
  await checkAccessible(page);
});

testSite('it is accessible in the light, in the dark, and on a phone', named, async (site) => {
  for (const look of [{}, { dark: true }, { phone: true }]) {
    const page = await site.open('#/inbox', look);
    await press(page, 'r', 'x');
    await page.settled();
    await checkAccessible(page);
    await press(page, 'Escape', 'z');
    await page.getByText('Undone').waitFor();
    await page.context().close();
  }
});

testSite('on a phone the card comes instead of the list, and back', named, async (site) => {
  const page = await site.open('#/inbox', { phone: true });
  const card = page.locator('.inbox-card');
  assert.equal(await card.isVisible(), false);
  await page.locator('.list-row:not(.list-head)').nth(1).tap();
  await card.waitFor();
  assert.equal(await page.locator('.list').isVisible(), false);
  await page.settled();
  await checkAccessible(page);
  await page.getByRole('button', { name: 'Reject' }).tap();
  assert.equal(await place(page), '3 of 41');
  await page.getByRole('button', { name: 'Back to the list' }).tap();
  await page.locator('.list').waitFor();
  assert.equal(await card.isVisible(), false);
});
