// A device that one person after another uses: whoever walked away is asked, and then forgotten.
// The server ends the session by itself a little later; this shows it, and gives more time.
const TICK = 250;

export function shared() {
  const { sharedSeconds, sharedStart, sharedStay } = document.body.dataset;
  const limit = Number(sharedSeconds) * 1000;
  if (!limit) return;
  const dialog = document.querySelector('[data-shared-warning]');
  const left = dialog?.querySelector('[data-shared-left]');
  // Long enough to press a button, also for who is slow; never more than half of the time.
  const warning = Math.min(60_000, limit / 2);
  let touched = Date.now();
  let told = touched;

  // Once: asking again would begin anew, and on a slow line never arrive.
  let isLeaving = false;
  const leave = () => {
    if (isLeaving) return;
    isLeaving = true;
    window.location.replace(sharedStart);
  };

  async function tell() {
    told = Date.now();
    try {
      const response = await fetch(sharedStay, { cache: 'no-store', redirect: 'manual' });
      // Led elsewhere: the session is over.
      if (response.type === 'opaqueredirect') leave();
    } catch {
      // No line: the time goes on, and is up when it is up.
    }
  }

  const touch = () => {
    if (dialog?.open) return;
    touched = Date.now();
    if (touched - told > limit / 8) tell();
  };
  for (const kind of ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove']) {
    document.addEventListener(kind, touch, { passive: true });
  }

  const goOn = () => {
    touched = Date.now();
    tell();
  };
  dialog?.addEventListener('close', goOn);
  dialog?.querySelector('[data-shared-go-on]')?.addEventListener('click', () => dialog.close());

  setInterval(() => {
    const rest = limit - (Date.now() - touched);
    if (rest <= 0) return leave();
    if (!dialog) return undefined;
    if (rest <= warning && !dialog.open) dialog.showModal();
    if (left && dialog.open) left.textContent = String(Math.ceil(rest / 1000));
    return undefined;
  }, TICK);

  // Other scripts note where somebody was.
  window.addEventListener('pagehide', () => {
    try {
      localStorage.clear();
      sessionStorage.clear();
    } catch {
      // Switched off: nothing was noted.
    }
  });

  // A page that the back button brings from memory is asked for anew.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload();
  });
}
