// The square on a card holds its code after the #, which a browser tells nobody: here it goes into
// its field, and out of the address and the history.
export function cards(root) {
  const field = root.querySelector('[data-card-code]');
  const found = /^#(\d{12})$/.exec(window.location.hash);
  if (!field || !found) return;
  if (!field.value) field.value = found[1].replace(/(\d{4})(?=\d)/g, '$1 ');
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  field.form?.elements.pin?.focus();
}
