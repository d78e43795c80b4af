// Reverse search: which works does a picture show, and where was it seen before? Pictures are dropped,
// pasted or chosen, or an address is given; several are looked at one after the other.

import { post, send } from './api.js';
import { fill, h, isWeb, outside, svg } from './dom.js';
import { oddsOf, placeOf, secondsOf, shownAs } from './evidence.js';
import { stateLink } from './sightings.js';
import { formatDay, t } from './text.js';
import { complain, dropZone, field, picture } from './ui.js';

const MOST_RESULTS = 20; // pictures whose results stay on the page
const POOR = 75; // the quality below which a picture is called plain

export default { title: 'search.title', mount };

function mount(root) {
  const waiting = []; // {name, look(signal)} to be looked at
  let controller = new AbortController(); // of what is looked at
  let busy = false;
  let done = 0;

  const zone = dropZone(t('search.drop'), { accept: 'image/*', take: takeFiles });
  const address = h('input', { type: 'url', inputmode: 'url', placeholder: 'https://', autocomplete: 'off', required: true });
  const form = h('form.search-address', { onsubmit: (event) => { event.preventDefault(); takeAddress(address.value); } },
    field(t('search.address'), address, t('search.address_help')),
    h('button', { type: 'submit' }, t('search.look')));
  const progress = h('div.search-progress', { hidden: true });
  const told = h('p.away', { role: 'status' });
  const results = h('div.search-results');
  fill(root,
    h('div.head', null, h('h1', null, t('search.title')), h('p.quiet-text', null, t('search.lead'))),
    h('div.search-ask', null, zone, form), progress, told, results);

  // --- what is looked at ---

  function takeFiles(files) {
    const pictures = files.filter((file) => file.size > 0);
    add(pictures.map((file) => ({ name: file.name || t('search.pasted'), look: (signal) => send('/api/search', { name: file.name }, file, signal) })));
  }

  function takeAddress(url) {
    const trimmed = url.trim();
    if (!isWeb(trimmed)) {
      address.setCustomValidity(t('search.address_wrong'));
      address.reportValidity();
      return;
    }
    address.value = '';
    add([visit(trimmed)]);
  }

  /* An address is a picture, or a page whose pictures are looked at next. */
  const visit = (url) => ({ name: url, look: async (signal) => {
    const found = await post('/api/search/url', { url }, signal);
    if (found.pictures) {
      done--; // a page is no picture
      waiting.unshift(...found.pictures.map((one) => visit(one)));
      if (found.left_out)
        results.prepend(h('p.note', null, t('search.left_out', { n: found.left_out, url })));
      return null;
    }
    return found;
  } });

  function add(items) {
    waiting.push(...items);
    if (!busy)
      work();
  }

  async function work() {
    busy = true;
    done = 0;
    controller = new AbortController();
    while (waiting.length) {
      const item = waiting.shift();
      showProgress(item);
      done++;
      try {
        const found = await item.look(controller.signal);
        if (found)
          show(found);
      } catch (error) {
        complain(error);
      }
    }
    busy = false;
    progress.hidden = true;
  }

  function stop() {
    waiting.length = 0;
    controller.abort();
  }

  function showProgress(item) {
    const of = done + 1 + waiting.length;
    progress.hidden = false;
    fill(progress, h('progress', { 'aria-label': t('search.looking', { name: item.name }) }),
      h('span', null, of > 1 ? t('search.looking_of', { n: done + 1, of, name: item.name }) : t('search.looking', { name: item.name })),
      h('button', { type: 'button', onclick: stop }, t('task.stop')));
  }

  function show(found) {
    const result = makeResult(found);
    results.prepend(result);
    while (results.children.length > MOST_RESULTS)
      results.lastChild.remove();
    told.textContent = `${found.image}: ${summary(found)}`;
  }

  // --- paste and drop, anywhere in the view ---

  const onPaste = (event) => {
    const files = [...event.clipboardData.files];
    const text = event.clipboardData.getData('text/plain').trim();
    if (files.length)
      takeFiles(files);
    else if (event.target !== address && isWeb(text))
      takeAddress(text);
    else
      return;
    event.preventDefault();
  };
  const onDrop = (event) => {
    const files = [...event.dataTransfer.files];
    const link = event.dataTransfer.getData('text/uri-list').split('\n').find((line) => isWeb(line));
    if (files.length && !zone.contains(event.target)) // the zone takes its own
      takeFiles(files);
    else if (!files.length && link)
      takeAddress(link);
  };
  address.addEventListener('input', () => address.setCustomValidity(''));
  document.addEventListener('paste', onPaste);
  document.addEventListener('drop', onDrop, true);

  return {
    keys: [
      { keys: ['o'], text: 'search.key.choose', run: () => zone.querySelector('input').click() },
      { keys: ['u'], text: 'search.key.address', run: () => address.focus() },
    ],
    unmount() {
      stop();
      document.removeEventListener('paste', onPaste);
      document.removeEventListener('drop', onDrop, true);
    },
  };
}

