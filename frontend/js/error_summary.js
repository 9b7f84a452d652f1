// The summary takes the focus, and each of its links leads to the field itself.
export function errorSummary(root) {
  const summary = root.querySelector('[data-error-summary]');
  if (!summary || summary.dataset.ready) return;
  summary.dataset.ready = 'true';
  summary.focus();
  summary.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(link.getAttribute('href').slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest('.field') ?? field).scrollIntoView({ block: 'start' });
    field.focus({ preventScroll: true });
  });
}
