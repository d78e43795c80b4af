// Deciding about all candidates that show one picture, as one decision.

import { h } from './dom.js';
import { t } from './text.js';
import { openDialog } from './ui.js';

const DECISIONS = ['accept', 'reject', 'unsure', 'licensed'];

/** Asks what becomes of a candidate and of n more that show its picture: the name of a decision, or
 * undefined. */
export const askAlike = (n) => openDialog(t('inbox.alike.title', { n: n + 1 }), (dialog, close) => [
  h('p', null, t('inbox.alike.text', { n: n + 1 })),
  h('div.actions', null,
    DECISIONS.map((name, i) => h(`button${i ? '' : '.primary'}`, { type: 'button', autofocus: i === 0, onclick: () => close(name) },
      t('inbox.alike.all', { what: t(`inbox.decision.${name}`), n: n + 1 }))),
    h('button', { type: 'button', onclick: () => close() }, t('page.cancel'))),
]);
