// One work: its pictures, what is said of it, what platforms still ask for, its own line, and where
// it was seen.

import { get, post, save } from './api.js';
import { countrySelect } from './countries.js';
import { fill, h, settled } from './dom.js';
import { originalsPanel, takeOriginals } from './originals.js';
import { sightings } from './sightings.js';
import { formatNumber, t } from './text.js';
import { thresholdPanel } from './threshold.js';
import { attempt, confirmThat, field, picture, toast } from './ui.js';

const WIDTH = 900; // of a picture

// --- pictures ---

const viewUrl = (work, view) => `${picture.work(work.id, WIDTH)}&view=${view.view}`;

function viewFigure(work, view, i) {
  const name = view.path.split('/').pop();
  return h('figure', null,
    h('img.picture', { src: viewUrl(work, view), alt: t('works.picture_of', { title: work.title || work.work, n: i + 1 }), loading: i ? 'lazy' : 'eager' }),
    h('figcaption.quiet-text', null, `${name}, ${view.kind}, ${formatNumber(view.width)} × ${formatNumber(view.height)}`));
}

/* How well it can be found, in plain words. */
function worthNote(work) {
  if (work.plain && work.robustness === 0)
    return h('p.note.bad', null, t('works.worth_plain'));
  return h(`p.note${work.hard ? '.warn' : ''}`, null,
    t(work.hard ? 'works.worth_hard' : 'works.worth_good', { n: work.robustness }));
}

// --- what is said of it ---

const KINDS = ['illustration', 'photograph', 'painting', 'drawing', 'pattern', 'character', 'lettering', 'sculpture'];

const textInput = (value, more) => h('input', { type: 'text', value, autocomplete: 'off', ...more });

/* A field of the form: its name on the server, and what it is filled in with. */
const controls = {
  title: (value) => textInput(value, { maxlength: 2000 }),
  author: textInput,
  holder: textInput,
  kind: (value) => textInput(value, { list: 'kinds' }),
  completed_on: (value) => textInput(value, { placeholder: t('works.date_form') }),
  published_on: (value) => textInput(value, { placeholder: t('works.date_form') }),
  published_in: countrySelect,
  published_url: (value) => h('input', { type: 'url', value, placeholder: 'https://', autocomplete: 'off' }),
  registration: textInput,
  registered_in: countrySelect,
  description: (value) => h('textarea', { rows: 3, value }),
};

const helpOf = (name) => (['author', 'holder', 'published_url', 'registration', 'description'].includes(name) ? t(`works.help_${name}`) : null);

const lineOf = (text) => text.replace(/\s+/g, ' ').trim();

async function fieldsForm(work, inputs, saved) {
  for (const [name, make] of Object.entries(controls))
    inputs[name] = await make(work[name]);
  const problem = h('p.error', { role: 'alert', hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    const changed = Object.entries(inputs).map(([name, input]) => [name, lineOf(input.value)])
      .filter(([name, text]) => text !== work[name]);
    problem.hidden = true;
    Object.values(inputs).forEach((input) => input.removeAttribute('aria-invalid'));
    try {
      work = await post(`/api/works/${work.id}`, Object.fromEntries(changed));
      for (const [name, input] of Object.entries(inputs))
        input.value = work[name]; // "4.3.2021" is another way to write a day
      saved(work);
      toast(t('page.saved'));
    } catch (error) {
      refuse(error.message, inputs, problem);
    }
  };
  return h('form.panel', { onsubmit: submit, 'aria-labelledby': 'said-title', novalidate: true },
    h('h2', { id: 'said-title' }, t('works.said')), h('p.quiet-text', null, t('works.said_help', { number: work.number })),
    h('datalist', { id: 'kinds' }, KINDS.map((kind) => h('option', { value: kind }))),
    h('div.fields', null, Object.entries(inputs).map(([name, input]) => field(t(`works.field_${name}`), input, helpOf(name)))),
    problem,
    h('div.actions', null, h('button.primary', { type: 'submit' }, t('page.save'))));
}

/* The server names the field first ("published-on: ..."); it is marked and gone to. */
function refuse(line, inputs, problem) {
  const name = Object.keys(inputs).find((each) => line.startsWith(each.replace('_', '-')));
  problem.textContent = name ? `${t(`works.field_${name}`)}${line.slice(name.length)}` : line;
  problem.hidden = false;
  inputs[name]?.setAttribute('aria-invalid', 'true');
  inputs[name]?.focus();
}

// --- what platforms still ask for ---

/* What is missing, each once with the channels that want it: {fact, words, channels}. */
function missingOf(asked) {
  const all = new Map();
  const note = (fact, words, channel) => {
    if (!all.has(fact))
      all.set(fact, { fact, words, channels: [] });
    all.get(fact).channels.push(channel.name);
  };
  for (const channel of asked) {
    for (const { fact, words } of channel.missing)
      note(fact, words, channel);
    if (channel.proof_missing)
      note('proof', t('works.proof_missing'), channel);
  }
  return [...all.values()].sort((x, y) => y.channels.length - x.channels.length);
}

/* A way to where it is filled in. */
function whereOf({ fact, words }, goTo) {
  if (fact.startsWith('profile.'))
    return h('a', { href: '#/settings' }, words);
  const name = fact.replace('work.', '');
  return controls[name] ? h('button.link', { type: 'button', onclick: () => goTo(name) }, words) : words;
}

function askedPanel(work, goTo) {
  const missing = missingOf(work.asked);
  const complete = work.asked.filter((channel) => channel.missing.length === 0 && !channel.proof_missing);
  return h('section.panel', { 'aria-labelledby': 'asked-title' },
    h('h2', { id: 'asked-title' }, t('works.asked')), h('p.quiet-text', null, t('works.asked_help')),
    missing.length > 0 && h('table.asked', null,
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('works.asked_what')), h('th', { scope: 'col' }, t('works.asked_by')))),
      h('tbody', null, missing.map((one) => h('tr', null, h('th', { scope: 'row' }, whereOf(one, goTo)),
        h('td', null, one.channels.length === work.asked.length ? t('works.asked_by_all') : one.channels.join('; ')))))),
    complete.length > 0 && h('p', null, h('span.tag.good', null, t('works.complete')), ' ', complete.map((channel) => channel.name).join('; ')));
}

