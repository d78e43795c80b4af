// One work: its pictures, what is said of it, what platforms still ask for, its own line, and where
// it was seen.

import { get, post } from './api.js';
import { countrySelect } from './countries.js';
import { fill, h, settled } from './dom.js';
import { originalsPanel, takeOriginals } from './originals.js';
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

async function fieldsForm(work, saved) {
  const inputs = {};
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
      saved(await post(`/api/works/${work.id}`, Object.fromEntries(changed)));
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

const ofWho = (channel, begins) => channel.missing.filter((one) => one.fact.startsWith(begins)).map((one) => one.words);

function askedRow(channel) {
  const ofWork = ofWho(channel, 'work.'), ofUser = ofWho(channel, 'profile.');
  const complete = ofWork.length + ofUser.length === 0 && !channel.proof_missing;
  return h('tr', null, h('th', { scope: 'row' }, channel.name), h('td', null, complete
    ? h('span.tag.good', null, t('works.complete'))
    : h('ul.plain', null, ofWork.map((words) => h('li', null, words)),
      channel.proof_missing && h('li', null, t('works.proof_missing')),
      ofUser.length > 0 && h('li', null, h('a', { href: '#/settings' }, t('works.of_you')), ` ${ofUser.join(', ')}`))));
}

const askedPanel = (work) => h('section.panel', { 'aria-labelledby': 'asked-title' },
  h('h2', { id: 'asked-title' }, t('works.asked')), h('p.quiet-text', null, t('works.asked_help')),
  h('div.scroll', null, h('table.asked', null, h('tbody', null, work.asked.map(askedRow)))));

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
function makeParts(id, reload) {
  const title = h('h1'), pictures = h('div.views'), worth = h('div'), asked = h('div'), line = h('div');
  let lineShown = '';
  const show = (work) => {
    title.textContent = work.title || work.work;
    document.title = `${title.textContent} – Knockoff`;
    fill(pictures, work.views.map((view, i) => viewFigure(work, view, i)));
    fill(worth, worthNote(work));
    fill(asked, askedPanel(work));
    if (lineShown !== `${work.threshold} ${work.own_threshold}`)
      fill(line, thresholdPanel({ id, threshold: work.threshold, own: work.own_threshold, saved: reload }));
    lineShown = `${work.threshold} ${work.own_threshold}`;
  };
  return { title, pictures, worth, asked, line, show };
}

export async function mountWork(root, word) {
  const id = Number(word);
  let work = await get(`/api/works/${id}`);
  const load = attempt(async () => { work = await get(`/api/works/${id}`); parts.show(work); });
  const reload = settled(200, load);
  const parts = makeParts(id, load);
  const { zone, end: endDrop } = takeOriginals(t('works.drop_view'), root, id);
  const { panel, end: endPanel } = originalsPanel(reload);
  const form = await fieldsForm(work, (told) => { work = told; parts.show(work); });
  parts.show(work);
  fill(root,
    h('div.head', null, h('a', { href: '#/works' }, t('works.back')), parts.title,
      h('span.quiet-text', null, work.work),
      h('button.danger', { type: 'button', onclick: () => remove(work)() }, t('works.remove'))),
    h('div.work-sides', null,
      h('div.work-side', null, parts.pictures, parts.worth, zone, panel),
      h('div.work-side', null, form, parts.asked)),
    parts.line);
  return { unmount() { endDrop(); endPanel(); } };
}
