// What htmx could not fetch is told beside the form that asked for it, until the next try.
const FAILED = ['htmx:sendError', 'htmx:timeout', 'htmx:responseError'];

export function failures() {
  const text = document.body.dataset.textFailed;
  const forget = () => document.querySelectorAll('[data-failure]').forEach((note) => note.remove());
  document.addEventListener('htmx:beforeRequest', forget);
  for (const name of FAILED) {
    document.addEventListener(name, ({ detail }) => {
      // What only helps while writing asks again at the next pause.
      if ('quiet' in detail.elt.dataset) return;
      forget();
      const note = document.createElement('p');
      note.dataset.failure = '';
      note.className = 'failure';
      note.setAttribute('role', 'alert');
      detail.elt.after(note);
      // Filled after it is there: some screen readers miss what was there from the start.
      note.textContent = text;
    });
  }
}
