// Listings in: files and addresses, by a dialog.

import { h } from './dom.js';
import { t } from './text.js';
import { openDialog } from './ui.js';

export const addListings = () => openDialog(t('scan.add'), (dialog, close) => [
  h('div.actions', null, h('button.primary', { type: 'button', autofocus: true, onclick: () => close() }, t('page.close'))),
]);
