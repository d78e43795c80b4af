// How it goes: what was found, filed and removed, by whom it was offered, and an estimate in money.
// The numbers are those of knockoff report.

import { get, post } from './api.js';
import { bars, columns } from './chart.js';
import { fill, h, settled } from './dom.js';
import { scanControls } from './scan.js';
import { formatDate, formatMoney, formatNumber, formatShort, formatShortDate, t } from './text.js';
import { attempt, complain, field, toast } from './ui.js';

const series = () => ['found', 'filed', 'removed'].map((key) => ({ key, name: t(`overview.${key}`) }));

const platformName = (name) => name ?? t('overview.others');

// --- tiles ---

const tile = (name, value, more) => h('li.panel.tile', null,
  h('p.value', null, value), h('h2', null, t(`overview.${name}`)),
  more && h('p', null, more), h('p.help', null, t(`overview.${name}_means`)));

function tiles(report) {
  const { total } = report;
  return h('ul.tiles', null,
    tile('found', formatNumber(total.found)),
    tile('filed', formatNumber(total.filed), t('overview.open', { n: total.open })),
    tile('removed', formatNumber(total.removed)),
    tile('days', total.median_of ? formatShort(total.median_days) : '–', total.median_of ? t('overview.days_of', { n: total.median_of }) : null),
    tile('reappeared', formatNumber(report.reappeared)),
    tile('repeat', formatNumber(report.repeat_sellers), t('overview.sellers', { n: report.sellers })));
}

// --- charts ---

const inWords = (name, row) => `${name}: ${series().map((one) => `${one.name} ${formatNumber(row[one.key])}`).join(', ')}`;

const weekly = ({ weeks }) => columns({
  title: t('overview.by_week'), unit: t('overview.unit'), what: t('overview.week'), series: series(),
  rows: weeks.map((week) => ({ ...week, name: formatShortDate(week.from), long: `${week.week}, ${formatDate(week.from)}`,
    title: inWords(t('overview.week_of', { day: formatDate(week.from) }), week) })),
});

const byPlatform = ({ platforms }) => bars({
  title: t('overview.by_platform'), unit: t('overview.unit'), what: t('overview.platform'), series: series(),
  rows: platforms.map((row) => ({ ...row, name: platformName(row.platform), title: inWords(platformName(row.platform), row) })),
});

const repeatSellers = ({ repeat, repeat_sellers: all }) => h('section.panel', null,
  h('h2', null, t('overview.repeat')),
  h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': t('overview.repeat') }, h('table', null,
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('overview.seller')), h('th', { scope: 'col' }, t('overview.platform')),
      ['found', 'removed', 'reappeared'].map((key) => h('th.number', { scope: 'col' }, t(`overview.${key}`))))),
    h('tbody', null, repeat.map((row) => h('tr', null, h('th.seller', { scope: 'row' }, row.seller), h('td', null, row.on),
      ['found', 'removed', 'reappeared'].map((key) => h('td.number', null, formatNumber(row[key])))))))),
  all > repeat.length && h('p', null, h('a', { href: '#/sellers' }, t('overview.more_sellers', { n: all - repeat.length }))));

// --- money ---

const money = (amount, currency) => (/^[A-Z]{3}$/.test(currency) ? formatMoney(amount, currency) : `${formatNumber(amount)} ${currency}`);

const sumRow = (sum, each) => h('li', null, h('strong', null, money(sum.amount, sum.currency)), ' ',
  [sum.by_price_and_sold > 0 && t('overview.by_sold', { n: sum.by_price_and_sold }),
    sum.by_statement > 0 && t('overview.by_statement', { n: sum.by_statement, each: `${formatNumber(each.amount)} ${each.currency}` })]
    .filter(Boolean).join(' '));

const estimate = ({ money: m }) => [
  m.together && h('p.value', null, money(m.together.amount, m.together.currency)),
  m.together && h('p', null, t('overview.together')),
  m.together?.left_out.length > 0 && h('p.note.warn', null, t('overview.left_out', { currencies: m.together.left_out.join(', ') })),
  h('ul.sums', null, m.sums.map((sum) => sumRow(sum, m.per_listing))),
  m.not_counted > 0 && h('p', null, t('overview.not_counted', { n: m.not_counted })),
];

