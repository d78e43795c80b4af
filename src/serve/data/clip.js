// The clipping helper, as a part of the settings: how to get it, and the browsers that are paired.

import { get, post } from './api.js';
import { fill, h } from './dom.js';
import { formatDay, formatTime, t } from './text.js';
import { attempt, confirmThat, copyText, field, openDialog } from './ui.js';

const ZIP = '/assets/knockoff-clipper.zip';

// --- getting it ---

const steps = (browser, n) => h('ol', null,
  Array.from({ length: n }, (_, i) => h('li', null, t(`clip.${browser}.${i + 1}`))));

const manual = () => h('details', null, h('summary', null, t('clip.how')),
  h('p', null, h('a.button', { href: ZIP, download: '' }, t('clip.download'))),
  h('p.help', null, t('clip.unpack')),
  h('h3', null, t('clip.chromium.name')), steps('chromium', 4),
  h('h3', null, t('clip.firefox.name')), steps('firefox', 3), h('p.help', null, t('clip.firefox.note')),
  h('p', null, t('clip.use')));

// --- pairing ---

/* The browser that shows this page, by a name that its user knows; a first guess. */
function guessName() {
  const known = ['Firefox', 'Edg', 'OPR', 'Vivaldi', 'Chrome'].find((name) => navigator.userAgent.includes(`${name}/`));
  return { Edg: 'Edge', OPR: 'Opera' }[known] ?? known ?? '';
}

/* The code is shown this once. */
const showCode = (code) => openDialog(t('clip.code_title'), (dialog, close) => {
  const box = h('textarea.mono', { readonly: true, rows: 2, spellcheck: 'false' });
  box.value = code;
  return [h('p', null, t('clip.code_intro')), field(t('clip.code'), box, t('clip.code_once')),
    h('div.actions', null,
      h('button.primary', { type: 'button', autofocus: true, onclick: attempt(() => copyText(code)) }, t('clip.copy')),
      h('button', { type: 'button', onclick: () => close() }, t('page.close')))];
});

function pairForm(reload) {
  const name = h('input', { type: 'text', value: guessName(), maxlength: 40, autocomplete: 'off', required: true });
  const pair = attempt(async () => {
    const { code } = await post('/api/pairings', { name: name.value.trim() });
    await reload();
    await showCode(code);
  });
  return h('form', { onsubmit: (event) => { event.preventDefault(); pair(); } },
    h('div.fields', null, field(t('clip.name'), name, t('clip.name_help'))),
    h('div.actions', null, h('button.primary', { type: 'submit' }, t('clip.pair'))));
}

// --- what is paired ---

function pairingRow(pairing, reload) {
  const revoke = attempt(async () => {
    if (!await confirmThat(t('clip.revoke_title', pairing), t('clip.revoke_text'), t('clip.revoke')))
      return;
    await post(`/api/pairings/${pairing.pairing}/revoke`);
    await reload();
    document.getElementById('clip').focus(); // what had it is gone
  });
  const used = pairing.used_at ? t('clip.used', { time: formatTime(pairing.used_at) }) : t('clip.never');
  return h('li', null, h('span.name', null, pairing.name),
    h('span.quiet-text', null, t('clip.made', { day: formatDay(pairing.made_at) }), ' ', used),
    h('button.danger', { type: 'button', onclick: revoke, 'aria-label': t('clip.revoke_that', pairing) }, t('clip.revoke')));
}

/** The panel of the settings. */
export async function clipSection() {
  const list = h('div', { 'aria-live': 'polite' });
  const load = async () => {
    const { pairings, wrong } = await get('/api/pairings');
    fill(list, pairings.length ? h('ul.rows', null, pairings.map((one) => pairingRow(one, attempt(load)))) : h('p.quiet-text', null, t('clip.none')),
      wrong > 0 && h('p.note.warn', null, t('clip.wrong', { n: wrong })));
  };
  await load();
  return h('section.panel', { id: 'clip', tabindex: -1, 'aria-labelledby': 'clip-title' },
    h('h2', { id: 'clip-title' }, t('clip.title')), h('p.quiet-text', null, t('clip.intro')), manual(),
    h('h3', null, t('clip.paired')), list, pairForm(attempt(load)));
}
