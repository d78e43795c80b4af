// What candidates are, asked for when they come in sight, and kept for a while.

import { get } from './api.js';
import { complain } from './ui.js';

const MOST_IDS = 100; // that GET /api/candidates takes
const KEPT = 3000; // candidates

/** The candidates known: {of(id), want(ids), forget(id), clear()}. arrived(ids) is called when some
 * came. */
export function makeDetails(arrived) {
  const known = new Map(); // by number, the one known longest first
  let under = null; // {ids, controller} of what is being asked for

  function keep(candidates) {
    for (const one of candidates)
      known.set(one.candidate, one);
    while (known.size > KEPT)
      known.delete(known.keys().next().value);
  }

  async function ask(ids) {
    const mine = { ids: new Set(ids), controller: new AbortController() };
    under = mine;
    try {
      const { candidates } = await get('/api/candidates', { ids: ids.join() }, mine.controller.signal);
      if (under === mine) {
        keep(candidates);
        arrived(ids);
      }
    } catch (error) {
      complain(error);
    }
    if (under === mine)
      under = null;
  }

  function stop() {
    under?.controller.abort();
    under = null;
  }

  return {
    of: (id) => known.get(id),
    /** Asks for those of them that are not known, the first ones first, and for nothing else any more. */
    want(ids) {
      const missing = [...new Set(ids)].filter((id) => !known.has(id)).slice(0, MOST_IDS);
      if (under && missing.every((id) => under.ids.has(id)))
        return;
      stop();
      if (missing.length)
        ask(missing);
    },
    forget: (id) => known.delete(id),
    clear() {
      stop();
      known.clear();
    },
  };
}
