// The works: a gallery of all of them. A single one is shown by work.js.

import { get } from './api.js';
import { fill, h, settled } from './dom.js';
import { originalsPanel, takeOriginals } from './originals.js';
import { t } from './text.js';
import { attempt, picture } from './ui.js';
import { mountWork } from './work.js';

const AT_ONCE = 120; // cards that are added when the end of the list comes near
const WIDTH = 320; // of a picture; cards are half as wide at least

// --- a card ---

const tag = (kind, text) => h(`span.tag${kind ? `.${kind}` : ''}`, null, text);

function tagsOf(work) {
  return [
    work.open > 0 ? tag('info', t('works.open', { n: work.open }))
      : work.candidates > 0 && tag('', t('works.candidates', { n: work.candidates })),
    work.plain ? tag('bad', t('works.plain')) : work.hard && tag('warn', t('works.hard')),
    work.missing > 0 && tag('', t('works.missing', { n: work.missing })),
  ];
}

const card = (work) => h('li', null, h('a.work-card', { href: `#/works/${work.id}` },
  h('img.picture', { src: picture.work(work.id, WIDTH), alt: '', loading: 'lazy', decoding: 'async', width: WIDTH, height: WIDTH }),
  h('span.title', null, work.title || t('works.untitled')),
  h('span.quiet-text', null, work.work),
  h('span.tags', null, tagsOf(work))));

// --- the list ---

const byTitle = (a, b) => a.title.localeCompare(b.title, undefined, { numeric: true }) || a.id - b.id;
const orders = {
  newest: (a, b) => b.id - a.id,
  title: byTitle,
  candidates: (a, b) => b.open - a.open || b.candidates - a.candidates || b.id - a.id,
  weakest: (a, b) => a.robustness - b.robustness || a.quality - b.quality || a.id - b.id,
  missing: (a, b) => b.missing - a.missing || b.id - a.id,
};

/* The cards of a list; more of them are made when the last one comes near the screen. */
function makeShelf() {
  const element = h('ul.shelf');
  let works = [], shown = 0;
  const more = () => {
    element.append(...works.slice(shown, shown + AT_ONCE).map(card));
    shown = element.children.length;
    if (shown < works.length)
      watcher.observe(element.lastChild);
  };
  const watcher = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      watcher.disconnect();
      more();
    }
  }, { rootMargin: '800px' });
  return {
    element,
    show(list) {
      watcher.disconnect();
      works = list;
      shown = 0;
      element.replaceChildren();
      if (works.length)
        more();
    },
    end: () => watcher.disconnect(),
  };
}

const fits = (text) => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (work) => words.every((word) => `${work.title} ${work.work}`.toLowerCase().includes(word));
};

// --- the view ---

const kept = { order: 'newest', filter: '' }; // for when the user comes back from a work

async function mountGallery(root, news) {
  let works = [], known = news?.works, gone = false;
  const shelf = makeShelf();
  const count = h('p.quiet-text', { role: 'status' });
  const nothing = h('div.empty', { hidden: true }, h('h2', null, t('works.none')), h('p', null, t('works.none_help')));
  const filter = h('input', { type: 'search', value: kept.filter, placeholder: t('works.filter'), 'aria-label': t('works.filter') });
  const order = h('select', { 'aria-label': t('works.order') },
    Object.keys(orders).map((name) => h('option', { value: name, selected: name === kept.order }, t(`works.by_${name}`))));
  const tools = h('div.tools', null, filter, order);

  const show = () => {
    const list = works.filter(fits(kept.filter)).sort(orders[kept.order]);
    count.textContent = list.length === works.length ? t('works.count', { n: works.length })
      : t('works.count_of', { n: list.length, total: works.length });
    nothing.hidden = works.length > 0;
    tools.hidden = count.hidden = works.length === 0;
    shelf.show(list);
  };
  const load = attempt(async () => {
    const told = await get('/api/works');
    works = told.works;
    if (!gone)
      show();
  });
  const reload = settled(400, load);

  const { zone, end: endDrop } = takeOriginals(t('works.drop'), root);
  const { panel, end: endPanel } = originalsPanel(reload);
  filter.addEventListener('input', settled(80, () => { kept.filter = filter.value; show(); }));
  order.addEventListener('change', () => { kept.order = order.value; show(); });
  fill(root, h('div.head', null, h('h1', null, t('works.title')), count, tools), zone, panel, nothing, shelf.element);
  await load();
  return {
    keys: [
      { keys: ['a'], text: 'works.key_add', run: () => zone.querySelector('input').click() },
      { keys: ['f'], text: 'works.key_filter', run: () => filter.focus() },
    ],
    news(latest) {
      if (latest.works !== known)
        reload();
      known = latest.works;
    },
    unmount() {
      gone = true;
      shelf.end();
      endDrop();
      endPanel();
    },
  };
}

export default {
  title: 'works.title',
  mount: (root, [id], news) => (id ? mountWork(root, id, news) : mountGallery(root, news)),
};
