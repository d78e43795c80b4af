// Originals on their way in: files that were dropped are sent one after the other, and go on being
// sent while the user looks at something else. When the last one is in, all listings that were ever
// seen are searched for them.

import { send } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './news.js';
import { scanSoon } from './scan.js';
import { t } from './text.js';
import { dropZone } from './ui.js';

const MOST_BYTES = 64 << 20; // KO_MAX_SERVE_FILE
const KINDS = 'image/*,.psd,.heic,.avif,.svg,.tif,.tiff';

// Each {file, work: the number of the one that it is a view of, or null, state: 'waiting', 'sending',
// 'done' or 'failed', result, error}.
let batch = [];
let underWay = null; // a promise of the end
const watchers = new Set();
let hasListings = false;
follow(document.body, (news) => { hasListings = news.listings > 0; });

const tellAll = () => [...watchers].forEach((watcher) => watcher(batch));

/* Calls fn with the batch, now and whenever it changes; returns what ends that. */
function watchOriginals(fn) {
  watchers.add(fn);
  fn(batch);
  return () => watchers.delete(fn);
}

const isNew = (one) => one.result && !one.result.known;
const isOver = (one) => one.state === 'done' || one.state === 'failed';

async function sendOne(one) {
  one.state = 'sending';
  tellAll();
  try {
    if (one.file.size > MOST_BYTES)
      throw new Error(t('works.too_large', { mb: MOST_BYTES >> 20 }));
    one.result = await send('/api/works', { name: one.file.name, work: one.work }, one.file);
    one.state = 'done';
  } catch (error) {
    one.state = 'failed';
    one.error = error.message;
  }
  tellAll();
}

async function sendAll() {
  let some = false;
  for (let one; (one = batch.find((each) => each.state === 'waiting'));) {
    await sendOne(one);
    some ||= isNew(one);
  }
  underWay = null;
  if (some && hasListings)
    scanSoon();
}

/* Takes files in, as works of their own or as views of the one with that number. */
function addOriginals(files, work = null) {
  if (batch.every(isOver))
    batch = [];
  batch = batch.concat(files.map((file) => ({ file, work, state: 'waiting' })));
  tellAll();
  underWay ??= sendAll();
}

// --- what is shown of it ---

const worthOf = ({ plain, hard }) => (plain ? t('works.is_plain') : hard ? t('works.is_hard') : '');

function rowOf(one) {
  if (one.state !== 'done')
    return h('li', null, h('span.name', null, one.file.name), ' ', one.state === 'failed'
      ? h('span.error', null, one.error) : h('span.quiet-text', null, t(`works.${one.state}`)));
  const { id, work, known } = one.result;
  const worth = worthOf(one.result);
  return h('li', null, h('span.name', null, one.file.name), ' ',
    h('a', { href: `#/works/${id}` }, t(known ? 'works.known_as' : 'works.added_as', { work })),
    worth && !known && h('span.worth', null, ` ${worth}`));
}

function sumOf(all) {
  const count = (fits) => all.filter(fits).length;
  const counts = {
    added: count(isNew),
    known: count((one) => one.result?.known),
    failed: count((one) => one.state === 'failed'),
  };
  return Object.entries(counts).filter(([, n]) => n).map(([name, n]) => t(`works.sum_${name}`, { n })).join(' ');
}

/** The panel that shows how far they are, hidden while there are none; done is called whenever
 * some came in. */
export function originalsPanel(done) {
  const bar = h('progress', { 'aria-label': t('works.adding') });
  const sum = h('p', { role: 'status' });
  const list = h('ol.incoming');
  const next = h('p.quiet-text', { hidden: true }, t('works.searching'));
  const close = h('button.quiet', { type: 'button', hidden: true, onclick: () => { batch = []; tellAll(); } }, t('page.close'));
  const panel = h('section.panel.originals', { 'aria-label': t('works.adding') }, sum, bar, list, next, close);
  let cameIn = 0;
  const end = watchOriginals((all) => {
    const over = all.filter(isOver).length, whole = over === all.length;
    panel.hidden = all.length === 0;
    bar.hidden = whole;
    close.hidden = !whole;
    bar.max = all.length || 1;
    bar.value = over;
    sum.textContent = whole ? sumOf(all) : t('works.adding_of', { n: over, total: all.length });
    next.hidden = !(whole && hasListings && all.some(isNew));
    fill(list, all.filter((one) => one.state !== 'waiting').reverse().map(rowOf)); // the last on top
    const came = all.filter((one) => one.state === 'done').length;
    if (came !== cameIn)
      done();
    cameIn = came;
  });
  return { panel, end };
}

/** A field to choose files by, and whatever is dropped anywhere on the page while it is shown. */
export function takeOriginals(text, root, work = null) {
  const take = (files) => { if (files.length) addOriginals(files, work); };
  const zone = dropZone(text, { accept: KINDS, take });
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  const over = (event) => { if (hasFiles(event)) root.classList.add('dropping'); };
  const out = (event) => { if (!event.relatedTarget) end(); };
  const end = () => root.classList.remove('dropping');
  const drop = (event) => take([...event.dataTransfer.files]); // the zone keeps its own to itself
  const watched = [['dragenter', over], ['dragleave', out], ['drop', end, true], ['drop', drop]];
  for (const one of watched)
    addEventListener(...one);
  return { zone, end: () => watched.forEach((one) => removeEventListener(...one)) };
}
