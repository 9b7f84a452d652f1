// What somebody types is kept: a copy on the device at once, and at the server after a pause.
const PREFIX = 'draft:';
const PAUSE = 3000;
const FORGET_AFTER = 7 * 24 * 3600 * 1000;
// Fields that belong to this very page and must not come back on another.
const OWN = new Set(['csrfmiddlewaretoken']);

// On a device that many use nothing is kept.
const isShared = () => 'sharedSeconds' in document.body.dataset;

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    if (isShared()) return;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Full, or switched off: the server still has the last save.
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
  keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    } catch {
      return [];
    }
  },
};

function fieldsOf(form) {
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && !OWN.has(name)) fields.push([name, value]);
  }
  return fields;
}

function fill(form, fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  for (const input of form.elements) {
    if (!input.name || OWN.has(input.name) || ['file', 'submit', 'button'].includes(input.type)) continue;
    const kept = values.get(input.name) ?? [];
    if (input.type === 'checkbox' || input.type === 'radio') input.checked = kept.includes(input.value);
    else if (input.type === 'select-multiple') {
      for (const option of input.options) option.selected = kept.includes(option.value);
    } else if (kept.length) input.value = kept.shift();
    else continue;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

// A draft of a visitor whose session is over can't be found any more: what was typed for it, and
// never arrived, goes on as a new one.
function adopt(key, kin) {
  if (store.read(key)) return;
  const lost = store.keys().filter((other) => kin.test(other));
  const copies = lost.map((other) => [other, store.read(other)]).filter(([, copy]) => copy?.sent || copy?.homeless);
  const [newest] = copies.sort(([, one], [, other]) => other.at - one.at);
  if (!newest) return;
  store.write(key, { at: newest[1].at, fields: newest[1].fields });
  store.remove(newest[0]);
}

function watch(form) {
  const key = PREFIX + form.dataset.autosave;
  const url = form.dataset.autosaveUrl;
  const status = form.querySelector('[data-save-status]');
  const say = (what) => {
    if (status) status.textContent = status.dataset[`text${what}`] ?? '';
  };
  let timer;
  let sending = null;

  if (form.dataset.autosaveAdopts) adopt(key, new RegExp(`^${PREFIX}${form.dataset.autosaveAdopts}$`));
  const copy = store.read(key);
  const changed = Date.parse(form.dataset.autosaveChanged ?? '') || 0;
  const hasErrors = document.querySelector('[data-error-summary]');
  if (copy && copy.at > changed && !hasErrors && JSON.stringify(copy.fields) !== JSON.stringify(fieldsOf(form))) {
    fill(form, copy.fields);
    say('Restored');
  } else if (copy && hasErrors) {
    // Not everything was kept: the back button leads to a page without what was refused.
    store.write(key, { at: Date.now(), fields: fieldsOf(form) });
  } else if (copy) {
    store.remove(key);
  }

  async function send() {
    sending?.abort();
    sending = new AbortController();
    const fields = fieldsOf(form);
    const body = new FormData();
    const token = form.elements.csrfmiddlewaretoken?.value;
    if (token) body.append('csrfmiddlewaretoken', token);
    for (const [name, value] of fields) body.append(name, value);
    say('Saving');
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'X-Autosave': '1' },
        signal: sending.signal,
        redirect: 'error',
      });
      if (!response.ok) {
        const last = store.read(key);
        if (response.status === 404 && last) store.write(key, { ...last, homeless: true });
        throw new Error(String(response.status));
      }
      say('Saved');
      // What was typed while the request was under way is newer than what was saved.
      if (JSON.stringify(fields) === JSON.stringify(fieldsOf(form))) store.remove(key);
    } catch (error) {
      if (error.name !== 'AbortError') say(isShared() ? 'Saving' : 'Kept');
    }
  }

  const note = (event) => {
    if (!event.isTrusted && event.type !== 'change') return;
    store.write(key, { at: Date.now(), fields: fieldsOf(form) });
    if (!url) return;
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  };
  form.addEventListener('input', note);
  form.addEventListener('change', note);
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    sending?.abort();
    const last = store.read(key);
    // Not removed yet: the answer may be an error, or a page to sign in on.
    if (last) store.write(key, { ...last, sent: true });
  });
}

// What was sent has arrived when a page says so: with its thanks, or as the step that follows.
function sweep() {
  const accepted = document.querySelector('[data-accepted]');
  const step = document.querySelector('[data-autosave-arrived]');
  const arrived = step && new RegExp(`^${PREFIX}(${step.dataset.autosaveArrived})$`);
  for (const key of store.keys()) {
    const copy = store.read(key);
    const isOld = !copy || Date.now() - copy.at > FORGET_AFTER;
    if (isOld || (copy.sent && (accepted || arrived?.test(key)))) store.remove(key);
  }
}

let swept = false;

export function autosave(root) {
  const forms = [...root.querySelectorAll('form[data-autosave]')].filter((form) => !form.dataset.ready);
  if (!swept) {
    swept = true;
    sweep();
  }
  for (const form of forms) {
    form.dataset.ready = 'true';
    watch(form);
  }
  for (const form of root.querySelectorAll('form[data-forget-drafts]')) {
    form.addEventListener('submit', () => store.keys().forEach(store.remove));
  }
}
