// Deciding about many candidates at once: asked before, followed, and told honestly.

import { decideMany } from './decide.js';
import { fill, h } from './dom.js';
import { t } from './text.js';
import { complain, confirmThat, openDialog } from './ui.js';

const NAMED = 3; // sellers

const sellers = (names) => (names.length > NAMED ?
  t('inbox.many.sellers', { n: names.length, some: names.slice(0, NAMED).join(', ') }) :
  t('inbox.many.of', { n: names.length, some: names.join(', ') }));

/** Whether n candidates of the sellers of these names are to be decided about so. */
export const confirmMany = (what, n, names) => confirmThat(t('inbox.many.title', { what, n }),
  [t('inbox.many.text', { n }), sellers([...new Set(names)])], what);

/** Decides about candidates by number, with a dialog that shows how far it is and lets it be
 * stopped. took(reply) gets each answer. Resolves with what became of them. */
export async function runMany(what, decision, ids, took) {
  const result = { done: 0, changed: 0, lost: 0, problems: [], error: null };
  const progress = h('progress', { max: ids.length, value: 0, 'aria-label': what });
  const line = h('p', { role: 'status' }, t('inbox.many.progress', { done: 0, of: ids.length }));
  let stopped = false;
  let close;
  const closed = openDialog(what, (dialog, closeIt) => {
    close = closeIt;
    return [progress, line, h('div.actions', null,
      h('button', { type: 'button', autofocus: true, onclick: () => closeIt() }, t('inbox.many.stop')))];
  }).then(() => { stopped = true; });
  const step = (done, reply, lost) => {
    progress.value = done;
    fill(line, t('inbox.many.progress', { done, of: ids.length }));
    result.done = done;
    result.changed += reply.changed;
    result.lost += lost;
    result.problems.push(...reply.problems);
    took(reply);
    return !stopped;
  };
  await decideMany(decision, ids, step).catch((error) => { result.error = error; });
  close();
  await closed;
  return result;
}

/** Says what did not become of n candidates as it should have. */
export function sayLeft(n, result) {
  if (result.error)
    complain(result.error);
  if (result.done < n)
    complain(new Error(t('inbox.many.stopped', { n: n - result.done })));
  if (result.lost)
    complain(new Error(t('inbox.many.lost', { n: result.lost })));
}
