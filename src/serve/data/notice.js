// One notice: what to do, what to paste, its listings, what became of them, and what is held against
// a counter-notice.

import { get, post, read, save } from './api.js';
import { checklist } from './checklist.js';
import { fill, h, isWeb, outside } from './dom.js';
import { carefully, dueLine, stateTag, statesLine } from './due.js';
import { formatDate, formatTime, t } from './text.js';
import { attempt, copyText, field, picture, toast } from './ui.js';

const PASTED = ['urls.txt', 'items.txt', 'reason.txt', 'letter.txt'];
const ORDER = ['CHECKLIST.txt', 'ANSWER.txt', ...PASTED, 'letter.pdf', 'vero.json', 'proof.jpg', 'statement.pdf', 'evidence.pdf', 'notice.json'];

// --- files ---

const pathOf = (notice, name, folder) => `/api/notices/${notice.notice}/files/${encodeURIComponent(name)}${folder ? `?folder=${folder}` : ''}`;

const size = (bytes) => (bytes < 1 << 20
  ? t('notices.kb', { n: Math.max(1, Math.round(bytes / 1024)) })
  : t('notices.mb', { n: Math.round(bytes / (1 << 20)) }));

const rank = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

const saveButton = (notice, file, folder) => h('button', {
  type: 'button',
  onclick: carefully(() => save(pathOf(notice, file.name, folder), `${notice.notice}-${file.name}`)),
}, t('notices.save', { name: file.name }), h('span.quiet-text', null, size(file.bytes)));

const fileList = (notice, files, folder) => h('ul.files', null,
  [...files].sort((a, b) => rank(a.name) - rank(b.name)).map((file) => h('li', null, saveButton(notice, file, folder))));

/* A text to be pasted: shown as it is, with a button that copies all of it. */
async function pasteBox(notice, name, folder) {
  const text = await read(pathOf(notice, name, folder));
  const rows = Math.min(12, text.split('\n').length + 1);
  const area = h('textarea.mono', { readonly: true, rows, spellcheck: 'false' });
  area.value = text.replace(/\n$/, '');
  return h('div.paste', null, field(t('notices.text_of', { name }), area),
    h('button', { type: 'button', 'data-copies': name, onclick: attempt(() => copyText(area.value)) }, t('notices.copy_all')));
}

/* The files that the words of a step name go below it. */
function attachments(notice, texts, tell) {
  const left = new Set(notice.files.map((file) => file.name));
  return (step) => {
    if (step.lines.some((line) => line.startsWith('knockoff notice filed')))
      return h('button', { type: 'button', onclick: () => tell.focus() }, t('notices.become.filed'));
    const words = [step.text, ...step.lines].join(' ');
    const named = notice.files.filter((file) => left.has(file.name) && words.includes(file.name));
    named.forEach((file) => left.delete(file.name));
    return named.map((file) => texts.get(file.name) ?? saveButton(notice, file));
  };
}

async function whatToDo(notice, tell) {
  const has = (name) => notice.files.some((file) => file.name === name);
  if (!notice.states.built)
    return null;
  if (!has('CHECKLIST.txt'))
    return h('p.note', null, t('notices.no_packet_help'));
  const names = PASTED.filter(has);
  const boxes = await Promise.all(names.map((name) => pasteBox(notice, name)));
  const texts = new Map(names.map((name, i) => [name, boxes[i]]));
  return h('section.panel', { 'aria-labelledby': 'todo' }, h('h2', { id: 'todo' }, t('notices.todo')),
    h('p.help', null, t('notices.never_files')),
    checklist(notice.notice, await read(pathOf(notice, 'CHECKLIST.txt')), attachments(notice, texts, tell)));
}

// --- facts ---

const fact = (name, value) => value && [h('dt', null, t(`notices.fact.${name}`)), h('dd', null, value)];

function facts(notice) {
  return h('section.panel', { 'aria-label': t('notices.facts') }, h('div.work-line', null,
    notice.work_id && h('img.picture', { src: picture.work(notice.work_id, 320), alt: t('notices.picture', { title: notice.title || notice.work }), width: 128, height: 128 }),
    h('dl.facts', null,
      fact('work', notice.work_id ? h('a', { href: `#/works/${notice.work_id}` }, notice.title || notice.work) : notice.title || notice.work),
      fact('channel', notice.channel_name),
      fact('filed_at', isWeb(notice.filed_at) ? outside(notice.filed_at) : notice.filed_at),
      fact('host', notice.host),
      fact('part', notice.parts > 1 && t('notices.part', { part: notice.part, parts: notice.parts })),
      fact('listings', statesLine(notice)),
      fact('ref', notice.ref),
      fact('filed_on', notice.filed_on && formatDate(notice.filed_on)),
      fact('built', t('notices.built_by', { time: formatTime(Date.parse(notice.built_at) / 1000), who: notice.who || '–' })),
      fact('stated', notice.authority && t('notices.stated')),
      fact('folder', notice.folder && h('span.mono', null, notice.folder)))));
}

