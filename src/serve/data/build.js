// Building notices, by a dialog: what would be built and what is left out is shown first, the user
// states that it holds, and exactly that is built, in the background.

import { get, post } from './api.js';
import { fill, h } from './dom.js';
import { carefully } from './due.js';
import { t } from './text.js';
import { openDialog, toast } from './ui.js';

const ROWS = 30; // of the notices; more are counted

// --- what is left out ---

const candidateLinks = (cause) => [cause.first.map((id, i) => [i > 0 && ', ',
  h('a', { href: `#/inbox/state/all/candidate/${id}` }, String(id))]),
cause.candidates > cause.first.length && ` ${t('notices.and_more', { n: cause.candidates - cause.first.length })}`];

/* Where a missing fact is stated. */
const placeLinks = (cause) => (cause.fact.startsWith('work.')
  ? [cause.works.map(({ id, work }, i) => [i > 0 && ', ', h('a', { href: `#/works/${id}` }, work)]),
    cause.n_works > cause.works.length && ` ${t('notices.and_more', { n: cause.n_works - cause.works.length })}`]
  : h('a', { href: '#/settings' }, t('notices.build.in_settings')));

const withoutCommand = (words) => words.replace(/ \((knockoff |--)[^)]*\)/g, '');

const causeItem = (cause) => h('li', null, withoutCommand(cause.words), ': ', cause.fact
  ? [t('notices.build.candidates', { n: cause.candidates }), ' · ', t('notices.build.state_it'), ' ', placeLinks(cause)]
  : [t('notices.build.candidate', { n: cause.candidates }), ' ', candidateLinks(cause)]);

const kindDetails = (kind) => h('details', { open: kind.fault },
  h('summary', null, t('notices.build.candidates', { n: kind.candidates }), ' ', kind.words),
  h('ul', null, kind.causes.map(causeItem),
    kind.n_causes > kind.causes.length && h('li', null, t('notices.and_more', { n: kind.n_causes - kind.causes.length }))));

// --- what would be built ---

const plannedRow = (one) => h('tr', null, h('td', null, one.channel_name, one.host && `, ${one.host}`,
  one.parts > 1 && `, ${t('notices.part', { part: one.part, parts: one.parts })}`),
h('td', null, h('a', { href: `#/works/${one.work_id}` }, one.title || one.work)), h('td.number', null, String(one.listings)));

const plannedTable = ({ notices }) => h('table', null, h('thead', null, h('tr', null,
  h('th', { scope: 'col' }, t('notices.build.channel')), h('th', { scope: 'col' }, t('notices.build.work')),
  h('th.number', { scope: 'col' }, t('notices.build.listings')))),
h('tbody', null, notices.slice(0, ROWS).map(plannedRow)));

const riskItem = (risk) => h('li', null, risk.channel_name, ': ', risk.can_hold
  ? t('notices.risk.bears', { n: risk.listings, refused: risk.bears_refused, lost: risk.bears_lost })
  : t('notices.risk.short', { n: risk.listings, success: risk.success_least_percent, lost: risk.counter_most_percent }));

/* What the plan does besides making notices. */
const remarks = (plan) => [
  plan.doubts.length > 0 && h('p.note', null, t('notices.build.doubts', { n: plan.doubts.length })),
  plan.waiting > 0 && h('p.note', null, t('notices.build.waiting', { n: plan.waiting })),
  plan.risks.length > 0 && h('ul', null, plan.risks.map(riskItem)),
];

const leftOut = (plan) => plan.left_out > 0 && h('section', null,
  h('h3', null, t('notices.build.left_out', { n: plan.left_out })), plan.kinds.map(kindDetails));

/* The statement without which nothing is built; start runs when it is made. */
function statement(plan, close) {
  const n = plan.notices.length;
  if (!n && !plan.waiting && !plan.doubts.length)
    return h('div.actions', null, h('button', { type: 'button', autofocus: true, onclick: () => close() }, t('page.close')));
  if (!plan.who)
    return [h('p.note.warn', null, t('notices.build.no_name'), ' ', h('a', { href: '#/settings' }, t('notices.build.in_settings'))),
      h('div.actions', null, h('button', { type: 'button', onclick: () => close() }, t('page.close')))];
  const box = h('input', { type: 'checkbox', required: true });
  const form = h('form', { onsubmit: (event) => {
    event.preventDefault();
    close({ seen: plan.seen, authority: box.checked });
  } },
  h('label.check', null, box, t('notices.build.statement', { n, name: plan.who })),
  h('div.actions', null, h('button.primary', { type: 'submit' }, n ? t('notices.build.start', { n }) : t('notices.build.write')),
    h('button', { type: 'button', onclick: () => close() }, t('page.cancel'))));
  return form;
}

/** Shows the plan, asks, and starts the build. */
export const askBuild = carefully(async () => {
  const plan = await get('/api/notices/plan');
  const n = plan.notices.length;
  const said = await openDialog(t('notices.build.title'), (dialog, close) => {
    // A link leads away from the dialog.
    dialog.addEventListener('click', (event) => event.target.closest('a[href^="#"]') && close());
    return [
      h('p', null, n ? t('notices.build.plan', { n, listings: t('notices.listings', { n: plan.listings }) }) : t('notices.build.nothing')),
      n > 0 && plannedTable(plan),
      n > ROWS && h('p', null, t('notices.and_more', { n: n - ROWS })),
      remarks(plan), leftOut(plan),
      h('p.help', null, t('notices.never_files')),
      statement(plan, close),
    ];
  });
  if (!said)
    return;
  await post('/api/notices/build', said);
  toast(t('notices.build.started'));
});

/** Says in element what the last build made. */
export async function showBuilt(element) {
  const task = await get('/api/task');
  const made = task?.kind === 'build' ? task.result?.notices ?? [] : [];
  fill(element, h(`div.note${task.error ? '.bad' : ''}`, null,
    h('p', null, task.error ?? t(`notices.build.${task.state === 'stopped' ? 'stopped' : 'built'}`, { n: made.length })),
    made.length > 0 && h('ul', null, made.slice(0, ROWS).map((one) => h('li', null,
      h('a', { href: `#/notices/${one.notice}` }, t('notices.name', { number: String(one.notice), title: one.title || one.work })),
      ` · ${t('notices.listings', { n: one.listings })}`))),
    task.result?.unsigned > 0 && h('p', null, t('notices.build.unsigned', { n: task.result.unsigned })),
    task.problems?.length > 0 && h('ul', null, task.problems.map((line) => h('li', null, line)))));
}