// --- what was found for one picture ---

function makeResult(found) {
  const groups = sellersOf(found.seen);
  return h('article.search-result.panel', { 'aria-label': found.image },
    h('h2', null, found.image),
    h('p.search-sum', null, summary(found)),
    h('div.search-body', null, preview(found),
      h('div', null,
        h('h3', null, t('search.works')),
        found.works.length ? h('ul.search-works', null, found.works.map(workItem)) : h('p', null, t('search.works_none')),
        h('h3', null, t('search.seen')),
        found.seen.length ? [groups.map(sellerItem), more(found)] : h('p', null, nothingSeen(found)))),
    h('p.help', null, plainness(found)));
}

function summary(found) {
  if (!found.works.length && !found.seen.length)
    return t('search.nothing', { threshold: found.threshold });
  return [
    found.works.length ? t('search.shows', { n: found.works.length }) : t('search.shows_none'),
    found.n_listings > 0 && t('search.seen_in', { n: found.n_listings }),
  ].filter(Boolean).join(' ');
}

const nothingSeen = (found) => t(found.plain ? 'search.seen_plain' : 'search.seen_none');

/* How much the picture has to be told by. */
function plainness(found) {
  const size = t('search.size', { width: found.width, height: found.height });
  if (found.plain)
    return `${size} ${t('search.plain')}`;
  return `${size} ${t(found.quality < POOR ? 'search.rather_plain' : 'search.rich')}`;
}

/** The picture with the outlines of the works in it. */
function preview(found) {
  const image = h('img', { src: imageUrl(found.preview), alt: t('search.preview', { name: found.image }) });
  image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
  const places = found.works.map((work) => corners(work, found));
  return h('figure.search-preview', null,
    h('div', null, image,
      svg('svg', { viewBox: `0 0 ${found.width} ${found.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        places.map((points) => ['dark', 'light'].map((name) => svg('polygon', { class: name, points }))))));
}

function imageUrl(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
}

function corners(work, { width, height }) {
  const quad = work.quad ?? [0, 0, width, 0, width, height, 0, height];
  return [0, 2, 4, 6].map((i) => `${quad[i]},${quad[i + 1]}`).join(' ');
}

const workItem = (work) => h('li', null,
  h('img.picture', { src: picture.work(work.id, 160), alt: '', loading: 'lazy' }),
  h('div', null,
    h('a', { href: `#/works/${work.id}` }, work.title || work.serial), ' ', h('span.quiet-text', null, work.serial),
    h('div', null, shownAs(work).join(', ')),
    h('div.quiet-text', null, oddsOf(work.score))));

// --- where it was seen ---

/** Listings of all photos by who offers them, those seen last first: [{seller, place, listings}]. */
function sellersOf(seen) {
  const groups = new Map();
  const told = new Set();
  for (const photo of seen) {
    for (const listing of photo.listings) {
      const place = placeOf(listing);
      const key = JSON.stringify([place, listing.seller_id || listing.seller]);
      if (told.has(listing.listing))
        continue; // it shows a photo that is nearer
      told.add(listing.listing);
      if (!groups.has(key))
        groups.set(key, { seller: listing.seller || listing.seller_id, place, listings: [] });
      groups.get(key).listings.push({ ...listing, photo });
    }
  }
  for (const group of groups.values())
    group.listings.sort((a, b) => b.last_seen.localeCompare(a.last_seen));
  return [...groups.values()];
}

const sellerItem = ({ seller, place, listings }) => h('section.search-seller', null,
  h('h4', null, seller || t('search.no_seller'), place && h('span.quiet-text', null, ` · ${place}`)),
  h('ul', null, listings.map(listingItem)));

const listingItem = (listing) => h('li', null,
  h('img.picture', { src: picture.photo(listing.photo.photo, 160), alt: '', loading: 'lazy' }),
  h('div', null,
    h('div', null, outside(listing.url, listing.title || listing.url || t('search.no_title'))),
    h('div.quiet-text', null, [listing.price, t('search.first_seen', { day: formatDay(secondsOf(listing.first_seen)) }), likeness(listing.photo)]
      .filter(Boolean).join(' · ')),
    listing.candidates.length > 0 && h('div.search-states', null, listing.candidates.map((one) => stateLink(one.candidate, one.state,
      `${one.title || one.work}: ${t(`compare.state.${one.state}`)}`)))));

const likeness = (photo) => [
  photo.distance ? t('search.alike', { distance: photo.distance }) : t('search.same'),
  photo.orientation !== 'none' && t(`compare.turned.${photo.orientation}`),
].filter(Boolean).join(', ');

const more = (found) => {
  const told = found.seen.reduce((n, photo) => n + photo.listings.length, 0);
  const left = Math.max(found.n_listings - told, found.n_seen - found.seen.length);
  return left > 0 && h('p.quiet-text', null, t('search.more', { n: left }));
};
