// All listings that show a work, over time: for the page of the work.

import { get } from './api.js';
import { fill, h, outside, svg } from './dom.js';
import { placeOf, secondsOf } from './evidence.js';
import { formatDate, formatDay, formatNumber, t } from './text.js';
import { picture } from './ui.js';

const DAY_MS = 86400000;
const WEEK_MS = 7 * DAY_MS;
const MOST_BARS = 156; // weeks that are drawn: three years
const LEAST_BARS = 26; // so that a single one is no wall

/** A section with a timeline and the list of them, which come later. */
export function sightings(workId) {
  const section = h('section.sightings-of', { 'aria-busy': 'true' }, h('h2', null, t('search.sightings.title')));
  const list = h('ul.search-list');
  const path = `/api/works/${workId}/sightings`;
  const more = h('button', { type: 'button', hidden: true });
  const take = (told) => {
    list.append(...told.sightings.map(item));
    more.hidden = told.next === null;
    more.textContent = t('search.sightings.more', { n: told.total - list.children.length });
    more.onclick = () => read(told.next);
  };
  const read = async (from) => {
    more.disabled = true;
    try {
      const before = list.children.length;
      take(await get(path, { from }));
      list.children[before]?.querySelector('a')?.focus();
    } catch (error) {
      section.append(h('p.error', { role: 'alert' }, error.message));
    }
    more.disabled = false;
  };
  get(path).then((told) => {
    section.append(told.total ? h('p', null, summary(told)) : h('p.quiet-text', null, t('search.sightings.none')),
      ...(told.total ? [timeline(told.weeks), list, more] : []));
    take(told);
  }, (error) => section.append(h('p.error', { role: 'alert' }, error.message)))
    .finally(() => section.removeAttribute('aria-busy'));
  return section;
}

const summary = ({ total, states }) => [
  t('search.sightings.total', { n: total }), ' (',
  Object.entries(states).filter(([, n]) => n > 0)
    .map(([state, n]) => `${t(`compare.state.${state}`)}: ${formatNumber(n)}`).join(', '), ').',
];

const item = (one) => h('li', null,
  h('img.picture', { src: picture.photo(one.photo, 160), alt: '', loading: 'lazy' }),
  h('div', null,
    h('div', null, outside(one.listing.url, one.listing.title || one.listing.url || t('search.no_title'))),
    h('div.quiet-text', null, [one.listing.seller || t('search.no_seller'), placeOf(one.listing), one.listing.price].filter(Boolean).join(' · ')),
    h('div.quiet-text', null, t('search.first_seen', { day: formatDay(secondsOf(one.listing.first_seen)) }), ' · ',
      t('search.sightings.score', { score: one.score.toFixed(1) })),
    h('div.search-states', null, stateLink(one.candidate, one.state, t(`compare.state.${one.state}`)))));

const folders = { allowed: 'set-aside', negative: 'set-aside', ruled: 'set-aside', held: 'set-aside' };

/** A link to a candidate in the inbox. */
export const stateLink = (candidate, state, text) => h('a.tag', {
  href: `#/inbox/state/${folders[state] ?? state}/candidate/${candidate}` }, text);

// --- the timeline ---

/** Listings first seen in each week as bars, and the same as a table. */
function timeline(weeks) {
  const first = Date.parse(weeks[0].week);
  const last = Date.parse(weeks.at(-1).week);
  const begin = Math.max(Math.min(first, last - (LEAST_BARS - 1) * WEEK_MS), last - (MOST_BARS - 1) * WEEK_MS);
  const bars = (last - begin) / WEEK_MS + 1;
  const highest = Math.max(...weeks.map(({ n }) => n));
  const shown = weeks.filter(({ week }) => Date.parse(week) >= begin);
  const width = 600;
  const height = 96;
  const step = width / bars;
  const bar = ({ week, n }) => {
    const x = (Date.parse(week) - begin) / WEEK_MS * step;
    const size = Math.max(2, n / highest * height);
    return svg('rect', { x: x + step * .1, y: height - size, width: step * .8, height: size },
      svg('title', null, t('search.sightings.week', { n, day: formatDate(week) })));
  };
  const day = (ms) => formatDate(new Date(ms).toISOString().slice(0, 10));
  return h('div.timeline', null,
    svg('svg', { viewBox: `0 0 ${width} ${height + 1}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': t('search.sightings.chart', { n: highest }) },
      shown.map(bar), svg('line', { x1: 0, y1: height + .5, x2: width, y2: height + .5 })),
    h('div.timeline-days', null, h('span', null, day(begin)), h('span', null, day(last))),
    h('details', null, h('summary', null, t('search.sightings.table')), table(weeks)));
}

const table = (weeks) => h('div.scroll', null, h('table', null,
  h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('search.sightings.week_of')), h('th.number', { scope: 'col' }, t('search.sightings.listings')))),
  h('tbody', null, weeks.map(({ week, n }) => h('tr', null, h('th', { scope: 'row' }, formatDate(week)), h('td.number', null, formatNumber(n)))))));