const dates = (notice) => notice.duties.some((duty) => duty.due) && h('section.panel', { 'aria-labelledby': 'dates' },
  h('h2', { id: 'dates' }, t('notices.dates')),
  h('ul.plain', null, notice.duties.filter((duty) => duty.due).map((duty) => h('li', null, dueLine(duty, notice.today),
    duty.source && h('p.help', null, t('notices.source', { text: duty.source.text, day: formatDate(duty.source.checked_on) }))))));

// --- listings ---

/* The marketplace, elsewhere the host of the shop. */
const placeOf = (item) => item.platform || (URL.canParse(item.url) ? new URL(item.url).host : '');

function itemRow(item, chosen, changed) {
  const box = h('input', { type: 'checkbox', 'aria-label': t('notices.choose', { url: item.url }), onchange: () => {
    chosen[box.checked ? 'add' : 'delete'](item.item);
    changed();
  } });
  return h('li.item', null, box,
    item.candidate
      ? h('a', { href: `#/inbox/state/all/candidate/${item.candidate}`, 'aria-label': t('notices.compare', { title: item.title || item.url }) },
        h('img.picture', { src: picture.candidate(item.candidate, 'listing', 160), alt: '', width: 56, height: 56, loading: 'lazy' }))
      : h('span'),
    h('div', null, h('div', null, outside(item.url, item.title || item.url)),
      h('div.quiet-text', null, placeOf(item), item.seller && [' · ', h('a', { href: `#/sellers/${encodeURIComponent(placeOf(item))}/${encodeURIComponent(item.seller)}` }, item.seller)],
        item.number && ` · ${item.number}`)),
    h('div.item-state', null, stateTag(item.state), h('span.quiet-text', null, ` ${formatDate(item.on)}`)));
}

function itemList(notice, chosen, changed) {
  return h('section.panel', { 'aria-labelledby': 'listings' },
    h('h2', { id: 'listings' }, t('notices.fact.listings')),
    h('p.help', null, t('notices.choose_help')),
    h('ul.items', null, notice.items.map((item) => itemRow(item, chosen, changed))));
}

// --- what became of it ---

/* What any of those meant may come to be in. */
function possible(notice, chosen) {
  const meant = notice.items.filter((item) => !chosen.size || chosen.has(item.item));
  const may = new Set(meant.flatMap((item) => notice.may[item.state]));
  return Object.keys(notice.may).filter((state) => may.has(state));
}

/* An answer takes its time and may fail: what was told stands. */
const prepare = carefully(async (notice) => {
  const made = await post(`/api/notices/${notice.notice}/answer`);
  toast(t('notices.answer.made', { folder: made.answer }));
  return made;
});

function tellForm(notice, chosen, again) {
  const state = h('select', { id: 'tell-state', required: true });
  const on = h('input', { type: 'date', max: notice.today, required: true, value: notice.today });
  const ref = h('input', { type: 'text', maxlength: '200', autocomplete: 'off', spellcheck: 'false', value: notice.ref });
  const note = h('input', { type: 'text', maxlength: '200', autocomplete: 'off' });
  const about = h('p.help', { 'aria-live': 'polite' });
  const show = () => {
    const before = state.value;
    fill(state, possible(notice, chosen).map((one) => h('option', { value: one }, t(`notices.become.${one}`))));
    if ([...state.options].some((option) => option.value === before))
      state.value = before;
    about.textContent = chosen.size ? t('notices.about_some', { n: chosen.size }) : t('notices.about_all');
  };
  const undo = carefully(async (event) => {
    await post(`/api/notices/${notice.notice}/undo`, { event });
    await again();
  });
  const submit = carefully(async (event) => {
    event.preventDefault();
    const sent = { state: state.value, on: on.value, note: note.value, ...(chosen.size ? { items: [...chosen] } : {}) };
    const told = await post(`/api/notices/${notice.notice}/events`, ref.value !== notice.ref ? { ...sent, ref: ref.value } : sent);
    const missing = told.state === 'countered' && (await prepare(notice))?.missing;
    const latest = await again(missing);
    const last = latest.events.filter((one) => !one.undone).at(-1)?.event;
    toast(t('notices.told', { n: told.listings, state: t(`notices.state.${told.state}`) }), { action: { text: t('page.undo'), run: () => undo(last) } });
    if (told.doubts.length)
      toast(t('notices.doubts', { n: told.doubts.length }), { kind: 'error' });
    if (told.packet !== 'kept')
      toast(t(`notices.packet.${told.packet}`), told.packet === 'stuck' ? { kind: 'error' } : {});
  });
  show();
  const element = h('section.panel', { 'aria-labelledby': 'tell' }, h('h2', { id: 'tell' }, t('notices.tell')),
    state.options.length
      ? h('form', { onsubmit: submit }, about, h('div.fields', null,
        field(t('notices.field.state'), state), field(t('notices.field.on'), on),
        field(t('notices.field.ref'), ref, t('notices.field.ref_help')), field(t('notices.field.note'), note)),
      h('div.actions', null, h('button.primary', { type: 'submit' }, t('page.save'))))
      : h('p', null, t('notices.nothing_more')));
  return { element, show, focus: () => state.focus() };
}

