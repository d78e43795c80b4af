// Listings in: files and addresses, by a dialog.

import { send } from './api.js';
import { fill, h } from './dom.js';
import { t } from './text.js';
import { dropZone, field, openDialog } from './ui.js';

const MOST_BYTES = 64 << 20; // KO_MAX_SERVE_FILE

// --- one file ---

const counted = (told) => {
  const parts = [t('scan.listings', { n: told.listings, new: told.new_listings })];
  if (told.photos)
    parts.push(t('scan.pictures', { n: told.photos, new: told.new_photos }));
  if (told.reported_before)
    parts.push(t('scan.reported', { n: told.reported_before }));
  return parts.join(' ');
};

/* What became of a file, in a row of its own. */
function makeRow(name) {
  const state = h('span', null, t('scan.sending'));
  const more = h('div');
  const element = h('li', null, h('strong', null, name), ' ', state, more);
  const lines = (all, left) => h('ul.quiet-text', null, all.map((line) => h('li', null, line)),
    left > 0 && h('li', null, t('scan.more_lines', { n: left })));
  return {
    element,
    done(told) {
      state.textContent = counted(told);
      const refused = told.n_problems > 0 && h('details', { open: told.n_problems < 4 },
        h('summary', null, t('scan.problems', { n: told.n_problems })),
        lines(told.problems, told.n_problems - told.problems.length));
      fill(more, refused, told.missing_photos > 0 && h('p.help', null, t('scan.missing')),
        told.notes.length > 0 && lines(told.notes, 0));
    },
    failed(error) {
      state.textContent = error.message;
      state.className = 'error';
    },
  };
}

// --- the dialog ---

/* Sends one file after the other, and says of each what became of it. */
function makeSender(list, said) {
  let turn = Promise.resolve();
  const one = async (file, name, url) => {
    const row = makeRow(name);
    list.append(row.element);
    try {
      if (file.size > MOST_BYTES)
        throw new Error(t('scan.too_large', { mb: MOST_BYTES >> 20 }));
      const told = await send('/api/listings', { name, url: url || undefined }, file);
      row.done(told);
      said(told);
    } catch (error) {
      row.failed(error);
    }
  };
  return (file, name, url) => { turn = turn.then(() => one(file, name, url)); return turn; };
}

/** Asks for listings; in the end the dialog offers to scan them, and to fetch pictures first. */
export const addListings = (startScan, startFetch) => openDialog(t('scan.add'), (dialog, close) => {
  const list = h('ul.taken', { 'aria-live': 'polite' });
  const next = h('p.note', { hidden: true });
  const fetchThem = h('button', { type: 'button', hidden: true, onclick: () => { close(); startFetch(); } }, t('scan.fetch'));
  const scan = h('button.primary', { type: 'button', hidden: true, onclick: () => { close(); startScan(); } }, t('scan.start'));
  const give = makeSender(list, (told) => {
    scan.hidden = false;
    next.hidden = fetchThem.hidden = told.to_fetch === 0;
    next.textContent = t('scan.to_fetch', { n: told.to_fetch });
  });
  const url = h('input', { type: 'url', placeholder: 'https://', autocomplete: 'off' });
  const addresses = h('textarea', { rows: 3, spellcheck: 'false', placeholder: 'https://\nhttps://' });
  const paste = () => {
    const text = addresses.value.trim();
    if (text)
      give(new Blob([text]), t('scan.pasted'));
    addresses.value = '';
  };
  return [
    h('p', null, t('scan.what')),
    dropZone(t('scan.drop'), { take: (files) => files.forEach((file) => give(file, file.name, files.length === 1 ? url.value.trim() : '')) }),
    field(t('scan.url'), url, t('scan.url_help')),
    field(t('scan.addresses'), addresses, t('scan.addresses_help')),
    h('button', { type: 'button', onclick: paste }, t('scan.take_addresses')),
    list, next,
    h('div.actions', null, scan, fetchThem, h('button', { type: 'button', onclick: () => close() }, t('page.close'))),
  ];
});