/* The form states amounts as the command line takes them: "25 EUR", "EUR USD=0.92". */
function makeForm({ money: m }, saved) {
  const amount = h('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal', value: m.per_listing?.amount ?? '' });
  const code = (value) => h('input.code', { type: 'text', maxlength: 3, autocomplete: 'off', autocapitalize: 'characters', placeholder: 'EUR', value: value ?? '' });
  const currency = code(m.per_listing?.currency);
  const into = code(m.rates?.into);
  const rates = h('div.fields');
  const inputs = {};
  const upper = (input) => input.value.trim().toUpperCase();
  const makeRates = () => {
    const others = [...new Set([...m.sums.map((sum) => sum.currency), upper(currency)])].filter((one) => one && one !== upper(into));
    fill(rates, into.value && others.map((one) => {
      inputs[one] ??= h('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal', value: m.rates?.worth[one] ?? '' });
      return field(t('overview.rate', { from: one, into: upper(into) }), inputs[one]);
    }));
  };
  into.addEventListener('input', makeRates);
  currency.addEventListener('input', makeRates);
  makeRates();
  const text = () => ({
    per_listing: amount.value ? `${amount.value} ${upper(currency)}` : '',
    rates: [upper(into), ...Object.entries(inputs).filter(([one, input]) => into.value && input.isConnected && input.value && one !== upper(into))
      .map(([one, input]) => `${one}=${input.value}`)].join(' '),
  });
  const save = attempt(async (event) => {
    event.preventDefault();
    await post('/api/report/estimate', text());
    toast(t('page.saved'));
    await saved();
  });
  return h('form', { onsubmit: save },
    h('div.fields', null, field(t('overview.per_listing'), amount, t('overview.per_listing_help')), field(t('overview.currency'), currency),
      field(t('overview.into'), into, t('overview.into_help'))),
    rates, h('div.actions', null, h('button', { type: 'submit' }, t('page.save'))));
}

// --- the view ---

const nothingYet = () => h('div.empty', null, h('h2', null, t('overview.nothing')), h('p', null, t('overview.nothing_help')),
  h('p', null, h('a', { href: '#/works' }, t('nav.works')), ' · ', h('a', { href: '#/inbox' }, t('nav.inbox'))));

async function mount(root, words, first) {
  const main = h('div'), form = h('div'), sums = h('div', { 'aria-live': 'polite' });
  const choice = h('select', { 'aria-label': t('overview.span'), onchange: () => show().catch(complain) },
    [12, 26, 52, 104, 260].map((n) => h('option', { value: n }, t('overview.weeks', { n }))));
  const panel = h('section.panel.money', { hidden: true }, h('h2', null, t('overview.money')), h('p.help', null, t('overview.money_means')), sums, form);
  let report = null;
  const asked = (news) => [news?.candidates.accepted, news?.notices_open, news?.works].join();
  let seen = asked(first);

  async function show() {
    report = await get('/api/report', { weeks: choice.value });
    const some = report.total.found > 0;
    fill(main, some ? [tiles(report), h('div.charts', null, h('section.panel', null, weekly(report)), h('section.panel', null, byPlatform(report))),
      report.repeat.length > 0 && repeatSellers(report)] : nothingYet());
    panel.hidden = !some;
    fill(sums, estimate(report));
  }
  const showForm = () => fill(form, makeForm(report, () => show()));
  const follow = settled(1500, () => show().catch(complain));
  const opened = [];
  const beforePrint = () => opened.push(...[...root.querySelectorAll('details:not([open])')].map((one) => { one.open = true; return one; }));
  const afterPrint = () => { for (const one of opened.splice(0)) one.open = false; };
  addEventListener('beforeprint', beforePrint);
  addEventListener('afterprint', afterPrint);

  fill(root, h('div.head', null, h('h1', null, t('overview.title')), choice,
    h('button', { type: 'button', onclick: () => print() }, t('overview.print')), scanControls()), main, panel);
  await show();
  showForm();
  return {
    news(news) {
      if (asked(news) !== seen)
        follow();
      seen = asked(news);
    },
    unmount() {
      removeEventListener('beforeprint', beforePrint);
      removeEventListener('afterprint', afterPrint);
    },
  };
}

export default { title: 'overview.title', mount };