function history(notice, again) {
  const last = notice.events.filter((event) => !event.undone).at(-1);
  const undo = carefully(async () => {
    await post(`/api/notices/${notice.notice}/undo`, { event: last.event });
    await again();
  });
  return notice.events.length > 0 && h('section.panel', { 'aria-labelledby': 'history' },
    h('h2', { id: 'history' }, t('notices.history')),
    h('ol.plain', null, notice.events.map((event) => h('li', null,
      h('p', null, stateTag(event.state), ` ${formatDate(event.on)} · ${t('notices.listings', { n: event.listings })}`,
        event.ref && ` · ${event.ref}`, event.undone && [' ', h('strong', null, t('notices.taken_back'))]),
      event.note && h('p', null, event.note),
      h('p.help', null, t('notices.told_by', { time: formatTime(Date.parse(event.at) / 1000), who: event.who || '–' }))))),
    last && h('div.actions', null, h('button', { type: 'button', onclick: undo }, t('notices.take_back'))));
}

// --- counter-notices ---

const missingItem = (notice, line) => {
  const [what, command] = line.split(': knockoff ');
  const onWork = notice.work_id && /^works set/.test(command ?? '');
  return h('li', null, what, onWork && [' · ', h('a', { href: `#/works/${notice.work_id}` }, t('notices.answer.on_work'))],
    !onWork && command && [' · ', h('code', null, `knockoff ${command}`)]);
};

async function answerSection(notice, missing, again) {
  const [latest] = notice.answers;
  if (!notice.states.countered && !latest)
    return null;
  const clock = notice.duties.filter((duty) => duty.state === 'countered' && duty.due);
  const make = carefully(async () => {
    const made = await prepare(notice);
    if (made)
      await again(made.missing);
  });
  const draft = latest?.files.some((file) => file.name === 'ANSWER.txt') && await pasteBox(notice, 'ANSWER.txt', latest.folder);
  return h('section.panel.answer', { 'aria-labelledby': 'answer' }, h('h2', { id: 'answer' }, t('notices.answer.title')),
    clock.map((duty) => dueLine(duty, notice.today)),
    notice.states.countered && !clock.length && h('p.note.warn', null, t('notices.answer.no_clock')),
    h('p', null, t('notices.answer.help')),
    missing?.length > 0 && h('div.note.warn', null, h('p', null, t('notices.answer.missing')), h('ul', null, missing.map((line) => missingItem(notice, line)))),
    draft, latest && fileList(notice, latest.files, latest.folder),
    notice.answers.slice(1).map((answer) => h('details', null, h('summary', null, answer.folder), fileList(notice, answer.files, answer.folder))),
    notice.states.countered && h('div.actions', null, h(latest ? 'button' : 'button.primary', { type: 'button', onclick: make }, t(latest ? 'notices.answer.again' : 'notices.answer.make'))));
}

// --- the page ---

/** Shows the notice with this number in root. */
export async function mountNotice(root, number) {
  let told = null;
  let tell = null;

  async function show(missing) {
    told = await get(`/api/notices/${number}`);
    const chosen = new Set();
    tell = tellForm(told, chosen, show);
    const [todo, answer] = await Promise.all([whatToDo(told, tell), answerSection(told, missing, show)]);
    fill(root,
      h('p', null, h('a', { href: '#/notices' }, t('notices.back'))),
      h('div.head', null, h('h1', null, t('notices.name', { number, title: told.title || told.work })), stateTag(told.state)),
      h('div.notice', null,
        h('div.notice-main', null, answer, todo, itemList(told, chosen, tell.show)),
        h('div.notice-side', null, facts(told), dates(told), tell.element, history(told, show),
          told.files.length > 0 && h('section.panel', { 'aria-labelledby': 'files' }, h('h2', { id: 'files' }, t('notices.files')), fileList(told, told.files)))));
    return told;
  }

  await show();
  return {
    keys: [
      { keys: ['c'], text: 'notices.key.copy', run: () => root.querySelector('[data-copies]')?.click() },
      { keys: ['t'], text: 'notices.key.tell', run: () => tell.focus() },
      { keys: ['b'], text: 'notices.back', run: () => { location.hash = '#/notices'; } },
    ],
  };
}
