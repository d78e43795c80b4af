// Whether something watches, what it did and does next, and what waits.

import { get } from './api.js';
import { h } from './dom.js';
import { secondsOf } from './evidence.js';
import { formatShort, formatTime, t } from './text.js';
import { command, isPast, makePart } from './watch_part.js';

const TONES = { failed: 'bad', 'cut off': 'warn', running: 'info' };

const timeOf = (moment) => formatTime(secondsOf(moment));

const runs = ({ running, since }) => (running
  ? h('p', null, h('span.tag.good', null, t('watch.state.runs')), ' ', since && t('watch.state.since', { time: timeOf(since) }))
  : h('div.note', null, h('p', null, t('watch.state.rests')),
    h('p', null, t('watch.state.install')), command('knockoff schedule install'),
    h('p', null, t('watch.state.once')), command('knockoff watch')));

const nextOf = ({ next }) => next && (isPast(next) ? t('watch.due') : t('watch.next', { time: timeOf(next) }));

function jobRow(job) {
  const { last } = job;
  return h('li', null,
    h('span.name', null, h('strong', null, t(`watch.job.${job.job}`)), ' ',
      last && TONES[last.state] && h(`span.tag.${TONES[last.state]}`, null, t(`watch.run.${last.state.replace(' ', '_')}`)),
      last && h('div', null, last.result)),
    h('span.quiet-text', null, [last ? t('watch.last', { time: timeOf(last.ended ?? last.began) }) : t('watch.never'), nextOf(job)]
      .filter(Boolean).join(' · ')));
}

const megabytes = (bytes) => formatShort(bytes / (1 << 20));

const waits = (waiting) => Object.keys(waiting).filter((name) => waiting[name] > 0)
  .map((name) => t(`watch.waiting.${name}`, { n: waiting[name] })).join(', ');

const draw = ({ watch, jobs, waiting, bytes }) => [
  runs(watch),
  jobs.length > 0 && h('ul.rows', null, jobs.map(jobRow)),
  waits(waiting) && h('p', null, t('watch.waits', { what: waits(waiting) })),
  h('p.quiet-text', null, t('watch.bytes', { database: megabytes(bytes.database), archive: megabytes(bytes.archive) })),
];

export const statePart = () => makePart('state', () => get('/api/watch'), draw);
