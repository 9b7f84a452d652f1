import { divIcon, map as createMap, tileLayer } from 'leaflet';

export const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;

// A pin, as elements: an HTML text with a style would fall to the Content-Security-Policy.
export function drawnPin() {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 40 52');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg.namespaceURI, 'path');
  path.setAttribute('d', 'M20 51C8 34 2 27 2 19a18 18 0 0 1 36 0c0 8-6 15-18 32Z');
  const hole = document.createElementNS(svg.namespaceURI, 'circle');
  hole.setAttribute('cx', '20');
  hole.setAttribute('cy', '19');
  hole.setAttribute('r', '7');
  svg.append(path, hole);
  return svg;
}

export function pin() {
  return divIcon({ html: drawnPin(), className: 'map-pin', iconSize: [40, 52], iconAnchor: [20, 51] });
}

export function draw(element, { tiles, credit }, centre, zoom) {
  const chart = createMap(element, {
    center: centre,
    zoom,
    minZoom: 10,
    maxZoom: 19,
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    markerZoomAnimation: !calm,
    inertia: !calm,
  });
  chart.attributionControl.setPrefix(false);
  // Without tiles the pins and the words beside the map still work.
  if (tiles) tileLayer(tiles, { attribution: credit, maxZoom: 19 }).addTo(chart);
  return chart;
}

export const numbers = (...texts) => {
  const values = texts.map((text) => Number.parseFloat(String(text).replace(',', '.')));
  return values.every(Number.isFinite) ? values : null;
};
