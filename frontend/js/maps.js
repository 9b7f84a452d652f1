// The map's script and styles are fetched when a map comes into sight, and not before: it weighs
// more than the page around it.
let loading = false;

function load({ mapScript, mapStyle }) {
  if (loading) return;
  loading = true;
  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = mapStyle;
  style.addEventListener('load', () => {
    const script = document.createElement('script');
    script.type = 'module';
    script.src = mapScript;
    document.head.append(script);
  });
  document.head.append(style);
}

export function maps(root) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      load(entry.target.dataset);
    }
  });
  for (const box of root.querySelectorAll('[data-map-script]')) seen.observe(box);
}
