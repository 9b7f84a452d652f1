// Shows what the site tells somebody on this device, and opens the page that it is about. It keeps
// nothing and fetches nothing.

// What it says comes from the site: encrypted for this browser.
self.addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    return;
  }
  const { title, body, path, tag, lang, dir } = told;
  if (!title) return;
  event.waitUntil(
    self.registration.showNotification(title, { body, tag, lang, dir, data: { path } }),
  );
});

// Only a page of this very site is opened.
function addressOf(path) {
  try {
    const address = new URL(path, self.location.origin);
    if (address.origin === self.location.origin) return address.href;
  } catch {
    // No address.
  }
  return `${self.location.origin}/`;
}

async function open(address) {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => page.url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(addressOf(event.notification.data?.path ?? '/')));
});
