// The board of notices: what is to be filed, answered and awaited, by when, and how the user's own
// complaints fare. #/notices/3 is one of them (notice.js). Nothing here files anything by itself.

import { get, save } from './api.js';
import { fill, h } from './dom.js';
import { byDay, dueLine, isLate, statesLine, whenWords } from './due.js';
import { askBuild, showBuilt } from './build.js';
import { formatDate, formatShort, t } from './text.js';
import { attempt, picture } from './ui.js';

const DONE_AT_ONCE = 30;

// --- cards ---

/* In which column a notice stands. */
const COLUMNS = {
  file: (state) => state === 'built',
  answer: (state) => state === 'countered',
  wait: (state) => !['built', 'countered'].includes(state),
};

/* Overdue first, then by the day that comes first, then those without one. */
const byUrgency = (a, b) => {
  const [x, y] = [byDay(a.duties)[0], byDay(b.duties)[0]];
  const day = (duty) => duty?.due ?? '9999';
  return Number(isLate(y)) - Number(isLate(x)) || day(x).localeCompare(day(y)) || a.notice - b.notice;
};

const thumb = (notice) => (notice.work_id
  ? h('img.picture', { src: picture.work(notice.work_id, 160), alt: '', width: 64, height: 64, loading: 'lazy' })
  : h('div.picture.gone', { 'aria-hidden': 'true' }));

function card(notice, today) {
  const dated = byDay(notice.duties);
  const own = dated.filter((duty) => duty.who === 'you');
  return h('li.notice-card', null, thumb(notice), h('div', null,
    h('h3', null, h('a', { href: `#/notices/${notice.notice}`, id: `notice-${notice.notice}` },
      t('notices.name', { number: String(notice.notice), title: notice.title || notice.work }))),
    h('p', null, notice.channel_name),
    h('p.quiet-text', null, statesLine(notice),
      notice.parts > 1 && ` · ${t('notices.part', { part: notice.part, parts: notice.parts })}`,
      notice.ref && ` · ${t('notices.number', { ref: notice.ref })}`),
    notice.states.built && !notice.folder && h('p', null, h('span.tag.warn', null, t('notices.no_packet'))),
    (own.length ? own : dated.slice(0, 1)).map((duty) => dueLine(duty, today))));
}

function column(name, notices, today, more) {
  return h('section.column', { 'aria-labelledby': `column-${name}` },
    h('h2', { id: `column-${name}` }, t(`notices.column.${name}`), ' ', h('span.badge', null, String(notices.length))),
    notices.length
      ? h('ul.cards', null, notices.map((notice) => card(notice, today)))
      : h('p.quiet-text', null, t(`notices.none.${name}`)),
    more);
}

// --- what is due ---

const noticeLinks = (numbers) => numbers.map((number, i) => [i > 0 && ', ',
  h('a', { href: `#/notices/${number}` }, t('notices.short', { number: String(number) }))]);

function dueSection(told) {
  const dated = told.due.filter((duty) => duty.due);
  if (!dated.length)
    return null;
  return h('section.panel.due', { 'aria-labelledby': 'due' },
    h('div.head', null, h('h2', { id: 'due' }, t('notices.due')),
      h('button', { type: 'button', onclick: attempt(() => save('/api/due.ics', 'knockoff.ics')) }, t('notices.calendar'))),
    h('ul.plain', null, dated.map((duty) => h('li', null,
      h(`strong.when${duty.overdue ? '.error' : ''}`, null, whenWords(duty, told.today)),
      ' ', h('span', null, duty.words), ' ',
      h('span.quiet-text', null, formatDate(duty.due), ' · ', duty.channel_name, ' · ',
        t('notices.listings', { n: duty.all_listings }), ' · '), noticeLinks(duty.notices.slice(0, 12)),
      duty.notices.length > 12 && t('notices.and_more', { n: duty.notices.length - 12 })))));
}

// --- standing ---

const share = (percent) => `${formatShort(percent)} %`;

/* A rate that is of all of its channel says nothing new. */
const isSame = (rate, rates) => (rate.platform || rate.reason) && rates.filter((one) =>
  !one.platform === !rate.platform && !one.reason === !rate.reason).length === 1;

const levelTag = (level) => {
  const kind = { fine: '.good', near: '.warn', missed: '.bad' }[level] ?? '';
  return h(`span.tag${kind}`, null, t(`notices.level.${level}`));
};

function rateRow(rate) {
  const name = rate.platform ?? (rate.reason ? t('notices.reason', { reason: rate.reason }) : t('notices.all'));
  return h('tr', null, h('th', { scope: 'row' }, name),
    h('td.number', null, String(rate.decided)),
    h('td.number', null, rate.decided ? share(rate.success_percent) : '–'),
    h('td.number', null, rate.decided ? share(rate.lost_percent) : '–'),
    h('td.number', null, String(rate.unable)), h('td.number', null, String(rate.open)),
    h('td.number', null, String(rate.built)), h('td', null, levelTag(rate.level)));
}

