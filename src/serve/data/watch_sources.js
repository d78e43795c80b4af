// The sources of listings: how each fares, and letting it rest.

import { get, post } from './api.js';
import { h, outside } from './dom.js';
import { secondsOf } from './evidence.js';
import { formatTime, t } from './text.js';
import { attempt } from './ui.js';
import { command, isPast, lengthWords, makePart } from './watch_part.js';

const TONES = { ok: 'good', blocked: 'warn', failed: 'bad', running: 'info' };

const when = (source) => [
  source.every_s ? t('watch.sources.every', { length: lengthWords(source.every_s) }) : t('watch.sources.told'),
  source.last_run ? t('watch.last', { time: formatTime(secondsOf(source.last_run)) }) : t('watch.never'),
  source.next && source.every_s > 0 && (isPast(source.next) ? t('watch.due') : t('watch.next', { time: formatTime(secondsOf(source.next)) })),
].filter(Boolean).join(' · ');

function sourceRow(source, refresh) {
  const name = source.paused ? 'resume' : 'pause';
  const toggle = attempt(async () => {
    await post(`/api/sources/${source.source}`, { paused: !source.paused });
    await refresh();
  });
  return h('li', null,
    h('span.name', null, h('strong', null, source.name), ' ', h(`span.tag${TONES[source.state] ? `.${TONES[source.state]}` : ''}`, null, t(`watch.source.${source.state}`)),
      h('div', null, outside(source.url)), source.last_result && h('div', null, source.last_result),
      h('div.quiet-text', null, when(source))),
    h('button', { type: 'button', id: `source-${source.source}`, onclick: toggle,
      'aria-label': t(`watch.sources.${name}_that`, { name: source.name }) }, t(`watch.sources.${name}`)));
}

const draw = ({ sources }, refresh) => (sources.length ? h('ul.rows', null, sources.map((one) => sourceRow(one, refresh)))
  : [h('p', null, t('watch.sources.none')), command('knockoff source add https://shop.example/ --every 6h')]);

export const sourcesPart = () => makePart('sources', () => get('/api/sources'), draw);
