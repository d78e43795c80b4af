// Why a candidate is one, to be read: what agrees, where the photo was seen before, what became of it.

import { get } from './api.js';
import { fill, h, outside, svg } from './dom.js';
import { nameOf, oddsOf, placeOf, secondsOf, shownAs, sizeOf } from './evidence.js';
import { join, outlined } from './lines.js';
import { tieLine } from './story.js';
import { formatDate, formatDay, formatTime, t } from './text.js';
import { openDialog, picture } from './ui.js';

const WIDTH = 800;

/** Tells it in a dialog; resolves when that is closed. */
export const openWhy = (id) => openDialog(t('compare.why.title'), (dialog, close) => {
  const told = h('div');
  const evidence = h('a.button', { target: '_blank', rel: 'noopener' }, t('compare.why.evidence'));
  const show = (one) => {
    evidence.href = picture.candidate(one, 'exhibit', WIDTH);
    tell(told, one, (other) => {
      show(other);
      button.focus({ preventScroll: true }); // what was pressed is gone
      dialog.scrollTop = 0;
    });
  };
  const button = h('button.primary', { type: 'button', autofocus: true, onclick: () => close() }, t('page.close'));
  dialog.classList.add('why');
  show(id);
  return [told, h('div.actions', null, button, evidence)];
});

/** Fills an element with it; what takes longer comes in its place later. show is called with another
 * candidate that is asked about. */
async function tell(element, id, show) {
  const drawn = h('div.drawn', { 'aria-busy': 'true' });
  const elsewhere = h('div', { 'aria-busy': 'true' });
  const path = `/api/candidates/${id}`;
  try {
    const about = await get(path);
    fill(element, h('p.lead', null, nameOf(about.candidate)), inWords(about), drawn,
      section('elsewhere', elsewhere), section('facts', facts(about)),
      about.look && section('look', look(about.look)), about.history.length > 0 && section('history', history(about.history)),
      section('notices', notices(about.notices)),
      section('decided', decisions(about.log)), section('pages', pages(about.pages)));
    come(drawn, get(`${path}/lines`), (lines) => drawLines(about, lines), (why) => t('compare.why.lines_missing', { why }));
    come(elsewhere, get(`${path}/sightings`), (told) => sightings(told, show), (why) => why);
  } catch (error) {
    fill(element, h('p.error', { role: 'alert' }, error.message));
  }
}

const section = (name, content) => h('section', null, h('h3', null, t(`compare.why.${name}`)), content);

async function come(element, promise, make, fail) {
  fill(element, await promise.then(make, (error) => h('p.error', null, fail(error.message))));
  element.removeAttribute('aria-busy');
}

function inWords({ candidate: c }) {
  return [
    h('p', null, h('strong', null, `${shownAs(c).join(', ')}.`), ' ', oddsOf(c.score), ' ',
      c.works > 0 && t('compare.why.against', { n: c.works })),
    h('p.quiet-text', null, t('compare.why.threshold', { score: c.score.toFixed(1), threshold: String(c.threshold) }), ' ',
      c.distance !== undefined && t('compare.why.distance', { distance: c.distance })),
  ];
}

// --- what agrees ---

/** Work and photo side by side at the same height, with lines between. */
function drawLines({ candidate: c }, { lines, work, photo, quad }) {
  const height = 400;
  const [a, b] = [work, photo].map((size) => height / size.height);
  const left = work.width * a + 40;
  const inWork = (x, y) => [x * a, y * a];
  const inPhoto = (x, y) => [left + x * b, y * b];
  const image = (side, x, size, scale) => svg('image', { href: picture.candidate(c.candidate, side, WIDTH), x, y: 0, width: size.width * scale, height });
  const corners = [0, 2, 4, 6].map((i) => inPhoto(quad[i], quad[i + 1]).join(',')).join(' ');
  return [
    h('p', null, lines.length ? t('compare.why.agree', { n: c.inliers ?? lines.length }) : t('compare.why.no_lines')),
    svg('svg', { class: 'lines', viewBox: `-4 -4 ${left + photo.width * b + 8} ${height + 8}`, role: 'img', 'aria-label': t('compare.alt.lines') },
      image('work', 0, work, a), image('listing', left, photo, b),
      outlined(corners), lines.map(([wx, wy, px, py], i) => join(i, inWork(wx, wy), inPhoto(px, py)))),
  ];
}

// --- where it was seen ---

