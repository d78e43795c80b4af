// All that the page can show, on a database that has some of everything: for tests of what holds
// everywhere, and for pictures of it.

/** The sample market on five marketplaces: open, accepted and other candidates, notices in many states. */
export const fill = `
  accepted_marketplaces >/dev/null
  knockoff candidates reopen 1-8 >/dev/null
  knockoff candidates reject 2 >/dev/null
  knockoff candidates unsure 3 >/dev/null
  knockoff candidates licensed 4 >/dev/null
  knockoff notice build --confirm-authority --no-evidence >/dev/null || [ $? = 1 ]
  knockoff notice filed 1 --ref A-1 >/dev/null
  knockoff notice update 1 removed >/dev/null
  knockoff notice filed 2 --ref A-2 >/dev/null
  knockoff notice filed 3 --ref A-3 >/dev/null
  knockoff notice update 3 countered >/dev/null
  knockoff source add https://shop.example/ --every 6h >/dev/null
  knockoff rule add --price-below '0.01 USD' >/dev/null
  knockoff notify set atom=feed.xml >/dev/null`;

/** Each {name, hash}, and with open(page) what is opened there. */
export const views = [
  { name: 'inbox', hash: '#/inbox' },
  { name: 'search', hash: '#/search' },
  { name: 'works', hash: '#/works' },
  { name: 'work', hash: '#/works/1' },
  { name: 'notices', hash: '#/notices' },
  { name: 'notice', hash: '#/notices/1' },
  { name: 'sellers', hash: '#/sellers' },
  { name: 'watch', hash: '#/watch' },
  { name: 'overview', hash: '#/overview' },
  { name: 'settings', hash: '#/settings' },
  { name: 'keys', hash: '#/inbox', open: (page) => page.keyboard.press('?') },
];
