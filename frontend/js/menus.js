// Menus made of <details> close like menus do: with Escape, and when one looks elsewhere.
const open = () => document.querySelectorAll('details[data-menu][open]');

// The links scroll sideways on a phone: the one for this page is in sight from the start.
function showWhereOneIs() {
  const row = document.querySelector('.site-nav ul');
  const here = row?.querySelector('[aria-current]');
  if (!here || row.scrollWidth <= row.clientWidth) return;
  const [outer, inner] = [row.getBoundingClientRect(), here.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
}

export function menus() {
  showWhereOneIs();
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of open()) {
      const held = menu.contains(document.activeElement);
      menu.open = false;
      if (held) menu.querySelector('summary').focus();
    }
  });
  document.addEventListener('click', (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('focusin', (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}
