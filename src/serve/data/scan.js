// Scanning and adding listings, for the heads of views.

import { get, post } from './api.js';
import { h } from './dom.js';
import { addListings } from './intake.js';
import { follow } from './news.js';
import { t } from './text.js';
import { attempt, complain, toast } from './ui.js';

const isUnderWay = (task) => task?.state === 'running' || task?.state === 'stopping';

/** Starts a scan; it goes on in the background. */
export const scanNow = attempt(() => post('/api/scan', {}));

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
  h('button', { type: 'button', onclick: () => addListings(scanNow) }, t('scan.add')));

// --- its end ---

function tellEnd(task) {
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
  if (ended && task.kind === 'scan' && !task.error)
    get('/api/task').then(tellEnd).catch(complain);
});
