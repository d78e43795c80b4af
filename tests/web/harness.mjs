// A server on a database of its own, and a browser that looks at its page. README.md says how a test is
// written with it.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const cases = path.join(here, '../cli');
export const fixtures = path.join(here, '../../fixtures');

const wanted = (name) => process.env[name] ??
  assert.fail(`${name} is not set: run tests with tests/web/run.sh`);
const program = path.resolve(wanted('KNOCKOFF'));
const require = createRequire(path.join(wanted('KO_WEB'), 'package.json'));
const { chromium } = require('playwright-core');

// --- the program ---

/* The folder that a test works in, and how commands are run there: by sh, with the words of tests/cli. */
async function openFolder() {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'knockoff-web-')));
  const folder = path.join(root, 'work');
  const home = path.join(root, 'home');
  await mkdir(folder);
  await mkdir(home);
  const { XDG_DATA_HOME, XDG_CONFIG_HOME, XDG_CACHE_HOME, ...inherited } = process.env;
  const programs = path.dirname(program);
  const env = { ...inherited, HOME: home, KNOCKOFF_DB: path.join(folder, 'knockoff.db'), FIXTURES: fixtures,
    LC_ALL: 'C.UTF-8', TZ: 'UTC', PATH: `${programs}:${programs}/../tests/server:${process.env.PATH}` };
  const sh = async (script) => {
    const words = ['-euc', '. "$1"; eval "$2"', 'sh', path.join(cases, 'words.sh'), script];
    const { stdout } = await promisify(execFile)('sh', words, { cwd: folder, env, maxBuffer: 1 << 26 })
      .catch(({ code, stderr }) => assert.fail(`exit ${code} of ${script.trim()}\n${stderr}`));
    return stdout;
  };
  return { folder, env, sh, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Starts the server; start is the address that the page is entered by. */
export async function startServer({ folder, env }) {
  const child = spawn(program, ['serve', '--port', '0', '--json'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { said += text; });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'),
    ended.then(() => assert.fail(`the server did not start: ${said}`))]);
  const start = JSON.parse(line).url;
  return {
    start,
    pid: child.pid,
    base: new URL(start).origin,
    /* Stops it, and sees that it ends well. */
    async stop() {
      child.kill('SIGTERM');
      const [status, signal] = await ended;
      assert.equal(signal ?? status, 0, `the server ended badly: ${said}`);
    },
  };
}

/** What the page has: the cookie, and the token that it is led to. */
export async function enter(start) {
  const answer = await fetch(start, { redirect: 'manual' });
  const [cookie] = answer.headers.get('Set-Cookie').split(';');
  return { Cookie: cookie, 'X-Knockoff-Token': answer.headers.get('Location').split('#token=')[1] };
}

// --- the browser ---

const flags = (rule) => ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
  // Whatever asks for another host is seen to ask, and gets nowhere.
  `--host-resolver-rules=${rule}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`];

/** A browser; rule is one more for its resolver ("MAP rebound.example 127.0.0.1"). */
export const launch = (rule) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [...flags(rule ? `${rule}, ` : ''), ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
});

/** A browser with its profile in that folder, to which extensions may be added. */
export const launchProfile = (folder) => chromium.launchPersistentContext(folder, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: false, // the older way to have no window, which Playwright's would be, has no extensions
  args: ['--headless=new', '--enable-unsafe-extension-debugging', ...flags(''),
    ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  ignoreDefaultArgs: ['--disable-extensions'],
});

