// A button that prints the page; what is folded away is opened for the paper, and folded after.
export function printing(root) {
  for (const button of root.querySelectorAll('[data-print]')) {
    button.addEventListener('click', () => window.print());
  }
}

export function foldsOnPaper() {
  let opened = [];
  window.addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('main details:not([open])')];
    for (const one of opened) one.open = true;
  });
  window.addEventListener('afterprint', () => {
    for (const one of opened) one.open = false;
    opened = [];
  });
}
