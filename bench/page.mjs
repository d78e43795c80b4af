// How quick the page is with a large list of candidates, in a real browser and under load.
//
//     sh tests/web/run.sh BUILD bench/page.mjs [--candidates N] [--works N] [--sellers N] [--fresh N]
//                                              [--folder FOLDER] [--times N] [--seconds N]
//
// The database is made in FOLDER (and kept there), or in a temporary one. Needs wrk for the requests. Every
// figure is one of this machine with whatever else it does: README.md says what they mean.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

import { enter, follow, launch, startServer } from '../tests/web/harness.mjs';
import { makeStock } from './page_stock.mjs';

const { values: said } = parseArgs({ options: {
  candidates: { type: 'string', default: '100000' },
  works: { type: 'string', default: '2000' },
  sellers: { type: 'string', default: '5000' },
  fresh: { type: 'string', default: '600' },
  seconds: { type: 'string', default: '10' },
  times: { type: 'string', default: '100' },
  folder: { type: 'string' },
} });
const program = path.resolve(process.env.KNOCKOFF);
const card = '.inbox .row-text'; // of one candidate in the list
const list = '.inbox .list'; // which scrolls by itself

// --- figures ---

const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))];
const ms = (value) => `${value.toFixed(1)} ms`;
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const spread = (values) => `${ms(quantile(values, .5))} median, ${ms(quantile(values, .95))} p95, ${ms(Math.max(...values))} longest, of ${values.length}`;
const tell = (what, figure) => console.log(`${what.padEnd(36)} ${figure}`);

async function memory(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) * 1024;
  return `${(read('VmRSS') / 1e6).toFixed(1)} MB (at most ${(read('VmHWM') / 1e6).toFixed(1)} MB)`;
}

// --- what is served ---

async function weigh() {
  const folder = fileURLToPath(new URL('../src/serve/data/', import.meta.url));
  const files = await Promise.all((await readdir(folder)).map(async (name) => ({
    name, bytes: (await stat(path.join(folder, name))).size })));
  files.sort((a, b) => b.bytes - a.bytes);
  tell('page, all files', kb(files.reduce((sum, file) => sum + file.bytes, 0)));
  for (const { name, bytes } of files)
    tell(`  ${name}`, kb(bytes));
}

// --- the page ---

/* Runs in the page before all else: when the first card was there, how long tasks were, and how long after
 * a key its frame was drawn. */
function observe(wanted) {
  globalThis.seen = { card: 0, tasks: [], keys: [] };
  new MutationObserver((changes, observer) => {
    if (!document.querySelector(wanted))
      return;
    seen.card = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: 'longtask', buffered: true });
  addEventListener('keydown', (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel(); // is told after the frame
    channel.port1.onmessage = () => seen.keys.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), { capture: true });
}

async function measurePaint(page, base) {
  const paints = [];
  const cards = [];
  for (let i = 0; i < 9; i++) {
    await page.goto('about:blank');
    await page.goto(`${base}/#/inbox`);
    await page.waitForSelector(card);
    paints.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime));
    cards.push(await page.evaluate(() => seen.card));
  }
  tell('first paint', spread(paints));
  tell('first candidates', spread(cards));
}

async function measureKeys(page, what, key) {
  await page.evaluate(() => { seen.keys = []; });
  for (let i = 0; i < Number(said.times); i++) {
    await page.keyboard.press(key);
    await page.waitForFunction((n) => seen.keys.length >= n, i + 1);
  }
  tell(what, spread(await page.evaluate(() => seen.keys)));
}

/* Down the whole list, in steps of a screen and in leaps. */
async function measureScroll(page) {
  const gaps = await page.evaluate(async (name) => {
    const list = document.querySelector(name);
    seen.tasks = [];
    const frame = () => new Promise(requestAnimationFrame);
    const gaps = [];
    for (const step of [list.clientHeight / 3, list.scrollHeight / 200]) {
      list.scrollTop = 0;
      let before = await frame();
      for (let i = 0; i < 200; i++) {
        list.scrollTop += step;
        const now = await frame();
        gaps.push(now - before);
        before = now;
      }
    }
    return gaps;
  }, list);
  const tasks = await page.evaluate(() => seen.tasks);
  tell('frames while scrolling', spread(gaps));
  tell('tasks above 50 ms while scrolling', tasks.length ? `${tasks.length}, the longest ${ms(Math.max(...tasks))}` : 'none');
}

async function measurePage(server) {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(120000);
  const settled = follow(page);
  await page.addInitScript(observe, card);
  await page.goto(server.start);
  await page.waitForSelector(card);
  await measurePaint(page, server.base);
  await settled();
  await measureKeys(page, 'j, from key to frame', 'j');
  await measureKeys(page, 'k, from key to frame', 'k');
  await measureKeys(page, 'a decision (u), from key to frame', 'u');
  await settled();
  await measureScroll(page);
  await browser.close();
}

// --- requests ---

async function measureRequests(server, database, seconds) {
  const { Cookie, ...token } = await enter(server.start);
  const scan = spawn(program, ['scan'], { env: { ...process.env, KNOCKOFF_DB: database }, stdio: 'ignore' });
  const ended = once(scan, 'exit');
  const headers = Object.entries({ Cookie, ...token }).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  for (const place of ['/api/candidates?limit=50', '/api/inbox', '/api/candidates/1/picture?side=listing&width=320']) {
    const { stdout } = await promisify(execFile)('wrk', ['-t1', '-c4', `-d${seconds}s`, '--latency', ...headers, server.base + place]);
    const find = (pattern) => pattern.exec(stdout)?.[1] ?? 'none';
    tell(place, `${find(/Requests\/sec:\s+(\S+)/)} a second, p99 ${find(/99%\s+(\S+)/)}` +
      `${/Non-2xx/.test(stdout) ? `, refused: ${find(/responses: (\d+)/)}` : ''}${scan.exitCode === null ? '' : ' (the scan had ended)'}`);
  }
  scan.kill();
  await ended;
}

// --- all of it ---

const folder = said.folder ? path.resolve(said.folder) : await mkdtemp(path.join(tmpdir(), 'knockoff-page-'));
try {
  await mkdir(folder, { recursive: true });
  const { database } = await makeStock(program, folder, { works: Number(said.works), listings: Number(said.candidates),
    sellers: Number(said.sellers), fresh: Number(said.fresh) });
  const server = await startServer({ folder, env: { ...process.env, KNOCKOFF_DB: database } });
  tell('server, at the start', await memory(server.pid));
  await measurePage(server);
  tell('server, after the page', await memory(server.pid));
  await measureRequests(server, database, said.seconds);
  tell('server, after the requests', await memory(server.pid));
  await server.stop();
  await weigh();
} finally {
  if (!said.folder)
    await rm(folder, { recursive: true, force: true });
}
