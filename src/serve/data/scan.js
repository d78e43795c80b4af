// Scanning and adding listings, for the heads of views.

import { get, post } from './api.js';
import { h } from './dom.js';
import { addListings } from './intake.js';
import { follow } from './news.js';
import { t } from './text.js';
import { attempt, complain, toast } from './ui.js';

const BUSY = 409;
const AGAIN_MS = 2000;
const isUnderWay = (task) => task?.state === 'running' || task?.state === 'stopping';

/** Starts a scan; it goes on in the background. */
export const scanNow = attempt(() => post('/api/scan', {}));

let isWanted = false; // one more scan, when what is under way has ended

/** Starts a scan as soon as one can begin: a scan that is under way does not know what came since. */
export function scanSoon() {
  isWanted = true;
  startWanted(before);
}

async function startWanted(task) {
  if (!isWanted || isUnderWay(task))
    return;
  isWanted = false;
  try {
    await post('/api/scan', {});
  } catch (error) {
    if (error.status !== BUSY) {
      complain(error);
      return;
    }
    isWanted = true; // something began meanwhile; of its end there will be news, if it has not ended
    setTimeout(() => startWanted(before), AGAIN_MS);
  }
}

/** Starts fetching the pictures that are known by their addresses alone. */
const fetchNow = attempt(() => post('/api/fetch', {}));

/** The button that starts a scan; it rests while something is under way. */
export function scanButton() {
  const button = h('button', { type: 'button', onclick: scanNow }, t('scan.start'));
  follow(button, (news) => {
    const task = isUnderWay(news.task) ? news.task : null;
    button.disabled = Boolean(task);
    button.title = task ? t('scan.wait') : t('scan.start_help');
  });
  return button;
}

/** "Scan now" and "Add listings". */
export const scanControls = () => h('div.scan-controls', null, scanButton(),
  h('button', { type: 'button', onclick: () => addListings(scanNow, fetchNow) }, t('scan.add')));

// --- its end ---

function tellFetched(task) {
  const { fetched = 0, gone = 0, forbidden = 0, failed = 0 } = task.result ?? {};
  const not = gone + forbidden + failed;
  toast([t('scan.fetched', { n: fetched }), not > 0 && t('scan.not_fetched', { n: not, gone, forbidden, failed })].filter(Boolean).join(' '),
    fetched ? { action: { text: t('scan.start'), run: scanNow } } : {});
}

function tellScanned(task) {
  const found = task.result?.new_candidates ?? 0;
  const text = t(task.state === 'stopped' ? 'scan.stopped' : 'scan.found', { n: found });
  toast(text, found ? { action: { text: t('scan.look'), run: () => { location.hash = '#/inbox'; } } } : {});
  if (task.n_problems)
    toast(t('scan.refused', { n: task.n_problems, first: task.problems[0] ?? '' }), { kind: 'error' });
}

let before = null; // the task as it was told of last

follow(document.body, ({ task }) => {
  const ended = isUnderWay(before) && before.task === task?.task && !isUnderWay(task);
  before = task;
  startWanted(task);
  const tellEnd = { scan: tellScanned, fetch: tellFetched }[task?.kind];
  if (ended && tellEnd && !task.error)
    get('/api/task').then(tellEnd).catch(complain);
});
