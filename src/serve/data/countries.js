// Countries by name, to choose from; which there are the server says.

import { get } from './api.js';
import { h } from './dom.js';
import { t } from './text.js';

let codes = null; // a promise of them

/** A select of all countries by name in the page's language; its value is the code, or "". */
export async function countrySelect(value) {
  codes ??= get('/api/countries');
  const names = new Intl.DisplayNames(document.documentElement.lang, { type: 'region' });
  const all = (await codes).countries.map((code) => ({ code, name: names.of(code) }));
  all.sort((a, b) => a.name.localeCompare(b.name));
  const select = h('select', null, h('option', { value: '' }, t('settings.not_said')),
    all.map(({ code, name }) => h('option', { value: code }, name)));
  select.value = value ?? '';
  return select;
}
