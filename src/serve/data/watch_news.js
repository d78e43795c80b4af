// Where news go while nobody looks at this page, and whether they arrive.

import { get, post } from './api.js';
import { h } from './dom.js';
import { secondsOf } from './evidence.js';
import { formatTime, t } from './text.js';
import { attempt, complain, toast } from './ui.js';
import { command, makePart } from './watch_part.js';

/* Of an address that may have a secret in its path, no more than its host is shown. */
const hostOf = (url) => (URL.canParse(url) ? new URL(url).host : '');
const WHERE = {
  mail: (settings) => settings['mail.to'],
  webhook: (settings) => hostOf(settings.webhook),
  atom: (settings) => settings.atom,
  desktop: () => '',
};

const timeOf = (moment) => formatTime(secondsOf(moment));

/* What became of the last digest. */
function lastOf(channel) {
  if (!channel.digest)
    return t('watch.news.nothing_told');
  if (channel.state === 'sent')
    return t('watch.news.sent', { time: timeOf(channel.sent) });
  return t(channel.state === 'waiting' ? 'watch.news.waiting' : 'watch.news.given_up', { why: channel.reason });
}

function test(channel) {
  const button = h('button', { type: 'button', id: `test-${channel}`, 'aria-label': t('watch.news.test_that', { name: t(`watch.channel.${channel}`) }), onclick: attempt(async () => {
    button.disabled = true;
    try {
      const { sent, reason } = await post('/api/news/test', { channel });
      if (sent)
        toast(t('watch.news.tested', { name: t(`watch.channel.${channel}`) }));
      else
        complain(new Error(reason));
    } finally {
      button.disabled = false;
    }
  }) }, t('watch.news.test'));
  return button;
}

const channelRow = (channel, settings) => h('li', null,
  h('span.name', null, h('strong', null, t(`watch.channel.${channel.channel}`)), ' ', WHERE[channel.channel](settings),
    h('div.quiet-text', null, lastOf(channel))),
  test(channel.channel));

function draw(told) {
  const { channels } = told;
  const settings = Object.fromEntries(told.settings.map(({ setting, value }) => [setting, value]));
  const set = channels.filter((one) => one.set);
  return [
    set.length ? h('ul.rows', null, set.map((one) => channelRow(one, settings)))
      : [h('p', null, t('watch.news.none')), command('knockoff notify set mail.server=smtps://mail.example mail.user=me mail.to=me@mail.example')],
    set.length > 0 && h('p', null, settings.quiet ? t('watch.news.quiet', { hours: settings.quiet }) : t('watch.news.never_quiet'), ' ',
      settings.every && t('watch.news.every', { length: settings.every })),
    h('p.help', null, t('watch.news.change')),
  ];
}

export const newsPart = () => makePart('news', () => get('/api/news'), draw);
