// What a card tells besides what it shows: the earlier case that a candidate goes on with, what set it
// aside, and how many others show the same picture.

import { post } from './api.js';
import { fill, h } from './dom.js';
import { stateTag } from './due.js';
import { formatDate, t } from './text.js';
import { attempt, confirmThat, toast } from './ui.js';

/** What ties a candidate to an earlier case, and what became of that. */
export const tieLine = (tie) => [
  t(`compare.story.tie.${tie.kind}`), ' ',
  tie.removed_on ? t('compare.story.removed', { day: formatDate(tie.removed_on) }) : [stateTag(tie.state), ` ${formatDate(tie.state_on)}`], ', ',
  h('a', { href: `#/notices/${tie.notice}` }, t('notices.short', { number: String(tie.notice) })), tie.ref && ` (${tie.ref})`,
  tie.warning && [' ', h('strong', null, t('compare.story.lost'))],
];

/* The strongest one, in a line; "Why?" tells all. */
const returned = ([first, ...others]) => [h('strong', null, t('compare.story.returned')), ' ', tieLine(first), '. ',
  others.length > 0 && t('compare.story.more', { n: others.length })];

/* What keeps it aside, with the way back. */
function asideNote(aside) {
  const undoRule = attempt(async () => {
    await post(`/api/candidates/${aside.candidate}/unrule`);
    toast(t('compare.story.undid_rule'));
    note.remove();
  });
  const release = attempt(async () => {
    if (!await confirmThat(t('compare.story.release_title'), t('compare.story.release_text'), t('watch.held.release_it')))
      return;
    const { back } = await post(`/api/quarantine/${aside.hold}`, { verb: 'release' });
    toast(t('watch.held.did_release', { n: back }));
    note.remove();
  });
  const note = h('div.note.warn', null, h('strong', null, t(aside.hold ? 'compare.story.held' : 'compare.story.ruled')), ' ', aside.why, ' ',
    aside.hold ? h('button', { type: 'button', onclick: release }, t('watch.held.release_it'))
      : h('button', { type: 'button', onclick: undoRule }, t('compare.story.undo_rule')), ' ',
    h('a', { href: '#/watch' }, t('compare.story.watch')));
  return note;
}

const alikeLine = (n, decide) => h('p', null, h('button', { type: 'button', onclick: decide },
  t('compare.story.alike', { n: n + 1 }), ' ', h('kbd', { 'aria-hidden': 'true' }, 's')));

/** The story of a card: {line, element, begin(candidate), show(about)}. line is for what comes back and
 * has its place from the beginning, so that nothing moves when about comes, which is as GET
 * /api/candidates/{id} tells it. decideAlike is called to decide about all that show the picture. */
export function makeStory(decideAlike) {
  const line = h('p.meta.came-back', { hidden: true });
  const element = h('div.story');
  return {
    line,
    element,
    begin(candidate) {
      line.hidden = !candidate.returned;
      fill(line, '\u00a0');
      fill(element);
    },
    show(about) {
      line.hidden = about.history.length === 0;
      if (about.history.length)
        fill(line, returned(about.history));
      fill(element, about.asides.filter((aside) => !aside.ended).map(asideNote),
        about.alike.length > 0 && alikeLine(about.alike.length, decideAlike));
    },
  };
}
