// Who the user is: a form in three parts, by who gets to see them.

import { get, post } from './api.js';
import { countrySelect } from './countries.js';
import { h } from './dom.js';
import { t } from './text.js';
import { field, toast } from './ui.js';

const input = (type, autocomplete) => (value) => h('input', { type, value, autocomplete });

const roleSelect = (value) => {
  const select = h('select', null, ['', 'owner', 'agent'].map((role) => h('option', { value: role }, t(`profile.role_${role || 'none'}`))));
  select.value = value;
  return select;
};

const parts = {
  yourself: {
    legal_name: input('text', 'name'),
    company: input('text', 'organization'),
    role: roleSelect,
    holder: input('text', 'off'),
    signature: input('text', 'off'),
    country: countrySelect,
    language: input('text', 'off'),
  },
  public: {
    public_name: input('text', 'off'),
    public_mail: input('email', 'off'),
    public_phone: input('tel', 'off'),
    public_address: input('text', 'off'),
  },
  private: {
    private_phone: input('tel', 'tel'),
    private_address: input('text', 'street-address'),
  },
};
const helped = ['holder', 'signature', 'language', 'public_name', 'public_address'];

async function partFields(part, profile, inputs) {
  const rows = [];
  for (const [name, make] of Object.entries(parts[part])) {
    inputs[name] = await make(profile[name]);
    rows.push(field(t(`profile.${name}`), inputs[name], helped.includes(name) ? t(`profile.help_${name}`) : null));
  }
  return h(`fieldset.${part}`, null, h('legend', null, t(`profile.part_${part}`)), h('p.quiet-text', null, t(`profile.part_${part}_help`)),
    h('div.fields', null, rows));
}

/** The panel with the form. */
export async function profileSection() {
  const inputs = {};
  let profile = await get('/api/profile');
  const problem = h('p.error', { role: 'alert', hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    const changed = Object.entries(inputs).map(([name, control]) => [name, control.value.trim()])
      .filter(([name, text]) => text !== profile[name]);
    problem.hidden = true;
    Object.values(inputs).forEach((control) => control.removeAttribute('aria-invalid'));
    try {
      profile = await post('/api/profile', Object.fromEntries(changed));
      toast(t('page.saved'));
    } catch (error) {
      refuse(error.message, changed.map(([name]) => name), inputs, problem);
    }
  };
  const fieldsets = [];
  for (const part of Object.keys(parts))
    fieldsets.push(await partFields(part, profile, inputs));
  return h('form.panel.profile', { id: 'profile', onsubmit: submit, novalidate: true, 'aria-labelledby': 'profile-title' },
    h('h2', { id: 'profile-title' }, t('profile.title')), fieldsets, problem,
    h('div.actions', null, h('button.primary', { type: 'submit' }, t('page.save'))));
}

/* The field that the server speaks of is marked and gone to; of one that it does not name, the first
 * telephone number that was changed. */
function refuse(line, changed, inputs, problem) {
  const name = Object.keys(inputs).find((each) => line.startsWith(each)) ??
    (line.startsWith('a phone') ? changed.find((each) => each.endsWith('_phone')) : undefined);
  problem.textContent = line.startsWith(name) ? `${t(`profile.${name}`)}${line.slice(name.length)}` : line;
  problem.hidden = false;
  inputs[name]?.setAttribute('aria-invalid', 'true');
  inputs[name]?.focus();
}