/* What filing the notices that are built would risk. */
function riskLine({ built, risk, rule }) {
  if (!risk || !built)
    return null;
  return h('p', null, risk.can_hold
    ? t('notices.risk.bears', { n: built, refused: risk.bears_refused, lost: risk.bears_lost })
    : t('notices.risk.short', { n: built, success: rule.success_least_percent, lost: rule.counter_most_percent }));
}

function channelRates(rates) {
  const [all] = rates;
  const columns = ['what', 'decided', 'removed', 'lost', 'unable', 'open', 'built', 'level'];
  return h('div.rates', null,
    h('h3', null, all.channel_name),
    h('p.quiet-text', null, t('notices.months', { n: all.months }), ' ', all.rule
      ? t('notices.rule', { success: all.rule.success_least_percent, lost: all.rule.counter_most_percent, months: all.rule.out_months })
      : t('notices.no_rule')),
    h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': all.channel_name }, h('table', null,
      h('thead', null, h('tr', null, columns.map((name, i) =>
        h(i > 0 && i < 7 ? 'th.number' : 'th', { scope: 'col' }, t(`notices.rate.${name}`))))),
      h('tbody', null, rates.filter((rate) => !isSame(rate, rates)).map(rateRow)))),
    riskLine(all),
    all.rule && h('p.help', null, t('notices.source', { text: all.rule.source, day: formatDate(all.rule.checked_on) })));
}

function standingSection(told) {
  if (!told.rates.length)
    return null;
  const channels = [...new Set(told.rates.map((rate) => rate.channel))];
  return h('section.panel.standing', { 'aria-labelledby': 'standing' },
    h('h2', { id: 'standing' }, t('notices.standing')), h('p.help', null, t('notices.standing_help')),
    channels.map((channel) => channelRates(told.rates.filter((rate) => rate.channel === channel))));
}

// --- the board ---

/* All that are open, however many; the server gives so many at once. */
async function readOpen() {
  let told = await get('/api/notices', { which: 'open' });
  const { today } = told;
  const notices = [...told.notices];
  while (told.next) {
    told = await get('/api/notices', { which: 'open', before: told.next });
    notices.push(...told.notices);
  }
  return { today, notices };
}

const empty = () => h('div.empty', null, h('h2', null, t('notices.empty')), h('p', null, t('notices.empty_help')));

const moveFocus = (step) => {
  const links = [...document.querySelectorAll('.notice-card a')];
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
};

async function mountBoard(root, news) {
  const result = h('div', { role: 'status' });
  const body = h('div');
  let done = [];
  let doneNext = null;
  let state = { open: news?.notices_open, task: news?.task };

  const build = attempt(() => askBuild());
  fill(root, h('div.head', null, h('h1', null, t('notices.title')),
    h('button.primary', { type: 'button', onclick: build }, t('notices.build.button'))),
  h('p.help', null, t('notices.never_files')), result, body);

  async function readDone(before) {
    const told = await get('/api/notices', { which: 'closed', limit: DONE_AT_ONCE, before });
    done = (before ? done : []).concat(told.notices.reverse());
    doneNext = told.next;
    return told.closed;
  }

  async function show() {
    const [open, due, standing] = await Promise.all([readOpen(), get('/api/due'), get('/api/standing'), readDone()]);
    const draw = () => {
      const focused = document.activeElement?.id;
      const more = doneNext && h('button', { type: 'button', onclick: attempt(async () => { await readDone(doneNext); draw(); }) }, t('notices.more'));
      const columns = Object.entries(COLUMNS).map(([name, is]) => column(name,
        open.notices.filter((notice) => is(notice.state)).sort(byUrgency), open.today));
      const any = open.notices.length || done.length;
      fill(body, any ? [dueSection(due), h('div.board', null, columns, column('done', done, open.today, more))] : empty(),
        standingSection(standing));
      if (focused)
        document.getElementById(focused)?.focus();
    };
    draw();
  }

  await show();
  return {
    keys: [
      { keys: ['j', 'ArrowDown'], text: 'notices.key.next', run: () => moveFocus(1), repeats: true },
      { keys: ['k', 'ArrowUp'], text: 'notices.key.previous', run: () => moveFocus(-1), repeats: true },
      { keys: ['b'], text: 'notices.build.button', run: build },
    ],
    news: attempt(async ({ notices_open: openNow, task }) => {
      const before = state;
      state = { open: openNow, task };
      const ended = task?.kind === 'build' && before.task?.state !== task.state && !['running', 'stopping'].includes(task.state);
      if (ended)
        await showBuilt(result);
      if (ended || before.open !== openNow)
        await show();
    }),
  };
}

async function mount(root, words, news) {
  if (!/^\d+$/.test(words[0] ?? ''))
    return mountBoard(root, news);
  return (await import('./notice.js')).mountNotice(root, words[0]);
}

export default { title: 'notices.title', mount };
