// What is held back, as it yields far more than was to be expected: let in, or kept away.

import { get, post } from './api.js';
import { h } from './dom.js';
import { secondsOf } from './evidence.js';
import { formatShort, formatTime, t } from './text.js';
import { attempt, confirmThat, picture, toast } from './ui.js';
import { makePart } from './watch_part.js';

/** What is held back, in words. */
export const nameOf = (hold) => (hold.subject === 'picture' ? t('watch.held.one_picture') : hold.name);

/* Where what a hold keeps set aside is looked at. */
const lookAt = (hold) => `#/inbox/state/held${hold.subject === 'work' ? `/work/${hold.id}` : ''}`;

function holdRow(hold, refresh) {
  const decide = (verb) => attempt(async () => {
    const what = { name: nameOf(hold), n: hold.aside };
    if (verb === 'block' && !await confirmThat(t('watch.held.block_title', what), t(`watch.held.block.${hold.subject}`), t('watch.held.block_yes')))
      return;
    await post(`/api/quarantine/${hold.hold}`, { verb });
    toast(t(`watch.held.did_${verb}`, what));
    await refresh();
  });
  const button = (verb) => h('button', { type: 'button', id: `${verb}-${hold.hold}`, onclick: decide(verb),
    'aria-label': t(`watch.held.${verb}_that`, { name: nameOf(hold) }) }, t(`watch.held.${verb}_it`));
  const isBlocked = hold.state === 'blocked';
  return h('li', null,
    hold.subject === 'picture' && h('img.picture', { src: picture.candidate(hold.id, 'listing', 160), alt: '', loading: 'lazy' }),
    h('span.name', null, h('strong', null, t(`watch.held.subject.${hold.subject}`, { name: nameOf(hold) })), ' ',
      h(`span.tag.${isBlocked ? 'bad' : 'warn'}`, null, t(`watch.held.${hold.state}`)),
      h('div', null, hold.note),
      h('div.quiet-text', null, t('watch.held.expected', { n: hold.found, expected: formatShort(hold.expected) }), ' · ',
        t('watch.held.aside', { n: hold.aside }), ' · ', formatTime(secondsOf(hold.at)))),
    hold.aside > 0 && h('a.button', { href: lookAt(hold) }, t('watch.held.look')),
    button('release'), !isBlocked && button('block'));
}

const draw = ({ holds }, refresh) => (holds.length ? h('ul.rows', null, holds.map((hold) => holdRow(hold, refresh)))
  : h('p.quiet-text', null, t('watch.held.none')));

export const heldPart = () => makePart('held', () => get('/api/quarantine'), draw);
