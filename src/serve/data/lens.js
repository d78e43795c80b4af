// Several pictures looked at through one lens: enlarge or move one, and all show the same place of
// the work.
//
// A pane is {frame, stage, size(), place(u, v), ratio()}: stage fills frame and shows a picture of
// size() in its middle, as large as fits; place tells which of its places (as shares of width and
// height) shows the place u, v of the work; ratio is how much more it has to be enlarged to show
// the work as large as the others do.

const MOST = 12;

/** Width and height of a pane's picture before it is enlarged, in pixels. */
export function fitted({ frame, size }) {
  const { width, height } = size();
  const fit = Math.min(frame.clientWidth / width, frame.clientHeight / height);
  return [width * fit, height * fit];
}

export function makeLens(panes, onMove) {
  let scale = 1;
  let centre = [0.5, 0.5]; // the place of the work in the middle

  /* Where the picture lies in a pane: share s of an axis is at offset + s * length. */
  function layOut(pane) {
    const box = [pane.frame.clientWidth, pane.frame.clientHeight];
    const base = fitted(pane);
    const enlarged = 1 + (scale - 1) * pane.ratio();
    const middle = pane.place(...centre);
    const offset = box.map((room, axis) => {
      const length = base[axis] * enlarged;
      const wanted = room / 2 - middle[axis] * length;
      return length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, wanted));
    });
    return { enlarged, base, offset, margin: box.map((room, axis) => (room - base[axis]) / 2) };
  }

  function apply() {
    for (const pane of panes) {
      const { enlarged, offset, margin } = layOut(pane);
      const [x, y] = offset.map((at, axis) => at - margin[axis] * enlarged);
      pane.stage.style.transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${enlarged})`;
      pane.frame.classList.toggle('enlarged', scale > 1);
    }
    onMove(scale);
  }

  /* Moves the work by what is a move by [x, y] shares of a pane's picture. */
  function move(pane, [x, y]) {
    const [u, v] = centre;
    const here = pane.place(u, v);
    const [a, c] = pane.place(u + 0.01, v).map((at, axis) => (at - here[axis]) * 100);
    const [b, d] = pane.place(u, v + 0.01).map((at, axis) => (at - here[axis]) * 100);
    const size = a * d - b * c;
    if (Math.abs(size) < 1e-6)
      return;
    const within = (share) => Math.min(1, Math.max(0, share));
    centre = [within(u + (d * x - b * y) / size), within(v + (a * y - c * x) / size)];
  }

  const shareAt = (pane, point) => {
    const { enlarged, base, offset } = layOut(pane);
    return point.map((at, axis) => (at - offset[axis]) / (base[axis] * enlarged));
  };

  /* Enlarges so that what is at the point stays there. */
  function enlarge(factor, pane, point) {
    const before = pane && shareAt(pane, point);
    scale = Math.min(MOST, Math.max(1, scale * factor));
    if (scale < 1.01)
      scale = 1;
    if (scale === 1)
      centre = [0.5, 0.5];
    else if (before) {
      const now = shareAt(pane, point);
      move(pane, before.map((at, axis) => at - now[axis]));
    }
    apply();
  }

  for (const pane of panes)
    listen(pane, { enlarge, drag, isEnlarged: () => scale > 1, toggle: (point) => enlarge(scale > 1 ? 0 : 3, pane, point) });

  function drag(pane, by) {
    const { enlarged, base } = layOut(pane);
    move(pane, by.map((at, axis) => -at / (base[axis] * enlarged)));
    apply();
  }

  /* Where a place of a pane's picture is seen, in pixels of its frame. */
  function seenAt(pane, share) {
    const { enlarged, base, offset } = layOut(pane);
    return share.map((at, axis) => offset[axis] + at * base[axis] * enlarged);
  }

  return { enlarge, reset: () => enlarge(0), apply, seenAt };
}

/* Wheel, double click, dragging, and two fingers. One finger scrolls the page until something is
 * enlarged. */
function listen(pane, { enlarge, drag, isEnlarged, toggle }) {
  const { frame } = pane;
  const fingers = new Map();
  const within = (event) => {
    const box = frame.getBoundingClientRect();
    return [event.clientX - box.left - frame.clientLeft, event.clientY - box.top - frame.clientTop];
  };
  const spread = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const middle = (points) => [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / points.length);

  frame.addEventListener('wheel', (event) => {
    event.preventDefault();
    const lines = event.deltaMode ? 30 : 1;
    enlarge(2 ** (-event.deltaY * lines / 300), pane, within(event));
  }, { passive: false });
  frame.addEventListener('dblclick', (event) => toggle(within(event)));
  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0)
      return;
    fingers.set(event.pointerId, within(event));
    if (isEnlarged() || fingers.size > 1)
      frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId))
      return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, within(event));
    const now = [...fingers.values()];
    if (now.length === 2)
      enlarge(spread(now) / Math.max(1, spread(before)), pane, middle(now));
    if (isEnlarged())
      drag(pane, middle(now).map((at, axis) => at - middle(before)[axis]));
  });
  for (const name of ['pointerup', 'pointercancel'])
    frame.addEventListener(name, (event) => fingers.delete(event.pointerId));
}
