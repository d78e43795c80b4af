// The user's rules: what they set aside without being asked, and making one with its effect in sight.

import { get, post } from './api.js';
import { countrySelect } from './countries.js';
import { h, settled } from './dom.js';
import { secondsOf } from './evidence.js';
import { formatDay, t } from './text.js';
import { attempt, confirmThat, field, toast } from './ui.js';
import { makePart } from './watch_part.js';

const PREVIEW_MS = 400; // in which nothing more is typed

// --- those that there are ---

function ruleRow(rule, refresh) {
  const remove = attempt(async () => {
    if (rule.aside && !await confirmThat(t('watch.rules.remove_title'), t('watch.rules.remove_text', { n: rule.aside }), t('watch.rules.remove')))
      return;
    const { back } = await post(`/api/rules/${rule.rule}/remove`);
    toast(t('watch.rules.removed', { n: back }));
    await refresh();
  });
  return h('li', null,
    h('span.name', null, h('strong', null, rule.words), h('div.quiet-text', null,
      [t('watch.rules.aside', { n: rule.aside }), t('settings.since', { day: formatDay(secondsOf(rule.added)) }), rule.who].filter(Boolean).join(' · '))),
    rule.aside > 0 && h('a.button', { href: '#/inbox/state/ruled' }, t('watch.rules.look')),
    h('button', { type: 'button', id: `rule-${rule.rule}`, onclick: remove, 'aria-label': t('watch.rules.remove_that', { words: rule.words }) }, t('watch.rules.remove')));
}

const draw = ({ rules }, refresh) => (rules.length ? h('ul.rows', null, rules.map((rule) => ruleRow(rule, refresh)))
  : h('p.quiet-text', null, t('watch.rules.none')));

// --- a new one ---

const text = (more) => h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...more });

const makeInputs = async () => ({
  price_below: text(),
  price_above: text(),
  country: await countrySelect(''),
  seller: text(),
  on: text({ list: 'rule-places' }),
  score_below: text({ inputmode: 'decimal' }),
  work: text(),
});
const HELPED = ['price_below', 'country', 'on', 'score_below', 'work'];

/* What is stated, as the server takes it. */
function stated(inputs) {
  const said = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]).filter(([, value]) => value));
  if (said.score_below)
    said.score_below = Number(said.score_below.replace(',', '.'));
  return said;
}

/* The form: whatever is stated is tried at once, and kept when that is asked for. */
async function ruleForm(refresh) {
  const inputs = await makeInputs();
  const effect = h('p', { role: 'status' });
  const add = h('button.primary', { type: 'submit', disabled: true }, t('watch.rules.add'));
  let turn = 0;

  const preview = async () => {
    const said = stated(inputs);
    const mine = ++turn;
    add.disabled = true;
    effect.textContent = '';
    if (!Object.keys(said).length)
      return;
    const told = await post('/api/rules', { ...said, try: true }).then(({ candidates }) => ({ fits: true, words: t('watch.rules.would', { n: candidates }) }),
      (error) => ({ fits: false, words: error.message }));
    if (mine !== turn)
      return;
    effect.textContent = told.words;
    effect.classList.toggle('error', !told.fits);
    add.disabled = !told.fits;
  };
  const submit = attempt(async () => {
    const { aside } = await post('/api/rules', stated(inputs));
    for (const input of Object.values(inputs))
      input.value = '';
    await preview();
    toast(t('watch.rules.added', { n: aside }));
    await refresh();
  });

  return h('details', null, h('summary', null, t('watch.rules.new')),
    h('form', { oninput: settled(PREVIEW_MS, preview), onsubmit: (event) => { event.preventDefault(); submit(); } },
      h('p.help', null, t('watch.rules.all_of')),
      h('datalist', { id: 'rule-places' }, ['aliexpress', 'alibaba', 'amazon', 'ebay', 'etsy', 'redbubble', 'temu'].map((value) => h('option', { value }))),
      h('div.fields', null, Object.entries(inputs).map(([name, input]) =>
        field(t(`watch.rules.field.${name}`), input, HELPED.includes(name) && t(`watch.rules.field.${name}_help`)))),
      effect, h('div.actions', null, add)));
}

export async function rulesPart() {
  const place = h('div');
  const part = makePart('rules', () => get('/api/rules'), draw, place);
  place.append(await ruleForm(part.refresh));
  return part;
}
