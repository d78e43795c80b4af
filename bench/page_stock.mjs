// A large database for bench/page.mjs: works that are drawn here, a photo of each that shows it small and
// on its side of a table, and listings that share those photos. All of it goes in by the program's own
// commands; the same numbers give the same pictures.

import { execFile } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { png } from '../tests/web/png.mjs';

/* Numbers from 0 up to n, as if by chance (Marsaglia, xorshift). */
function dice(seed) {
  let state = (seed + 1) * 2654435761 >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}

// --- pictures ---

const canvas = (side, colour) => ({ side, rgb: Buffer.alloc(3 * side * side, Buffer.from(colour)) });

/* Fills where inside(x, y) holds within a box. */
function paint(at, [left, top, right, bottom], colour, inside) {
  for (let y = Math.max(0, top); y < Math.min(at.side, bottom); y++)
    for (let x = Math.max(0, left); x < Math.min(at.side, right); x++)
      if (inside(x, y))
        at.rgb.set(colour, 3 * (y * at.side + x));
}

/* Discs, bars and slanted fields on a light ground. */
function drawWork(number, side) {
  const roll = dice(number);
  const art = canvas(side, [200 + roll(56), 200 + roll(56), 200 + roll(56)]);
  for (let i = 0; i < 48; i++) {
    const [x, y, size] = [roll(side), roll(side), 8 + roll(side / 4 | 0)];
    const colour = [roll(256), roll(256), roll(256)];
    const slant = roll(5) - 2;
    const shapes = [
      (px, py) => (px - x) ** 2 + (py - y) ** 2 < (size / 2) ** 2,
      (px, py) => Math.abs(py - y) < size / 6,
      (px, py) => Math.abs(px - x + slant * (py - y)) < size / 3,
    ];
    const half = size / 2 | 0;
    paint(art, [x - half, y - half, x + half, y + half], colour, shapes[roll(3)]);
  }
  return art;
}

/* A larger picture, with another in it. */
function drawPhoto(number, art, side) {
  const roll = dice(number + 1e6);
  const photo = canvas(side, [90 + roll(90), 80 + roll(80), 70 + roll(70)]);
  const [left, top] = [roll(side - art.side), roll(side - art.side)];
  for (let y = 0; y < art.side; y++)
    art.rgb.copy(photo.rgb, 3 * ((top + y) * side + left), 3 * y * art.side, 3 * (y + 1) * art.side);
  return photo;
}

// --- the database ---

const there = (file) => access(file).then(() => true, () => false);

const hosts = ['https://www.aliexpress.com/item/', 'https://www.etsy.com/listing/', 'https://www.ebay.com/itm/',
  'https://shop.example/item/'];

/* Each photo is shown by as many listings as it takes; a seller offers five copies of a work. */
function* rows({ works, listings, sellers }) {
  yield 'url,image,seller,title,price,currency\n';
  for (let i = 0; i < listings; i++) {
    const work = i % works;
    const seller = (work * 7 + (i / works / 5 | 0) * 3) % sellers;
    const host = hosts[seller % hosts.length];
    const item = host.includes('aliexpress') ? `${1005000000000000 + i}.html` : `${223000000000 + i}`;
    yield `${host}${item},photos/${work}.png,Seller ${seller},Print ${i} on cotton and canvas,${5 + i % 40}.99,USD\n`;
  }
}

/** Makes it in the folder, if it is not there: {database}. fresh more photos show no work and are not scanned
 * yet. */
export async function makeStock(program, folder, { works, listings, sellers, fresh }) {
  const database = path.join(folder, 'knockoff.db');
  if (await there(path.join(folder, 'whole')))
    return { database };
  const run = (...words) => promisify(execFile)(program, words,
    { cwd: folder, env: { ...process.env, KNOCKOFF_DB: database }, maxBuffer: 1 << 28 });
  for (const name of ['works', 'photos', 'fresh'])
    await mkdir(path.join(folder, name), { recursive: true });
  for (let i = 0; i < works; i++) {
    const art = drawWork(i, 240);
    await writeFile(path.join(folder, 'works', `${i}.png`), png(art));
    await writeFile(path.join(folder, 'photos', `${i}.png`), png(drawPhoto(i, art, 400)));
  }
  for (let i = 0; i < fresh; i++)
    await writeFile(path.join(folder, 'fresh', `${i}.png`), png(drawWork(2e6 + i, 600)));
  await writeFile(path.join(folder, 'listings.csv'), [...rows({ works, listings, sellers })].join(''));
  await run('init');
  await run('profile', 'set', 'legal_name=Ann Artist', 'role=owner');
  await run('add', 'works');
  await run('ingest', 'listings.csv');
  await run('scan');
  await run('ingest', 'fresh');
  await writeFile(path.join(folder, 'whole'), '');
  return { database };
}
