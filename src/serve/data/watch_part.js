// A part of the view "watch": it asks for what it shows, and draws it anew only when that changed.

import { fill, h } from './dom.js';
import { t } from './text.js';
import { attempt, copyText } from './ui.js';

/** A part: {element, refresh()}. read() gets what draw(told, refresh) makes nodes of; below is what
 * stays. Elements with an id keep the focus when they are drawn anew. */
export function makePart(name, read, draw, ...below) {
  const heading = h('h2', { id: `${name}-title`, tabindex: -1 }, t(`watch.${name}.title`));
  const body = h('div');
  let shown = '';

  async function refresh() {
    const told = await read();
    const text = JSON.stringify(told);
    if (text === shown)
      return;
    shown = text;
    const focus = body.contains(document.activeElement) ? document.activeElement.id : null;
    fill(body, draw(told, refresh));
    if (focus !== null)
      (document.getElementById(focus) ?? heading).focus(); // what had it may be gone
  }

  return {
    element: h('section.panel', { 'aria-labelledby': heading.id }, heading,
      h('p.quiet-text', null, t(`watch.${name}.help`)), body, below),
    refresh,
  };
}

/** True of a moment of the server's that is over. */
export const isPast = (moment) => Date.parse(moment) <= Date.now();

/** A command to be typed, with a button that copies it. */
export const command = (text) => h('p.command', null, h('code', null, text), ' ',
  h('button', { type: 'button', 'aria-label': t('watch.copy_that', { text }), onclick: attempt(() => copyText(text)) }, t('watch.copy')));

const UNITS = [['days', 86400], ['hours', 3600], ['minutes', 60], ['seconds', 1]];

/** "6 hours"; a length of time in the largest unit that it is a whole number of. */
export function lengthWords(seconds) {
  const [unit, size] = UNITS.find(([, each]) => seconds % each === 0);
  return t(`watch.length.${unit}`, { n: seconds / size });
}