// --- what backs a complaint ---

function proofPanel(work, reload) {
  const made = work.asked.some((channel) => channel.statement);
  const make = attempt(async () => {
    if (made && !await confirmThat(t('works.proof_again'), t('works.proof_again_what'), t('works.proof_make_anew')))
      return;
    await post(`/api/works/${work.id}/proof`);
    toast(t('works.proof_made'));
    reload();
  });
  const file = (part, ending) => h('button', { type: 'button', onclick:
    attempt(() => save(`/api/works/${work.id}/proof/${part}`, `${work.work}${ending}`)) }, t(`works.proof_${part}`));
  return h('section.panel', { 'aria-labelledby': 'proof-title' },
    h('h2', { id: 'proof-title' }, t('works.proof')), h('p.quiet-text', null, t('works.proof_help')),
    h('div.actions', null, made && [file('statement', '-statement.pdf'), file('picture', '-proof.jpg')],
      h('button', { type: 'button', onclick: make }, t(made ? 'works.proof_make_anew' : 'works.proof_make'))));
}

// --- taking it away ---

const remove = (work) => attempt(async () => {
  const sure = await confirmThat(t('works.remove_title', { work: work.title || work.work }),
    [t('works.remove_what', { n: work.candidates }), t('works.remove_files')], t('works.remove'));
  if (!sure)
    return;
  await post(`/api/works/${work.id}/remove`);
  location.hash = '#/works';
  toast(t('works.removed', { work: work.work }));
});

// --- the view ---

/* Parts that follow what is known of the work, while what is being filled in stays. */
function makeParts(id, reload, goTo) {
  const title = h('h1'), pictures = h('div.views'), worth = h('div'), asked = h('div'), proof = h('div'), line = h('div');
  let lineShown = '';
  const show = (work) => {
    title.textContent = work.title || work.work;
    document.title = `${title.textContent} – Knockoff`;
    fill(pictures, work.views.map((view, i) => viewFigure(work, view, i)));
    fill(worth, worthNote(work));
    fill(asked, askedPanel(work, goTo));
    fill(proof, proofPanel(work, reload));
    if (lineShown !== `${work.threshold} ${work.own_threshold}`)
      fill(line, thresholdPanel({ id, threshold: work.threshold, own: work.own_threshold, saved: reload }));
    lineShown = `${work.threshold} ${work.own_threshold}`;
  };
  return { title, pictures, worth, asked, proof, line, show };
}

export async function mountWork(root, word) {
  const id = Number(word);
  let work = await get(`/api/works/${id}`);
  const load = attempt(async () => { work = await get(`/api/works/${id}`); parts.show(work); });
  const reload = settled(200, load);
  const inputs = {};
  const parts = makeParts(id, load, (name) => inputs[name].focus());
  const { zone, end: endDrop } = takeOriginals(t('works.drop_view'), root, id);
  const { panel, end: endPanel } = originalsPanel(reload);
  const form = await fieldsForm(work, inputs, (told) => { work = told; parts.show(work); });
  parts.show(work);
  fill(root,
    h('div.head', null, h('a', { href: '#/works' }, t('works.back')), parts.title,
      h('span.quiet-text', null, work.work),
      h('button.danger', { type: 'button', onclick: () => remove(work)() }, t('works.remove'))),
    h('div.work-sides', null,
      h('div.work-side', null, parts.pictures, parts.worth, zone, panel),
      h('div.work-side', null, form, parts.asked, parts.proof)),
    parts.line, h('div.panel', null, sightings(id)));
  return { unmount() { endDrop(); endPanel(); } };
}
