import { divIcon, map as createMap, marker, tileLayer } from 'leaflet';

// The pin, as elements: an HTML text with a style would fall to the Content-Security-Policy.
function pin() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 40 52');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  path.setAttribute('d', 'M20 51C8 34 2 27 2 19a18 18 0 0 1 36 0c0 8-6 15-18 32Z');
  const hole = document.createElementNS(svg.namespaceURI, 'circle');
  hole.setAttribute('cx', '20');
  hole.setAttribute('cy', '19');
  hole.setAttribute('r', '7');
  svg.append(path, hole);
  return divIcon({ html: svg, className: 'map-pin', iconSize: [40, 52], iconAnchor: [20, 51] });
}

function draw(element, { tiles, credit }, centre, zoom) {
  const chart = createMap(element, {
    center: centre,
    zoom,
    minZoom: 10,
    maxZoom: 19,
    scrollWheelZoom: false,
    zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
  });
  chart.attributionControl.setPrefix(false);
  // Without tiles the pin and the address line still work.
  if (tiles) tileLayer(tiles, { attribution: credit, maxZoom: 19 }).addTo(chart);
  return chart;
}

const numbers = (...texts) => {
  const values = texts.map((text) => Number.parseFloat(String(text).replace(',', '.')));
  return values.every(Number.isFinite) ? values : null;
};

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

document.querySelectorAll('[data-map-picker]').forEach((box) => whenSeen(box, picker));
document.querySelectorAll('[data-map-show]').forEach((box) => whenSeen(box, show));
