// What is due and how a notice stands, in words: what its card, its page and its lists say alike.

import { h } from './dom.js';
import { formatDate, formatNumber, t } from './text.js';
import { complain } from './ui.js';

/** Days from one to another ("2026-11-22"). */
export const daysBetween = (from, to) => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86400000);

/** "3 days overdue", "today", "in 4 days"; what others owe is not overdue, but was expected. */
export function whenWords(duty, today) {
  const days = daysBetween(today, duty.due);
  if (duty.who !== 'you' && days < 0)
    return t('notices.expected', { n: -days });
  if (duty.who === 'you' && duty.overdue)
    return days < 0 ? t('notices.overdue', { n: -days }) : t('notices.overdue_there');
  if (days === 0)
    return t('notices.today');
  return days === 1 ? t('notices.tomorrow') : t('notices.in_days', { n: days });
}

/** Only what the user has to do can be late; what others owe is only awaited. */
export const isLate = (duty) => Boolean(duty?.overdue && duty.who === 'you');

/** Those with a day, the user's own first, then by day. */
export const byDay = (duties) => duties.filter((duty) => duty.due)
  .sort((a, b) => Number(b.who === 'you') - Number(a.who === 'you') || a.due.localeCompare(b.due));

/** A line about one duty: by when, who, and what. */
export function dueLine(duty, today) {
  const late = isLate(duty);
  return h('p.due-line', null,
    duty.due && h(`strong.when${late ? '.error' : ''}`, null, whenWords(duty, today)),
    duty.due && h('span.quiet-text', null, ` (${formatDate(duty.due)}) `),
    h('span', null, t(`notices.who.${duty.who}`), ' ', duty.words),
    duty.sure === false && h('span.quiet-text', null, ' ', t('notices.or_later')));
}

const KINDS = { built: '.info', countered: '.bad', removed: '.good', refused: '.bad', restored: '.bad', reappeared: '.warn', unable: '.warn' };

/** What became of a listing, as a tag. */
export const stateTag = (state) => h(`span.tag${KINDS[state] ?? ''}`, null, t(`notices.state.${state}`));

/** "3 listings: 2 removed, 1 countered". */
export function statesLine(notice) {
  const states = Object.entries(notice.states);
  const all = t('notices.listings', { n: notice.listings });
  if (states.length === 1)
    return `${all} · ${t(`notices.state.${states[0][0]}`)}`;
  return `${all}: ${states.map(([state, n]) => `${formatNumber(n)} ${t(`notices.state.${state}`)}`).join(', ')}`;
}

/** As attempt, without the words of commands that the server's lines may end with. */
export const carefully = (fn) => async (...words) => {
  try {
    return await fn(...words);
  } catch (error) {
    error.message = error.message.replace(/:? \(?knockoff [a-z].*$/, '');
    complain(error);
    return undefined;
  }
};