function sightings({ listings, more }, show) {
  if (!listings.length)
    return h('p.quiet-text', null, t('compare.why.elsewhere_none'));
  return [
    h('ul.sightings', null, listings.map((one) => h('li', null,
      h('img.picture', { src: picture.photo(one.image.id, 160), alt: '', loading: 'lazy' }),
      h('div', null, h('div', null, outside(one.listing.url, nameOf(one))), h('div.quiet-text', null, placeAndDay(one.listing)),
        h('div.quiet-text', null, likeness(one))),
      h('div.states', null, one.candidates.map((c) => h('button', { type: 'button', onclick: () => show(c.candidate) },
        t('compare.why.of', { title: c.title || c.work, state: t(`compare.state.${c.state}`) }))))))),
    more && h('p.quiet-text', null, t('compare.why.elsewhere_more')),
  ];
}

const placeAndDay = (listing) => [listing.seller, placeOf(listing), t('compare.seen', { day: formatDay(secondsOf(listing.first_seen)) })]
  .filter(Boolean).join(' · ');

const likeness = (one) => (one.same ? t('compare.why.elsewhere_same')
  : [t('compare.why.elsewhere_alike', { distance: one.distance }), one.orientation !== 'none' && t(`compare.turned.${one.orientation}`)]
    .filter(Boolean).join(', '));

// --- what it rests on, and what became of it ---

function facts({ candidate: c, view }) {
  const { listing, image } = c;
  const rows = [
    ['seller', [listing.seller, placeOf(listing)].filter(Boolean).join(' · ')],
    ['price', listing.price],
    ['seen', t('compare.why.seen_between', { first: formatTime(secondsOf(listing.first_seen)), last: formatTime(secondsOf(listing.last_seen)) })],
    ['source', listing.source],
    ['photo', [`${sizeOf(image)}, SHA-256 `, h('span.mono', null, image.sha256)]],
    ['file', [view.path, h('div.quiet-text', null, t('compare.why.views', { n: view.views, kind: view.kind, size: sizeOf(view) }))]],
  ];
  return h('dl.facts', null, rows.filter(([, value]) => value.length)
    .map(([name, value]) => [h('dt', null, t(`compare.why.${name}`)), h('dd', null, value)]));
}

const list = (items, none) => (items.length ? h('ul', null, items.map((item) => h('li', null, item))) : h('p.quiet-text', null, t(none)));

const notices = (all) => list(all.map((one) => h('a', { href: `#/notices/${one.notice}` },
  t('compare.why.notice', { notice: String(one.notice), state: t(`notices.state.${one.state}`), day: formatDate(one.on) }))), 'compare.why.notices_none');

/* What was found where the listing stands, when that was looked at again. */
const look = (told) => [
  h('p', null, t(`compare.why.looked.${told.outcome === 'gone' && !told.sure ? 'maybe_gone' : told.outcome}`, { time: told.since && formatTime(secondsOf(told.since)) }), ' ',
    told.times > 1 && t('compare.why.looked_times', { n: told.times, time: formatTime(secondsOf(told.at)) })),
  h('p.quiet-text', null, [told.reason, told.next_at && t('compare.why.looked_next', { time: formatTime(secondsOf(told.next_at)) })].filter(Boolean).join(' · ')),
];

/* All earlier cases that it goes on with. */
const history = (all) => h('ul', null, all.map((tie) => h('li', null, tieLine(tie),
  h('div.quiet-text', null, outside(tie.url, tie.title || tie.url), tie.seller && ` · ${tie.seller}`))));

const decisions = (log) => list(log.map((act) => [
  t('compare.why.was', { state: t(`compare.state.${act.state}`), was: t(`compare.state.${act.was}`) }), ' ',
  h('span.quiet-text', null, [t('compare.why.at', { when: formatTime(secondsOf(act.at)), who: act.who || t('compare.why.nobody') }),
    act.good_faith && t('compare.why.good_faith'), act.undone && t('compare.why.taken_back')].filter(Boolean).join(', ')),
]), 'compare.why.decided_nothing');

const pages = (all) => list(all.map((page) => [
  formatTime(secondsOf(page.at)), ': ', outside(page.final_url), ' ', !page.seen && [h('span.tag.warn', null, t('compare.why.pages_instead', { status: String(page.status) })), ' '],
  h('span.quiet-text', null, t('compare.why.pages_where', { warc: page.warc, record: page.record })),
]), 'compare.why.pages_none');
