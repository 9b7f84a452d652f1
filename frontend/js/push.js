// Offers to be told on this device, where the browser knows how. It asks for the person's leave when
// the button is pressed, never before.

function bytes(text) {
  const padded = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

function same(buffer, key) {
  const told = new Uint8Array(buffer ?? []);
  return told.length === key.length && told.every((byte, place) => byte === key[place]);
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration('/');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

async function made(key) {
  await navigator.serviceWorker.register('/sw.js', { scope: '/' });
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = await pushManager.getSubscription();
  if (before && same(before.options.applicationServerKey, key)) return before;
  // The site has other keys since.
  await before?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

// Tells the site; returns what it says against it, or nothing.
async function tell(form, address, subscription) {
  const fields = new FormData(form);
  fields.set('endpoint', subscription.endpoint);
  const { p256dh, auth } = subscription.toJSON().keys ?? {};
  fields.set('p256dh', p256dh ?? '');
  fields.set('auth', auth ?? '');
  const answer = await fetch(address, { method: 'POST', body: fields, redirect: 'error' });
  if (answer.status === 204) return '';
  const isSentence = answer.headers.get('Content-Type')?.startsWith('text/plain');
  return isSentence ? answer.text() : form.dataset.textFailed;
}

async function offer(form) {
  const key = bytes(form.dataset.push);
  const says = form.querySelector('[data-push-says]');
  const before = await current();
  let isOn = 'pushIsOn' in form.dataset && before !== null && same(before.options.applicationServerKey, key);

  const show = () => {
    for (const part of form.querySelectorAll('[data-push-when]')) {
      part.hidden = (part.dataset.pushWhen === 'on') !== isOn;
    }
  };

  async function turnOn() {
    if ((await Notification.requestPermission()) !== 'granted') return form.dataset.textDenied;
    const refused = await tell(form, form.action, await made(key));
    isOn = refused === '';
    return refused;
  }

  async function turnOff() {
    const subscription = await current();
    if (subscription) {
      const refused = await tell(form, form.dataset.pushOff, subscription);
      if (refused) return refused;
      await subscription.unsubscribe();
    }
    isOn = false;
    return '';
  }

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.ariaBusy === 'true') return;
    form.ariaBusy = 'true';
    try {
      says.textContent = await (isOn ? turnOff() : turnOn());
    } catch {
      says.textContent = form.dataset.textFailed;
    }
    form.ariaBusy = null;
    const held = form.contains(document.activeElement);
    show();
    if (held) form.querySelector('button:not([hidden])').focus();
  });
  show();
  form.hidden = false;
}

// An iPhone shows messages of sites on its home screen alone, and only there knows of them at all.
function tellApple(root) {
  const isApple = /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
  if (!isApple || navigator.standalone) return;
  for (const words of root.querySelectorAll('[data-push-apple]')) words.hidden = false;
}

export function push(root) {
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) {
    tellApple(root);
    return;
  }
  for (const form of root.querySelectorAll('form[data-push]')) offer(form).catch(() => {});
}
