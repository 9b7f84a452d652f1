// Makes or shows a passkey where the browser knows them. The form is there without: hidden, so that
// nobody meets a button that does nothing. What is asked comes when the button is pressed.

function decode(text) {
  const padded = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

function encode(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

// The options as the site writes them, with bytes where the browser wants bytes.
function opened(options) {
  const read = (part) => ({ ...part, id: decode(part.id) });
  const result = { ...options, challenge: decode(options.challenge) };
  if (options.user) result.user = read(options.user);
  if (options.excludeCredentials) result.excludeCredentials = options.excludeCredentials.map(read);
  if (options.allowCredentials) result.allowCredentials = options.allowCredentials.map(read);
  return result;
}

function written(credential) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  const id = encode(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response, clientExtensionResults: {} });
}

async function ask(form) {
  const body = new FormData();
  body.append('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
  if (form.dataset.passkey === 'make') body.append('make', '1');
  if (form.elements.step) body.append('step', '1');
  const response = await fetch(form.dataset.passkeyOptions, { method: 'POST', body, redirect: 'error' });
  if (!response.ok) throw new Error(String(response.status));
  const publicKey = opened((await response.json()).publicKey);
  return form.dataset.passkey === 'make'
    ? navigator.credentials.create({ publicKey })
    : navigator.credentials.get({ publicKey });
}

function watch(form) {
  const failed = form.querySelector('[data-passkey-failed]');
  const button = form.querySelector('button');
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    // The site says what is missing, before the device keeps a passkey that nobody gets.
    if (!form.checkValidity()) {
      form.submit();
      return;
    }
    failed.hidden = true;
    button.disabled = true;
    try {
      form.elements.credential.value = written(await ask(form));
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}

export function passkeys(root) {
  if (!window.PublicKeyCredential) return;
  for (const form of root.querySelectorAll('form[data-passkey]')) watch(form);
  for (const note of root.querySelectorAll('[data-passkey-missing]')) note.hidden = true;
}
