// Sharing by the browser's own means: its sheet of apps, and the clipboard. Both stay hidden
// where the browser has none.
export function sharing(root) {
  for (const way of root.querySelectorAll('[data-share]')) {
    if (!navigator.share) continue;
    way.hidden = false;
    way.querySelector('button').addEventListener('click', () => {
      const { shareTitle: title, shareAddress: url } = way.dataset;
      // Whoever closes the sheet without choosing has not met an error.
      navigator.share({ title, url }).catch(() => {});
    });
  }
  for (const way of root.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue;
    way.hidden = false;
    const said = way.querySelector('[data-copied]');
    way.querySelector('button').addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(way.dataset.copy);
        said.textContent = said.dataset.copied;
      } catch {
        said.textContent = way.dataset.copy;
      }
    });
  }
}
