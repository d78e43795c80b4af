// What candidates are, asked for when they come in sight, and kept for a while.

import { get } from './api.js';
import { complain } from './ui.js';

const MOST_IDS = 100; // that GET /api/candidates takes
const KEPT = 3000; // candidates

/** The candidates known: {of(id), want(ids), forget(id), clear()}. arrived(ids) is called when some
 * came. */
export function makeDetails(arrived) {
  const known = new Map(); // by number, the one known longest first
  let wished = []; // numbers, the most urgent first
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
      askOn();
  }

  /* Asks for what is wished for and not known; a failure is not asked for again by itself. */
  function askOn() {
    const asked = under?.ids;
    const missing = wished.filter((id) => !known.has(id) && !asked?.has(id)).slice(0, MOST_IDS);
    under = null;
    if (missing.length)
      ask(missing);
  }

  function stop() {
    under?.controller.abort();
    under = null;
  }

  return {
    of: (id) => known.get(id),
    /** Asks for those of them that are not known, the first ones first. What was asked for before
     * is not waited for when none of it is wished for any more. */
    want(ids) {
      wished = [...new Set(ids)];
      if (under && wished.some((id) => under.ids.has(id) && !known.has(id)))
        return;
      stop();
      askOn();
    },
    forget: (id) => known.delete(id),
    clear() {
      wished = [];
      stop();
      known.clear();
    },
  };
}