/** Notes whatever a page does that it should not. */
function watch(context, base, trouble) {
  context.on('request', (request) => {
    if (!request.url().startsWith(`${base}/`) && !/^(blob|data):/.test(request.url()))
      trouble.push(`asked another server: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') // by the page itself, or by leaving it
      trouble.push(`request failed: ${request.url()}: ${request.failure()?.errorText}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400)
      trouble.push(`answered ${response.status()}: ${response.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) // told above
      trouble.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => trouble.push(`error: ${error.error().stack}`));
  context.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
}

/** Resolves when the page waits for no answer, has drawn what it got, and its view can be used. */
export function follow(page) {
  const underWay = new Set();
  const wake = new Set();
  const begins = (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame())
      underWay.clear(); // with the document that asked
    if (request.resourceType() !== 'eventsource')
      underWay.add(request);
  };
  const ends = (request) => {
    underWay.delete(request);
    wake.forEach((one) => one());
  };
  page.on('request', begins);
  page.on('requestfinished', ends);
  page.on('requestfailed', ends);
  const drawn = () => page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(done));
  }));
  const isBusy = () => page.evaluate(() => Boolean(document.querySelector('#main[aria-busy]')));
  return async () => {
    do {
      while (underWay.size)
        await new Promise((done) => { wake.add(done); }).finally(() => wake.clear());
      await drawn();
    } while (underWay.size || await isBusy());
  };
}

// --- what is looked at ---

let axe;

const describe = (violation) => `${violation.id}: ${violation.help}\n${violation.nodes
  .map((node) => `    ${node.target.join(' ')}: ${node.failureSummary.replace(/\s*\n\s*/g, '; ')}`).join('\n')}`;

/** Fails with all that axe finds, and when the page is wider than the screen. */
export async function checkAccessible(page) {
  axe ??= await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  }));
  assert.equal(found.violations.map(describe).join('\n'), '', 'axe finds nothing');
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
  }));
  assert.ok(wide <= room, `the page is ${wide} px wide, of ${room}`);
}

// --- a test ---

/** Opens a database that fill makes, its server and a browser. fill is a script of sh, with the words of
 * tests/cli/words.sh, or a function of {folder, sh(script)}. */
export async function openSite(fill) {
  const place = await openFolder();
  const trouble = [];
  const closers = [place.remove];
  const close = async () => {
    while (closers.length)
      await closers.pop()();
  };
  try {
    await (typeof fill === 'function' ? fill(place) : place.sh(fill));
    const server = await startServer(place);
    closers.push(server.stop);
    const browser = await launch();
    closers.push(() => browser.close());
    return { ...place, ...server, browser, trouble, close };
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
}

/* The ways in which a page is looked at. */
const lookOf = ({ dark, phone } = {}) => ({
  colorScheme: dark ? 'dark' : 'light',
  viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
  hasTouch: Boolean(phone),
  isMobile: Boolean(phone),
  reducedMotion: 'reduce',
  locale: 'en',
  timezoneId: 'UTC',
});

/** A page that is signed in, at the address hash ("#/works/1"); in a browser of its own as far as
 * cookies go. page.settled() waits until all is there that it asked for; page.go(hash) goes on. */
export async function openPage(site, hash = '#/inbox', look) {
  const context = await site.browser.newContext(lookOf(look));
  context.setDefaultTimeout(60000);
  watch(context, site.base, site.trouble);
  const page = await context.newPage();
  page.settled = follow(page);
  page.go = async (next) => {
    await page.evaluate((place) => {
      const shown = document.querySelector('#main > .view');
      if (shown && location.hash !== place)
        shown.dataset.before = '';
      location.hash = place;
    }, next);
    await page.waitForFunction(() => document.querySelector('#main > .view:not([data-before])')?.childElementCount ||
      document.querySelector('.toast.error'));
    await page.settled();
  };
  await page.goto(site.start);
  await page.waitForSelector('.bar nav');
  await page.go(hash);
  return page;
}

/** A test with a site. fn gets, beside the test's own context, {folder, base, start, pid, trouble, browser, sh(script),
 * open(hash, {dark, phone}), ask(path, options)}; ask is fetch with what the page would send. In the
 * end nothing may be in trouble: a test that provokes some takes it out (site.forgive(pattern)). */
export function testSite(name, fill, fn) {
  test(name, async (t) => {
    const site = await openSite(fill);
    try {
      site.secrets = await enter(site.start);
      site.open = (hash, look) => openPage(site, hash, look);
      site.ask = (where, { headers, ...options } = {}) => fetch(site.base + where,
        { ...options, headers: { ...site.secrets, ...(options.method === 'POST' && { Origin: site.base }), ...headers } });
      site.forgive = (pattern) => {
        const rest = site.trouble.filter((line) => !pattern.test(line));
        assert.ok(rest.length < site.trouble.length, `nothing like ${pattern} happened`);
        site.trouble.splice(0, Infinity, ...rest);
      };
      await fn(site, t);
      assert.deepEqual(site.trouble, []);
    } finally {
      await site.close();
    }
  });
}
