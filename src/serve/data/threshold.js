// The line from which on candidates are shown, of one work or of the collection: a slider, and what
// another line would change on what is stored.

import { get, post } from './api.js';
import { fill, h, outside, settled } from './dom.js';
import { formatShort, t } from './text.js';
import { attempt, complain, picture, toast } from './ui.js';

const LEAST = 2, MOST = 10, STEP = 0.1;
const WIDTH = 240; // of a thumbnail

/** What a line promises; scores are powers of ten, and beyond a million nobody has looked. */
export function promiseOf(score) {
  if (score >= 6)
    return t('threshold.rare');
  const photos = score < 3 ? Math.round(10 ** score) : 1000 * Math.round(10 ** (score - 3));
  return t('threshold.one_in', { photos });
}

// --- the candidates nearest to the line ---

const changes = (told, score, above) => (above
  ? score < told.in_force && t('threshold.appears') : score >= told.in_force && t('threshold.vanishes'));

function thumb(candidate, told, above) {
  const { listing } = candidate;
  const change = changes(told, candidate.score, above);
  const name = listing.title || listing.url || t('threshold.untitled');
  return h('li', null,
    h('img.picture', { src: picture.candidate(candidate.candidate, 'listing', WIDTH), alt: name, loading: 'lazy', width: WIDTH, height: WIDTH }),
    h('span.name', null, outside(listing.url, name)),
    h('span.quiet-text', null, t('threshold.score', { score: formatShort(candidate.score) })),
    change && h(`span.tag.${above ? 'info' : 'warn'}`, null, change));
}

const side = (told, above) => {
  const list = above ? [...told.above].reverse() : told.below; // the nearest first
  return h('section', null, h('h3', null, t(above ? 'threshold.above' : 'threshold.below')),
    list.length ? h('ul.thumbs', null, list.map((candidate) => thumb(candidate, told, above)))
      : h('p.quiet-text', null, t(above ? 'threshold.none_above' : 'threshold.none_below')));
};

const scanWords = (told) => {
  if (told.known_down_to === null)
    return t('threshold.no_scan');
  return told.score < told.known_down_to ? t('threshold.scan_again', { score: formatShort(told.known_down_to) }) : '';
};

// --- the slider ---

/** A panel for a line. id is the number of a work, or null for the collection; threshold is in force
 * now, and own tells that it is the work's. saved is called when it was changed. */
export function thresholdPanel({ id, threshold, own, saved }) {
  const base = id ? `/api/works/${id}/threshold` : '/api/threshold';
  let asked = null;
  const slider = h('input', { type: 'range', id: 'threshold', min: LEAST, max: Math.max(MOST, Math.ceil(threshold)), step: STEP });
  slider.value = threshold; // once its ends are known
  const promise = h('output', { for: slider.id });
  const counts = h('p', { role: 'status' });
  const note = h('p.note.warn', { hidden: true });
  const sides = h('div.sides-of-line');
  const save = h('button.primary', { type: 'button', disabled: true }, t('page.save'));
  const reset = h('button', { type: 'button', hidden: !own }, t('threshold.reset'));

  const say = () => {
    promise.textContent = promiseOf(slider.valueAsNumber);
    slider.setAttribute('aria-valuetext', `${formatShort(slider.valueAsNumber)}: ${promise.textContent}`);
    save.disabled = Math.abs(slider.valueAsNumber - threshold) < STEP / 2;
  };
  const show = (told) => {
    counts.textContent = told.then === told.now ? t('threshold.same', { n: told.now })
      : t('threshold.changes', { n: told.then, now: told.now });
    note.textContent = scanWords(told);
    note.hidden = !note.textContent;
    fill(sides, side(told, true), side(told, false));
  };
  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      show(await get(base, { score: slider.value }, asked.signal));
    } catch (error) {
      complain(error);
    }
  };
  const lookSoon = settled(id ? 120 : 300, look); // all works take longer to look through
  const put = (value) => attempt(async () => {
    await (id ? post(`/api/works/${id}`, { threshold: value }) : post('/api/threshold', { threshold: value }));
    toast(t('threshold.saved'));
    saved?.();
  });

  slider.addEventListener('input', () => { say(); lookSoon(); });
  save.addEventListener('click', () => put(slider.valueAsNumber)());
  reset.addEventListener('click', put(null));
  say();
  look();
  return h('section.panel.threshold', { 'aria-labelledby': 'threshold-title' },
    h('h2', { id: 'threshold-title' }, t(id ? 'threshold.of_work' : 'threshold.of_all')),
    h('p', null, t('threshold.what')),
    h('label', { for: slider.id }, t('threshold.label')),
    h('div.slider', null, h('span.quiet-text', { 'aria-hidden': 'true' }, t('threshold.more')), slider,
      h('span.quiet-text', { 'aria-hidden': 'true' }, t('threshold.surer'))),
    h('p', null, promise), counts, note,
    h('div.actions', null, save, reset, id && h('span.quiet-text', null, t(own ? 'threshold.is_own' : 'threshold.is_shared'))),
    sides);
}
