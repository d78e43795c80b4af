// A quiet line above the inbox about what is held back from it.

import { get } from './api.js';
import { fill, h } from './dom.js';
import { t } from './text.js';
import { attempt } from './ui.js';

/** {element, show(n)}: n candidates are held back; what it is about is asked for when n is another
 * number than before. */
export function makeHeldLine() {
  const element = h('p.quiet-text.held', { hidden: true });
  let known = 0;

  const ask = attempt(async () => {
    const { holds } = await get('/api/quarantine');
    const [first, ...others] = holds.filter((hold) => hold.state === 'held' && hold.aside > 0);
    element.hidden = !first;
    if (first)
      fill(element, t(`inbox.held.${first.subject}`, { n: first.aside, name: first.name }), ' ',
        others.length > 0 && `${t('inbox.held.more', { n: others.length })} `, h('a', { href: '#/watch' }, t('inbox.held.decide')));
  });

  return {
    element,
    show(n) {
      if (n !== known)
        ask();
      known = n;
    },
  };
}
