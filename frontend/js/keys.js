// Keys for those with forty texts to go. They are off while typing, and have a switch.
const SWITCH = 'keys-off';

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function isTyping(element) {
  return element?.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]');
}

function step(area, direction) {
  const items = [...area.querySelectorAll('[data-queue-item]')];
  if (!items.length) return;
  const focused = items.indexOf(document.activeElement?.closest('[data-queue-item]'));
  const current = focused >= 0 ? focused : items.findIndex((item) => item.matches('[aria-current]'));
  const next = Math.min(Math.max(current + direction, 0), items.length - 1);
  items[next].focus();
}

export function keys() {
  const area = document.querySelector('[data-keys]');
  if (!area) return;
  const box = document.querySelector('[data-keys-switch]');
  if (box) {
    box.checked = stored(SWITCH) !== 'true';
    box.addEventListener('change', () => {
      try {
        localStorage.setItem(SWITCH, String(!box.checked));
      } catch {
        // A device that keeps nothing has the keys on again next time.
      }
    });
  }
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if ((box && !box.checked) || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if ((key === 'j' || key === 'k') && area.querySelector('[data-queue-item]')) {
      event.preventDefault();
      step(area, key === 'j' ? 1 : -1);
      return;
    }
    const target = [...area.querySelectorAll('[data-key]')].find((item) => item.dataset.key === key);
    if (!target) return;
    event.preventDefault();
    if (target.matches('summary')) {
      const box = target.parentElement;
      box.open = true;
      (box.querySelector('textarea, select, input:not([type="hidden"])') ?? target).focus();
    } else {
      // What others see at once is not done by a slip of the finger: Enter presses it.
      target.focus();
    }
  });
}
