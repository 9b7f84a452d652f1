import { marker } from 'leaflet';
import { browse } from './map_browse.js';
import { draw, numbers, pin } from './map_drawing.js';

function picker(box) {
  const latitude = document.querySelector(box.dataset.lat);
  const longitude = document.querySelector(box.dataset.lon);
  const put = box.querySelector('[data-map-put]');
  const clear = box.querySelector('[data-map-clear]');
  const status = box.querySelector('[data-map-status]');
  if (!latitude || !longitude) return;
  const stored = numbers(latitude.value, longitude.value);
  const centre = stored ?? numbers(...box.dataset.centre.split(',')) ?? [52.07, 4.3];
  const chart = draw(box.querySelector('[data-map]'), box.dataset, centre, stored ? 17 : Number(box.dataset.zoom));
  let point = null;

  const tell = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const remove = () => {
    point?.remove();
    point = null;
    clear.hidden = true;
  };
  const place = (where, { quiet = false } = {}) => {
    if (point) point.setLatLng(where);
    else {
      point = marker(where, { icon: pin(), draggable: true, keyboard: false }).addTo(chart);
      point.on('dragend', () => place(point.getLatLng()));
    }
    clear.hidden = false;
    if (quiet) return;
    // Five decimals are about a metre.
    tell(latitude, where.lat.toFixed(5));
    tell(longitude, where.lng.toFixed(5));
    status.textContent = status.dataset.textPut;
  };

  if (stored) place({ lat: stored[0], lng: stored[1] }, { quiet: true });
  chart.on('click', (event) => place(event.latlng));
  put.addEventListener('click', () => place(chart.getCenter()));
  clear.addEventListener('click', () => {
    remove();
    tell(latitude, '');
    tell(longitude, '');
    status.textContent = status.dataset.textCleared;
    put.focus();
  });
}

function show(element) {
  const where = numbers(element.dataset.lat, element.dataset.lon);
  if (!where) return;
  const chart = draw(element, element.dataset, where, 16);
  marker(where, { icon: pin(), interactive: false, keyboard: false }).addTo(chart);
}

// A map that is drawn out of sight, as in a closed fold-out, does not know its own size.
function whenSeen(box, begin) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    begin(box);
  });
  seen.observe(box);
}

function start(root) {
  for (const [selector, begin] of [
    ['[data-map-picker]', picker],
    ['[data-map-show]', show],
    ['[data-map-browse]', browse],
  ]) {
    root.querySelectorAll(selector).forEach((box) => whenSeen(box, begin));
  }
}

start(document);
// The back button after other choices: htmx puts the whole page in its place, another map too.
document.addEventListener('htmx:load', (event) => {
  if (event.target !== document.body) start(event.target);
});
