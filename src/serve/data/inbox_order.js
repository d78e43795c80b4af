// The list of candidates as GET /api/inbox tells it: a line for each work, below it one for each
// seller, and below that the candidates. A candidate's place is its number in that order, heads not
// counted; a row counts them.

export const WORK = 0;
export const GROUP = 1;
export const CANDIDATE = 2;

/** Makes an order of what was told. states may be changed, the rest stays. */
export function makeOrder(told) {
  const n = told.ids.length;
  const nGroups = told.groups.length / 3;
  const count = n + nGroups + told.works.length;
  const order = {
    told,
    n,
    count,
    ids: told.ids,
    states: new Uint8Array(n), // by place; numbers of told.state_names
    kinds: new Uint8Array(count), // by row
    numbers: new Int32Array(count), // by row: of the work, the group, or the place
    rows: new Int32Array(n), // by place
    groupOf: new Int32Array(n), // by place
    clusters: new Map(), // by leader: places of those that show one picture, if there are several
    groups: [], // {work, seller, first: place, n, head: row}
    works: told.works.map(([id, serial, title]) => ({ id, serial, title, first: -1, n: 0, head: -1 })),
  };
  for (let place = 0; place < n; place++)
    order.states[place] = told.states.charCodeAt(place) - 48;
  lay(order, nGroups);
  gather(order);
  return order;
}

/* Candidates that are led by another one show its picture. */
function gather(order) {
  const { leaders } = order.told;
  for (let place = 0; place < order.n; place++)
    if (leaders[place])
      clusterOf(order, leaders[place]).push(place);
  for (const [leader, places] of order.clusters) {
    const first = placeOf(order, leader);
    if (first >= 0)
      places.push(first);
    if (places.length < 2)
      order.clusters.delete(leader);
  }
}

function clusterOf(order, leader) {
  if (!order.clusters.has(leader))
    order.clusters.set(leader, []);
  return order.clusters.get(leader);
}

/** The places of all in the list that show the picture of the one at a place. */
export const alikeOf = (order, place) => order.clusters.get(order.told.leaders[place] || order.ids[place]) ?? [place];

/** Whether it goes on with an earlier case. */
export const isReturned = (order, place) => order.told.returned[place] === '1';

/* Numbers the rows. */
function lay(order, nGroups) {
  const { told, kinds, numbers, works } = order;
  let row = 0;
  let place = 0;
  for (let g = 0; g < nGroups; g++) {
    const work = works[told.groups[3 * g]];
    const size = told.groups[3 * g + 2];
    if (work.head < 0) {
      kinds[row] = WORK;
      numbers[row] = told.groups[3 * g];
      work.first = place;
      work.head = row++;
    }
    order.groups.push({ work, seller: told.groups[3 * g + 1], first: place, n: size, head: row });
    kinds[row] = GROUP;
    numbers[row++] = g;
    work.n += size;
    for (let i = 0; i < size; i++, place++, row++) {
      kinds[row] = CANDIDATE;
      numbers[row] = place;
      order.rows[place] = row;
      order.groupOf[place] = g;
    }
    work.end = row;
  }
}

/** The section of the list that a row is in, or heads. */
export function sectionOf(order, row) {
  const number = order.numbers[row];
  if (order.kinds[row] === WORK)
    return sectionOfWork(order.works[number]);
  const group = order.groups[order.kinds[row] === GROUP ? number : order.groupOf[number]];
  return { head: group.head, end: group.head + 1 + group.n, parent: sectionOfWork(group.work) };
}
const sectionOfWork = (work) => ({ head: work.head, end: work.end, parent: null });

/** {platform, host, id, name} */
export function sellerOf(order, group) {
  const [platform, host, id, name] = order.told.sellers[group.seller];
  return { platform, host, id, name };
}

/** The place of the candidate with this number; -1. */
export function placeOf(order, id) {
  order.places ??= new Map(order.ids.map((one, place) => [one, place]));
  return order.places.get(id) ?? -1;
}

/** The next place from one on, in a direction, whose state is one of those; -1. */
export function nextIn(order, from, step, states) {
  for (let place = from; place >= 0 && place < order.n; place += step)
    if (states.has(order.states[place]))
      return place;
  return -1;
}

/** How many of n places from first on are in one of the states. */
export function countIn(order, first, n, states) {
  let found = 0;
  for (let place = first; place < first + n; place++)
    found += states.has(order.states[place]);
  return found;
}

/** How many candidates another order has that this one has not. */
export function newIn(order, other) {
  let found = 0;
  for (const id of other.ids)
    found += placeOf(order, id) < 0;
  return found;
}
