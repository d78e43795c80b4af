// The page: its bar, its views by address (#/inbox, #/works/KO-000007), its keys and its news.
//
// A view is a module whose default export is {title, mount(root, words)}. words are what comes after
// the view's name in the address. mount may be async and returns {keys, news(news), unmount()}, all
// of which may be missing. Views ask for what they show when they are mounted, and again when
// news tell that it changed.

import { get, listen, post } from './api.js';
import { fill, h } from './dom.js';
import { allKeys, areOn, setCommonKeys, setKeys, switchKeys } from './keys.js';
import { tell } from './news.js';
import { formatNumber, has, loadTexts, t } from './text.js';
import { attempt, complain, openDialog, toast } from './ui.js';

const views = {
  inbox: () => import('./inbox.js'),
  search: () => import('./search.js'),
  works: () => import('./works.js'),
  notices: () => import('./notices.js'),
  sellers: () => import('./sellers.js'),
  watch: () => import('./watch.js'),
  overview: () => import('./overview.js'),
  settings: () => import('./settings.js'),
};
const letters = { inbox: 'i', search: 's', works: 'w', notices: 'n', sellers: 'l', watch: 'c', overview: 'o', settings: 't' };

const bar = document.querySelector('.bar');
const main = document.getElementById('main');
let news = null;
let shown = { name: '', view: null };
let turn = 0; // of the last address that was gone to

// --- the bar ---

const badges = {}; // by view
let taskLine;

function makeBar(version) {
  const links = Object.keys(views).map((name) => {
    badges[name] = h('span.badge', { hidden: true });
    return h('a', { href: `#/${name}`, dataset: { view: name } }, t(`nav.${name}`), badges[name]);
  });
  taskLine = h('div.task', { hidden: true });
  const brand = bar.querySelector('.brand');
  brand.title = t('page.version', { version });
  fill(bar, brand,
    h('nav', { 'aria-label': t('nav.label') }, links), taskLine,
    h('button.quiet.keys-button', { type: 'button', onclick: showHelp, title: t('page.keys') },
      h('kbd', { 'aria-hidden': 'true' }, '?'), h('span.away', null, t('page.keys'))));
  document.querySelector('.skip').textContent = t('page.skip');
}

const badge = (name, n) => {
  badges[name].hidden = !n;
  badges[name].textContent = formatNumber(n);
};

function showTask(task) {
  const runs = task && (task.state === 'running' || task.state === 'stopping');
  taskLine.hidden = !runs;
  if (!runs)
    return;
  const share = task.total ? { value: task.done, max: task.total } : {};
  fill(taskLine, h('span', null, t(`task.${task.kind}`)),
    h('progress', { ...share, 'aria-label': t(`task.${task.kind}`) }),
    h('span', null, task.total ? t('task.of', { done: task.done, total: task.total }) : ''),
    h('button.quiet', { type: 'button', disabled: task.state === 'stopping', onclick:
      attempt(() => post('/api/task/stop', { task: task.task })) }, t('task.stop')));
}

function take(latest) {
  const before = news?.task;
  news = latest;
  badge('inbox', news.candidates.open);
  badge('notices', news.notices_open);
  showTask(news.task);
  if (before?.state !== news.task?.state && news.task?.error)
    toast(news.task.error, { kind: 'error' });
  tell(news);
  shown.view?.news?.(news);
}

// --- views ---

/* The view that the address names, and the words behind. */
function addressed() {
  const words = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return { name: views[words[0]] ? words.shift() : 'inbox', words };
}

async function show() {
  const { name, words } = addressed();
  const mine = ++turn;
  shown.view?.unmount?.();
  shown = { name, view: null };
  setKeys([]);
  main.setAttribute('aria-busy', 'true'); // until it can be used
  for (const link of bar.querySelectorAll('nav a')) {
    if (link.dataset.view === name) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'nearest' }); // the bar may be narrower
    } else {
      link.removeAttribute('aria-current');
    }
  }
  try {
    const module = (await views[name]()).default;
    if (mine !== turn)
      return;
    const root = h(`div.view.${name}`);
    document.title = `${t(module.title)} – Knockoff`;
    fill(main, root);
    const view = await module.mount(root, words.filter(Boolean), news);
    if (mine !== turn) {
      view?.unmount?.();
      return;
    }
    shown.view = view;
    setKeys(view?.keys);
  } catch (error) {
    complain(error);
  }
  if (mine === turn)
    main.removeAttribute('aria-busy');
}

/** Whoever comes by a link is at the top of what is new. */
function arrive() {
  for (const dialog of document.querySelectorAll('dialog[open]'))
    dialog.close();
  show();
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// --- keys ---

function showHelp() {
  const name = (key) => key.split(' ').map((one) => (has(`key.${one}`) ? t(`key.${one}`) : one)).join(' ');
  const rows = allKeys().map((binding) => h('tr', null,
    h('th', { scope: 'row' }, binding.keys.map((key) => [h('kbd', null, name(key)), ' '])),
    h('td', null, t(binding.text))));
  const box = h('input', { type: 'checkbox', checked: areOn(), onchange: () => switchKeys(box.checked) });
  openDialog(t('page.keys'), (dialog, close) => [
    h('div.keys-table', { tabindex: 0, role: 'group', 'aria-label': t('page.keys') },
      h('table.keys', null, h('tbody', null, rows))),
    h('label.check', null, box, t('page.single_keys')),
    h('div.actions', null, h('button.primary', { type: 'button', autofocus: true, onclick: () => close() }, t('page.close'))),
  ]);
}

function commonKeys() {
  return [
    ...Object.keys(views).map((name) => ({ keys: [`g ${letters[name]}`], text: `nav.${name}`, run: () => { location.hash = `#/${name}`; } })),
    { keys: ['/'], text: 'nav.search', run: () => { location.hash = '#/search'; } },
    { keys: ['?'], text: 'page.keys', run: showHelp },
  ];
}

// --- beginning ---

async function start() {
  views[addressed().name]().catch(() => {}); // comes meanwhile; show() says what goes wrong
  const session = await get('/api/session');
  await loadTexts(session.languages);
  makeBar(session.version);
  setCommonKeys(commonKeys());
  addEventListener('hashchange', arrive);
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
  // A file that misses its place shall not make the browser leave.
  for (const name of ['dragover', 'drop'])
    addEventListener(name, (event) => event.preventDefault());
  take(session.news);
  await show();
  let gone = null;
  listen(take, () => { gone ??= toast(t('page.lost'), { kind: 'error' }); }, () => { gone?.remove(); gone = null; });
}

start().catch((error) => fill(main, h('p.error', { role: 'alert' }, error.message)));
