// How much room is left in a text field; told to screen readers only when it gets tight.
const TIGHT = 50;

export function counters(root) {
  for (const counter of root.querySelectorAll('[data-counter-for]')) {
    const field = document.getElementById(counter.dataset.counterFor);
    if (!field || counter.dataset.ready) continue;
    counter.dataset.ready = 'true';
    const max = Number(counter.dataset.counterMax);
    const numbers = new Intl.NumberFormat(document.documentElement.lang);
    const show = () => {
      // The server counts characters, and a line break as two, as forms are sent.
      const length = [...field.value.replace(/\r?\n/g, '\r\n')].length;
      const left = max - length;
      counter.textContent = counter.dataset.text.replace('{number}', numbers.format(left));
      counter.classList.toggle('is-over', left < 0);
      if (left <= TIGHT) counter.setAttribute('role', 'status');
      else counter.removeAttribute('role');
    };
    field.addEventListener('input', show);
    show();
  }
}
