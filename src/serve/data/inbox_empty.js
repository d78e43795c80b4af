// What the inbox says when it has nothing to show: what to do next.

import { h } from './dom.js';
import { apply } from './inbox_filter.js';
import { addListings } from './intake.js';
import { scanButton } from './scan.js';
import { t } from './text.js';

const words = (name, ...actions) => [h('h2', null, t(`inbox.empty.${name}`)), h('p', null, t(`inbox.empty.${name}_help`)),
  h('div.actions', null, actions)];
const link = (href, name, kind = '') => h(`a.button${kind}`, { href }, t(`inbox.empty.${name}`));
const button = (text, onclick) => h('button.primary', { type: 'button', onclick }, text);

/** The words for this filter; candidates are the numbers of all by state, news what the server told
 * last. */
export function emptyWords(filter, candidates, news) {
  const known = Object.values(candidates).some((n) => n > 0);
  if (filter.work || filter.seller || filter.title)
    return words('filtered', button(t('inbox.filter.clear'), () => apply({ state: filter.state })));
  if (known && filter.state === 'open')
    return words('done', link('#/notices', 'notices', '.primary'), link('#/inbox/state/all', 'all'));
  if (known)
    return words('state', link('#/inbox', 'open', '.primary'));
  if (news.works === 0)
    return words('no_works', link('#/works', 'works', '.primary'));
  if (news.listings === 0)
    return words('no_listings', button(t('scan.add'), addListings));
  return words('nothing', scanButton(), link('#/search', 'search'));
}
