// What a messenger writes down at a talk is kept on the device until the server says that it is in,
// and is sent once: each entry has a key of its own, and the server answers the same key with the
// same slip. The page goes on working without a line; nothing stays after it arrived, or after
// signing out.
const ENTRY = 'entry:';
const TYPED = 'entry-typed:';
const FIRST_PAUSE = 4000;
const LONGEST_PAUSE = 60000;

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken');
}

function fill(form, fields) {
  const told = new Map(fields);
  for (const input of form.elements) {
    if (!input.name || ['csrfmiddlewaretoken', 'key'].includes(input.name)) continue;
    if (input.type === 'checkbox' || input.type === 'radio') input.checked = told.get(input.name) === input.value;
    else if (told.has(input.name)) input.value = told.get(input.name);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

// Not a reset: on a page with errors that brings back what was typed.
function empty(form) {
  for (const input of form.elements) {
    if (['checkbox', 'radio'].includes(input.type)) input.checked = false;
    else if (input.name && input.type !== 'hidden') input.value = '';
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

function element(name, text, attributes = {}) {
  const made = Object.assign(document.createElement(name), attributes);
  made.textContent = text;
  return made;
}

function keeper(box) {
  const mine = `${ENTRY}${box.dataset.keptEntries}:`;
  const words = box.dataset;
  const list = box.querySelector('[data-kept-list]');
  const shown = box.querySelector('[data-kept-box]');
  const status = box.querySelector('[data-kept-status]');
  const arrived = [];
  let token = words.token;
  let sending = false;
  let pause = FIRST_PAUSE;
  let timer;

  const waiting = () =>
    store
      .keys(mine)
      .map((key) => [key, store.read(key)])
      .filter(([, entry]) => entry)
      .sort(([, one], [, other]) => one.at - other.at);

  function formOf(entry) {
    return [...document.querySelectorAll('form[data-entry]')].find((form) => form.getAttribute('action') === entry.url);
  }

  function buttons(key, entry) {
    const row = element('div', '', { className: 'actions' });
    const form = formOf(entry);
    if (form) {
      const again = element('button', words.textAgain, { type: 'button', className: 'nl-button nl-button--secondary button--small' });
      again.addEventListener('click', () => {
        if (form.elements.title.value || form.elements.text.value) {
          say('Busy');
          return;
        }
        fill(form, entry.fields);
        store.remove(key);
        draw();
        form.elements.title.focus();
      });
      row.append(again);
    }
    const drop = element('button', words.textDrop, { type: 'button', className: 'nl-button nl-button--subtle button--small' });
    drop.addEventListener('click', () => {
      if (!window.confirm(words.textSure)) return;
      store.remove(key);
      draw();
    });
    row.append(drop);
    return row;
  }

  function rowOf(title, lines) {
    const row = element('li', '');
    row.append(element('strong', title, { dir: 'auto' }));
    for (const line of lines) {
      row.append(document.createElement('br'), line);
    }
    return row;
  }

  function draw() {
    const rows = waiting().map(([key, entry]) => {
      const lines = [element('span', entry.errors ? words.textRefused : words.textWaits)];
      for (const error of entry.errors ?? []) lines.push(element('span', error));
      const row = rowOf(entry.title, lines);
      if (entry.errors) {
        row.append(element('p', new Map(entry.fields).get('text'), { dir: 'auto' }), buttons(key, entry));
      }
      return row;
    });
    for (const { title, slip, code } of arrived) {
      const lines = [element('span', words.textArrived)];
      if (code) lines.push(element('span', `${words.textCode} ${code}`));
      lines.push(element('a', words.textSlip, { href: slip, className: 'nl-link' }));
      rows.unshift(rowOf(title, lines));
    }
    list.replaceChildren(...rows);
    shown.hidden = rows.length === 0;
  }

  function say(what) {
    status.textContent = words[`text${what}`] ?? '';
  }

  // After somebody signed in again, in this browser or another window, this page's token is old.
  async function newToken() {
    const answer = await fetch(window.location.href, { redirect: 'manual' });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const there = page.querySelector('[data-kept-entries]');
    if (there?.dataset.keptEntries !== words.keptEntries || there.dataset.token === token) return false;
    token = there.dataset.token;
    return true;
  }

  function post(entry) {
    const body = new FormData();
    body.append('csrfmiddlewaretoken', token);
    for (const [name, value] of entry.fields) body.append(name, value);
    return fetch(entry.url, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { 'X-Entry': entry.tries > 1 ? 'kept' : 'new' },
    });
  }

  const isAnswer = (answer) => answer.headers.get('Content-Type')?.startsWith('application/json');

  // Says whether the next one may follow.
  async function deliver(key, entry) {
    const tried = { ...entry, tries: (entry.tries ?? 0) + 1 };
    store.write(key, tried);
    let answer = await post(tried);
    if (answer.status === 403 && !isAnswer(answer) && (await newToken())) answer = await post(tried);
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    if (!isAnswer(answer)) {
      say('SignIn');
      return false;
    }
    const told = await answer.json();
    if (answer.ok) {
      store.remove(key);
      arrived.push({ title: entry.title, ...told });
      return true;
    }
    store.write(key, { ...tried, errors: told.errors });
    return true;
  }

  // What stands behind one that could not be sent was kept as well: this was its first try.
  function passOver() {
    for (const [key, entry] of waiting()) {
      if (!entry.errors && !entry.tries) store.write(key, { ...entry, tries: 1 });
    }
  }

  async function send() {
    clearTimeout(timer);
    if (sending) return;
    const due = waiting().filter(([, entry]) => !entry.errors);
    if (!due.length) return;
    sending = true;
    say('Sending');
    try {
      let goesOn = true;
      for (const [key, entry] of due) {
        if (goesOn) goesOn = await deliver(key, entry);
      }
      pause = FIRST_PAUSE;
      if (goesOn) say(waiting().length ? 'Refused' : 'Arrived');
      else passOver();
    } catch {
      passOver();
      say('Waits');
      timer = setTimeout(send, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
    sending = false;
    draw();
    // What was added while the others were under way.
    if (waiting().some(([key, entry]) => !entry.errors && !due.some(([other]) => other === key))) send();
  }

  window.addEventListener('online', send);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) send();
  });
  draw();
  send();
  return {
    keep(url, fields) {
      const told = new Map(fields);
      // Without a line from the start: this is a first try that could not be made.
      const tries = navigator.onLine === false ? 1 : 0;
      const kept = store.write(mine + told.get('key'), { url, fields, tries, title: told.get('title'), at: Date.now() });
      if (kept) {
        draw();
        say('Waits');
        send();
      }
      return kept;
    },
  };
}

function watch(form, box, kept) {
  const typed = `${TYPED}${box.dataset.keptEntries}:${form.dataset.entry}`;
  const before = store.read(typed);
  if (before && !document.querySelector('[data-error-summary]')) fill(form, before);
  form.addEventListener('input', () => store.write(typed, fieldsOf(form)));
  form.addEventListener('submit', (event) => {
    // What lacks something is sent at once, and the page says what: who told it is still there.
    if (!form.checkValidity() && navigator.onLine !== false) return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    form.elements.key.value = newKey();
    if (!kept.keep(form.getAttribute('action'), fieldsOf(form))) {
      form.submit();
      return;
    }
    empty(form);
    store.remove(typed);
    box.scrollIntoView({ block: 'start' });
  });
}

export function entries(root) {
  const box = root.querySelector('[data-kept-entries]');
  if (box && !box.dataset.ready) {
    box.dataset.ready = 'true';
    const kept = keeper(box);
    for (const form of root.querySelectorAll('form[data-entry]')) watch(form, box, kept);
  }
  for (const form of root.querySelectorAll('form[data-forget-drafts]')) {
    form.addEventListener('submit', (event) => {
      const unsent = store.keys(ENTRY);
      if (unsent.length && form.dataset.textUnsent && !window.confirm(form.dataset.textUnsent)) {
        event.preventDefault();
        return;
      }
      [...unsent, ...store.keys(TYPED)].forEach(store.remove);
    });
  }
}
