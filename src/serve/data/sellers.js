// The ledger of sellers: who sells copies, under which names, and what came of complaints.
// #/sellers/etsy/PinPalace is one of them.

import { get } from './api.js';
import { fill, h, outside, settled } from './dom.js';
import { stateTag } from './due.js';
import { formatDate, formatDay, formatNumber, t } from './text.js';
import { attempt, field } from './ui.js';

const AT_ONCE = 50;
/* Columns of the table, each with what it is sorted by. */
const COLUMNS = [['risk', 'rank'], ['listings', 'listings'], ['with_candidates', null], ['accepted', 'accepted'], ['filed', 'filed'],
  ['removed', 'removed'], ['countered', null], ['reappeared', 'reappeared'], ['points', 'points'], ['last_seen', 'seen']];

const addressOf = (seller) => `#/sellers/${encodeURIComponent(seller.on)}/${encodeURIComponent(seller.names[0].text)}`;
const nameOf = (name) => (name.kind === 'name' ? name.text : `${t(`sellers.kind.${name.kind}`)} ${name.text}`);
const moment = (text) => (text ? formatDay(Date.parse(text) / 1000) : '–');
const pointsOf = (seller) => (seller.points?.ends_on ? t('sellers.points_of', { points: seller.points.points, most: seller.points.closes_at }) : '–');

const valueOf = (seller, column) => {
  if (column === 'points')
    return pointsOf(seller);
  if (column === 'risk')
    return formatNumber(seller.risk.points);
  return column === 'last_seen' ? moment(seller.last_seen) : formatNumber(seller[column]);
};

// --- the table ---

const row = (seller) => h('tr', null,
  h('th', { scope: 'row' }, h('a', { href: addressOf(seller) }, nameOf(seller.names[0])),
    seller.names.length > 1 && h('div.quiet-text', null, t('sellers.also', { names: seller.names.slice(1, 4).map(nameOf).join(', ') }))),
  h('td', { 'data-label': t('sellers.column.place') }, seller.on),
  COLUMNS.map(([column]) => h('td.number', { 'data-label': t(`sellers.column.${column}`) }, valueOf(seller, column))));

function heading(column, sort, asked, again) {
  const isSorted = asked.sort === sort;
  const button = sort && h('button.quiet.sort', { type: 'button', onclick: () => again({ sort, after: 0 }) },
    t(`sellers.column.${column}`), h('span', { 'aria-hidden': 'true' }, isSorted ? (sort === 'name' ? ' ↑' : ' ↓') : ''));
  return h(column === 'name' || column === 'place' ? 'th' : 'th.number',
    { scope: 'col', 'aria-sort': isSorted ? (sort === 'name' ? 'ascending' : 'descending') : null }, button || t(`sellers.column.${column}`));
}

function table(told, asked, again) {
  return h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('sellers.title') }, h('table.sellers-table', null,
    h('thead', null, h('tr', null, heading('name', 'name', asked, again), heading('place', null, asked, again),
      COLUMNS.map(([column, sort]) => heading(column, sort, asked, again)))),
    h('tbody', null, told.sellers.map(row))));
}

const remarks = (told) => h('p.quiet-text', null,
  told.others > 0 && `${t('sellers.others', { n: told.others })} `,
  told.untold > 0 && `${t('sellers.untold', { n: told.untold })} `,
  t('sellers.as_of', { time: new Date(told.as_of).toLocaleTimeString() }));

async function mountList(root) {
  const asked = { sort: 'rank', after: 0, find: '', place: '', all: false };
  const body = h('div');
  const status = h('p.quiet-text', { role: 'status' });
  let turn = 0;

  const find = h('input', { type: 'search', autocomplete: 'off' });
  const place = h('select', null);
  const all = h('input', { type: 'checkbox' });
  const sort = h('select', null, ['rank', 'name', ...COLUMNS.map(([, by]) => by).filter(Boolean)].map((by) =>
    h('option', { value: by }, t(`sellers.sort.${by}`))));

  async function show(change) {
    Object.assign(asked, change);
    sort.value = asked.sort;
    const mine = ++turn;
    status.textContent = t('sellers.reading');
    const told = await get('/api/sellers', { sort: asked.sort, after: asked.after, limit: AT_ONCE,
      find: asked.find || undefined, place: asked.place || undefined, all: asked.all ? 1 : undefined });
    if (mine !== turn)
      return;
    fill(place, h('option', { value: '' }, t('sellers.anywhere')), told.places.map((one) => h('option', { value: one, selected: one === asked.place }, one)));
    status.textContent = told.total ? t(told.total > AT_ONCE ? 'sellers.shown' : 'sellers.count', { n: told.total, from: asked.after + 1, to: asked.after + told.sellers.length }) : t('sellers.none');
    const page = (text, after) => h('button', { type: 'button', disabled: after === null, onclick: () => again({ after }) }, text);
    fill(body, told.total > 0 && table(told, asked, again),
      told.total > AT_ONCE && h('div.actions', null, page(t('sellers.previous'), asked.after ? Math.max(0, asked.after - AT_ONCE) : null), page(t('sellers.next'), told.next)),
      remarks(told));
  }
  const again = attempt(show);
  find.addEventListener('input', settled(250, () => again({ find: find.value.trim(), after: 0 })));
  place.addEventListener('change', () => again({ place: place.value, after: 0 }));
  sort.addEventListener('change', () => again({ sort: sort.value, after: 0 }));
  all.addEventListener('change', () => again({ all: all.checked, after: 0 }));

  fill(root, h('div.head', null, h('h1', null, t('sellers.title'))),
    h('div.fields', null, field(t('sellers.find'), find), field(t('sellers.place'), place), field(t('sellers.sort_by'), sort)),
    h('label.check', null, all, t('sellers.all')), status, body);
  await again();
  return { keys: [{ keys: ['f'], text: 'sellers.find', run: () => find.focus() }] };
}

