// What is done while nobody looks: whether something watches, what it found too much of, the user's
// rules, the sources, and where news go.

import { fill, h, settled } from './dom.js';
import { t } from './text.js';
import { attempt } from './ui.js';
import { heldPart } from './watch_held.js';
import { newsPart } from './watch_news.js';
import { rulesPart } from './watch_rules.js';
import { sourcesPart } from './watch_sources.js';
import { statePart } from './watch_state.js';

const NEWS_MS = 1000; // in which no more news come
const AGAIN_MS = 30000; // a job of the watch changes nothing that news tell of

async function mount(root) {
  const parts = [statePart(), heldPart(), await rulesPart(), sourcesPart(), newsPart()];
  const refresh = attempt(() => Promise.all(parts.map((part) => part.refresh())));
  const soon = settled(NEWS_MS, () => root.isConnected && refresh());
  fill(root, h('div.head', null, h('h1', null, t('watch.title'))), parts.map((part) => part.element));
  await refresh();
  const timer = setInterval(refresh, AGAIN_MS);
  return { news: soon, unmount: () => clearInterval(timer) };
}

export default { title: 'watch.title', mount };
