// Pictures of all views, for people to look at: sh tests/web/run.sh BUILD tests/web/screens.mjs [NAME...]

import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { openPage, openSite } from './harness.mjs';
import { fill, views } from './views.mjs';

const looks = { light: {}, dark: { dark: true }, phone: { phone: true }, 'phone-dark': { phone: true, dark: true } };
const wanted = process.argv.slice(2);
const folder = path.join(process.env.KO_WEB, 'screens');

await mkdir(folder, { recursive: true });
const site = await openSite(fill);
try {
  for (const [look, how] of Object.entries(looks)) {
    const page = await openPage(site, '#/search', how);
    for (const view of views.filter(({ name }) => !wanted.length || wanted.includes(name))) {
      await page.go(view.hash);
      await view.open?.(page);
      await page.settled();
      await page.screenshot({ path: path.join(folder, `${view.name}-${look}.png`), fullPage: !view.open });
      if (view.open)
        await page.keyboard.press('Escape');
    }
    await page.context().close();
  }
} finally {
  await site.close();
}
console.log([...site.trouble, folder].join('\n'));