// --- one of them ---

const offerItem = (offer) => h('li', null,
  h('div', null, outside(offer.url, offer.title || offer.url), offer.first_seen && h('span.quiet-text', null, ` · ${t('sellers.first_seen', { day: moment(offer.first_seen) })}`)),
  offer.candidates.map((one) => h('div', null,
    h('a', { href: `#/inbox/state/all/candidate/${one.candidate}` }, t('sellers.shows', { work: one.serial })), ` · ${t(`inbox.state.${one.state}`)}`)),
  offer.notices.map((one) => h('div', null,
    h('a', { href: `#/notices/${one.notice}` }, t('notices.short', { number: String(one.notice) })), ' ', stateTag(one.state), h('span.quiet-text', null, ` ${formatDate(one.on)}`))));

const points = (seller) => seller.points?.ends_on && h('div.note', null,
  h('p', null, t('sellers.estimate', { points: seller.points.points, most: seller.points.closes_at }), ' ',
    seller.points.closes ? t('sellers.closes') : t('sellers.to_go', { n: seller.points.days_to_go }), ' ',
    t('sellers.ends', { day: formatDate(seller.points.ends_on) })),
  seller.points.source && h('p.help', null, t('notices.source', { text: seller.points.source, day: formatDate(seller.points.checked_on) })));

/* Its parts, so that nobody has to believe the sum. */
const risk = ({ risk: r }) => h('div.note', null,
  h('p', null, h('strong', null, t('sellers.risk.points', { points: r.points }))),
  h('ul', null, [
    r.confirmed > 0 && t('sellers.risk.finds', { points: r.finds, n: r.confirmed, day: formatDate(r.last) }),
    r.reach > 0 && t('sellers.risk.reach', { points: r.reach, n: r.works }),
    r.returns > 0 && t('sellers.risk.returns', { points: r.returns, n: r.returned }),
  ].filter(Boolean).map((line) => h('li', null, line))),
  h('p.help', null, t('sellers.risk.means', { n: r.days })));

async function mountSeller(root, place, name) {
  const status = h('p.quiet-text', { role: 'status' }, t('sellers.reading'));
  fill(root, h('p', null, h('a', { href: '#/sellers' }, t('sellers.back'))), h('h1', null, name), status);
  const seller = await get('/api/seller', { place, name });
  const counts = COLUMNS.filter(([column]) => !['risk', 'points'].includes(column)).map(([column]) => [
    h('dt', null, t(`sellers.column.${column}`)), h('dd', null, valueOf(seller, column))]);
  fill(root, h('p', null, h('a', { href: '#/sellers' }, t('sellers.back'))),
    h('div.head', null, h('h1', null, t('sellers.on', { name: nameOf(seller.names[0]), place: seller.on })),
      h('a.button', { href: `#/inbox/state/all/seller/${encodeURIComponent(seller.names[0].text)}` }, t('sellers.inbox'))),
    seller.names.length > 1 && h('p', null, t('sellers.also', { names: seller.names.slice(1).map(nameOf).join(', ') })),
    risk(seller), points(seller), h('dl.facts.panel', null, counts),
    h('h2', null, t('sellers.offers', { n: seller.n_offers })),
    h('ul.offers', null, seller.offers.map(offerItem)),
    seller.n_offers > seller.offers.length && h('p', null, t('notices.and_more', { n: seller.n_offers - seller.offers.length })));
  return {};
}

const mount = (root, words) => (words.length >= 2 ? mountSeller(root, words[0], words[1]) : mountList(root));

export default { title: 'sellers.title', mount };
