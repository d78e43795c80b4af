// What the server told last, for all parts of the page that show some of it.

let latest = null;
const followers = new Set();

/** Takes new ones in and hands them on. */
export function tell(told) {
  latest = told;
  for (const follower of [...followers])
    follower();
}

/** Calls fn with the news, now and whenever there are some, until the element has left the page. */
export function follow(element, fn) {
  let wasShown = false;
  const follower = () => {
    wasShown ||= element.isConnected;
    if (wasShown && !element.isConnected)
      followers.delete(follower);
    else if (latest)
      fn(latest);
  };
  followers.add(follower);
  follower();
}
