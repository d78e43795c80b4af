// Which candidates the inbox shows. It stands in the address (#/inbox/state/accepted/work/KO-000007),
// so that it can be linked to.

import { h } from './dom.js';
import { t } from './text.js';
import { field, openDialog } from './ui.js';

const NAMES = ['state', 'work', 'seller', 'title', 'returned'];
export const STATES = ['open', 'accepted', 'unsure', 'licensed', 'rejected', 'set-aside', 'all'];
const OFFERED = 500; // works and sellers that a field offers; more take too long to lay out

/** Reads the words of the address: {state, work, seller, title, returned: '1' for what came back
 * alone, candidate}; what is not said is missing, but for the state, which is open then. */
export function readFilter(words) {
  const said = { state: 'open' };
  for (let i = 0; i + 1 < words.length; i += 2)
    if (NAMES.includes(words[i]) || words[i] === 'candidate')
      said[words[i]] = words[i + 1];
  return said;
}

/** What GET /api/inbox is asked for. */
export const queryOf = (filter) => Object.fromEntries(NAMES.map((name) => [name, filter[name] || undefined]));

/** Its address. */
export function addressOf(filter) {
  const words = NAMES.filter((name) => filter[name] && !(name === 'state' && filter.state === 'open'))
    .map((name) => `/${name}/${encodeURIComponent(filter[name])}`);
  return `#/inbox${words.join('')}`;
}

export const apply = (filter) => { location.hash = addressOf(filter); };

/* Those to choose from; a link may name another one. */
const offered = (filter) => (STATES.includes(filter.state) ? STATES : [...STATES, filter.state]);

/** The choice of states, with how many candidates are in each. */
export function stateChoice(filter) {
  const choice = h('select', { 'aria-label': t('inbox.filter.state'), onchange: () => apply({ ...filter, state: choice.value }) });
  const count = (state, counts) => {
    const states = { 'set-aside': ['allowed', 'negative', 'ruled', 'held'], all: Object.keys(counts) }[state] ?? [state];
    return states.reduce((sum, one) => sum + (counts[one] ?? 0), 0);
  };
  const show = (counts) => choice.replaceChildren(...offered(filter).map((state) => h('option',
    { value: state, selected: state === filter.state }, t('inbox.filter.of', { state: t(`inbox.state.${state}`), n: count(state, counts) }))));
  return { element: choice, show };
}

const chipText = (name, value) => (name === 'returned' ? t('inbox.filter.returned') : `${t(`inbox.filter.${name}`)}: ${value}`);

/** What is filtered by besides the state, each to be taken away. */
export const chips = (filter) => NAMES.slice(1).filter((name) => filter[name]).map((name) => h('button.chip', {
  type: 'button',
  'aria-label': t('inbox.filter.drop', { what: chipText(name, filter[name]) }),
  onclick: () => apply({ ...filter, [name]: '' }),
}, h('span', null, chipText(name, filter[name])), h('span', { 'aria-hidden': 'true' }, '×')));

const suggestions = (id, rows) => h('datalist', { id },
  rows.slice(0, OFFERED).map(([value, label]) => h('option', { value, label })));

/** Asks for another filter, with what the list has to choose from. */
export async function askFilter(filter, told) {
  const sellers = [...new Set(told.sellers.map(([, , id, name]) => name || id))].sort().map((name) => [name]);
  const next = await openDialog(t('inbox.filter.title_dialog'), (dialog, close) => {
    const state = h('select', null, offered(filter).map((one) => h('option', { value: one, selected: one === filter.state }, t(`inbox.state.${one}`))));
    const text = (name, list) => h('input', { type: 'text', value: filter[name] ?? '', list, autocomplete: 'off', spellcheck: 'false' });
    const inputs = { work: text('work', 'inbox-works'), seller: text('seller', 'inbox-sellers'), title: text('title') };
    inputs.title.setAttribute('autofocus', '');
    const returned = h('input', { type: 'checkbox', checked: Boolean(filter.returned) });
    const submit = (event) => {
      event.preventDefault();
      close({ state: state.value, returned: returned.checked ? '1' : '', ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()])) });
    };
    return h('form', { onsubmit: submit },
      field(t('inbox.filter.title'), inputs.title, t('inbox.filter.title_help')),
      field(t('inbox.filter.work'), inputs.work, t('inbox.filter.work_help')),
      field(t('inbox.filter.seller'), inputs.seller),
      field(t('inbox.filter.state'), state),
      h('label.check', null, returned, t('inbox.filter.returned_help')),
      suggestions('inbox-works', told.works.map(([, serial, title]) => [serial, title])),
      suggestions('inbox-sellers', sellers),
      h('div.actions', null,
        h('button.primary', { type: 'submit' }, t('inbox.filter.show')),
        h('button', { type: 'button', onclick: () => close({ state: 'open' }) }, t('inbox.filter.clear'))));
  });
  if (next)
    apply(next);
}
