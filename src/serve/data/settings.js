// What holds for all works: who the user is, from which score on candidates are shown, who may sell,
// which pictures never count, and the clipping helper.

import { get, post } from './api.js';
import { clipSection } from './clip.js';
import { fill, h } from './dom.js';
import { profileSection } from './profile.js';
import { formatDay, t } from './text.js';
import { thresholdPanel } from './threshold.js';
import { attempt, field, picture, toast } from './ui.js';

const dayOf = (time) => formatDay(Date.parse(time) / 1000);

/* Says that something was changed, and lets it be taken back. */
const said = (text, act, reload) => toast(text, { action: { text: t('page.undo'), run: attempt(async () => {
  await post('/api/undo', { act });
  reload();
}) } });

// --- sellers that may sell ---

const allowedName = ({ platform, host, seller, seller_id: id }) => (seller || id
  ? t('settings.seller_on', { seller: seller || id, place: platform || host }) : host);

function allowForm(reload) {
  const seller = h('input', { type: 'text', autocomplete: 'off' });
  const on = h('input', { type: 'text', autocomplete: 'off', list: 'marketplaces', required: true });
  const submit = attempt(async () => {
    const { act } = await post('/api/allowed', { seller: seller.value.trim(), on: on.value.trim() });
    said(t('settings.allowed_now'), act, reload);
    seller.value = on.value = '';
    reload();
  });
  return h('form', { onsubmit: (event) => { event.preventDefault(); submit(); } },
    h('datalist', { id: 'marketplaces' }, ['aliexpress', 'alibaba', 'amazon', 'ebay', 'etsy', 'redbubble', 'temu'].map((value) => h('option', { value }))),
    h('div.fields', null, field(t('settings.allow_on'), on, t('settings.allow_on_help')), field(t('settings.allow_seller'), seller, t('settings.allow_seller_help'))),
    h('div.actions', null, h('button', { type: 'submit' }, t('settings.allow'))));
}

function allowedRow(entry, reload) {
  const drop = attempt(async () => {
    const { act } = await post(`/api/allowed/${entry.allow}/remove`);
    said(t('settings.disallowed_now'), act, reload);
    reload();
  });
  return h('li', null, h('span.name', null, allowedName(entry)), h('span.quiet-text', null, t('settings.since', { day: dayOf(entry.added) })),
    h('button', { type: 'button', onclick: drop, 'aria-label': t('settings.disallow_that', { name: allowedName(entry) }) }, t('settings.disallow')));
}

// --- pictures that never count ---

function neverItem(entry, reload) {
  const drop = attempt(async () => {
    const { act } = await post(`/api/never/${entry.negative}/remove`);
    said(t('settings.counts_now'), act, reload);
    reload();
  });
  return h('li', null,
    h('img.picture', { src: picture.photo(entry.image, 320), alt: t('settings.never_picture', { day: dayOf(entry.added) }), loading: 'lazy', width: 320, height: 320 }),
    h('span.quiet-text', null, t('settings.never_photos', { n: entry.images })),
    h('button', { type: 'button', onclick: drop }, t('settings.count_again')));
}

// --- the view ---

const section = (name, ...children) => h('section.panel', { 'aria-labelledby': `${name}-title` },
  h('h2', { id: `${name}-title` }, t(`settings.${name}`)), h('p.quiet-text', null, t(`settings.${name}_help`)), children);

async function mount(root) {
  const allowed = h('ul.rows'), never = h('ul.thumbs'), line = h('div');
  const load = attempt(async () => {
    const settings = await get('/api/settings');
    const none = (name) => h('li.quiet-text', null, t(`settings.${name}_none`));
    fill(allowed, settings.allowed.length ? settings.allowed.map((entry) => allowedRow(entry, load)) : none('allowed'));
    fill(never, settings.never.length ? settings.never.map((entry) => neverItem(entry, load)) : none('never'));
    return settings;
  });
  const loadLine = attempt(async () => {
    const { threshold } = await load();
    fill(line, thresholdPanel({ id: null, threshold, own: false, saved: loadLine }));
  });
  const [profile, clip] = await Promise.all([profileSection(), clipSection(), loadLine()]);
  fill(root, h('div.head', null, h('h1', null, t('settings.title'))), profile, line,
    section('allowed', allowed, allowForm(load)), section('never', never), clip);
}

export default { title: 'settings.title', mount };
