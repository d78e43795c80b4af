// Which candidates are chosen to be decided about together, by place.

/** A selection: changed() is called when it is another one. isOffered(place) is false for what is
 * not chosen together with others, as it is decided already. */
export function makeSelection(isOffered, changed) {
  const places = new Set();
  let anchor = -1; // where a range begins

  /** Whether of n places all that is offered is chosen, and something is. */
  function isWhole(first, n) {
    let some = false;
    for (let place = first; places.size && place < first + n; place++) {
      if (places.has(place))
        some = true;
      else if (isOffered(place))
        return false;
    }
    return some;
  }

  return {
    has: (place) => places.has(place),
    get size() { return places.size; },
    sorted: () => [...places].sort((a, b) => a - b),
    isWhole,
    toggle(place) {
      if (!places.delete(place))
        places.add(place);
      anchor = place;
      changed();
    },
    /** Chooses all that is offered of n places, or none of them. */
    toggleAll(first, n) {
      const whole = isWhole(first, n);
      for (let place = first; place < first + n; place++) {
        if (whole)
          places.delete(place);
        else if (isOffered(place))
          places.add(place);
      }
      changed();
    },
    /** Chooses from where something was chosen last. */
    extendTo(place) {
      const from = anchor < 0 ? place : anchor;
      for (let one = Math.min(from, place); one <= Math.max(from, place); one++)
        places.add(one);
      anchor = place;
      changed();
    },
    clear() {
      places.clear();
      anchor = -1;
      changed();
    },
  };
}
