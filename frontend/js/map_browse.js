import { divIcon, DomEvent, latLngBounds, marker, polygon, popup } from 'leaflet';
import { calm, draw, drawnPin, numbers } from './map_drawing.js';

const WAIT_MS = 200;
// Closer than this, what still lies together is told instead of drawn apart.
const CLOSEST = 18;

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

// The view stands in the address, so that the back button leads to the same part of the map.
function remembered() {
  const match = /^#(\d{1,2})\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(location.hash);
  const told = match && numbers(match[1], match[2], match[3]);
  return told && { zoom: told[0], centre: [told[1], told[2]] };
}

class Browser {
  constructor(box) {
    this.box = box;
    this.markers = new Map();
    this.areas = new Map();
    const start = remembered();
    const { centre, zoom } = this.list.dataset;
    this.chart = draw(
      box,
      box.dataset,
      start?.centre ?? numbers(...centre.split(',')),
      // A telephone shows less of the world at once.
      start?.zoom ?? Number(zoom) - (box.clientWidth < 500 ? 1 : 0),
    );
    if (calm) {
      // Leaflet slides by itself when a key is pressed.
      const slide = this.chart.panBy.bind(this.chart);
      this.chart.panBy = (offset) => slide(offset, { animate: false });
    }
    const { textCloser, textAway } = box.dataset;
    for (const [name, words] of [['in', textCloser], ['out', textAway]]) {
      const button = box.querySelector(`.leaflet-control-zoom-${name}`);
      button.title = words;
      button.setAttribute('aria-label', words);
    }
    this.chart.on('moveend', () => this.moved());
    this.chart.on('popupclose', () => this.closed());
    this.listen('htmx:afterSettle', (event) => this.chosen(event));
    this.listen('focusin', (event) => this.light(event.target));
    this.listen('pointerover', (event) => this.light(event.target));
    this.drawBorders(!start && Boolean(this.list.dataset.area)).finally(() => this.load());
  }

  // Until another map came in the place of this one.
  listen(name, act) {
    const heard = (event) => {
      if (this.box.isConnected) act(event);
      else document.removeEventListener(name, heard);
    };
    document.addEventListener(name, heard);
  }

  // htmx puts another one in its place.
  get list() {
    return document.querySelector('[data-map-list]');
  }

  // --- Neighbourhoods ---

  async drawBorders(goThere) {
    if (!this.box.dataset.borders) return;
    try {
      const answer = await fetch(this.box.dataset.borders);
      if (!answer.ok) return;
      for (const { slug, polygons } of (await answer.json()).areas) {
        const turned = polygons.map((rings) => rings.map((ring) => ring.map(([x, y]) => [y, x])));
        const drawn = polygon(turned, { className: 'map-area', bubblingMouseEvents: true });
        this.areas.set(slug, drawn.addTo(this.chart).bindTooltip('', { sticky: true }));
      }
    } catch {
      // Pins and list do without.
    }
    this.colour();
    if (goThere) this.goToArea();
  }

  colour() {
    for (const [slug, drawn] of this.areas) {
      const row = document.querySelector(`[data-area="${CSS.escape(slug)}"][data-step]`);
      const path = drawn.getElement();
      if (!row || !path) continue;
      path.setAttribute('class', `leaflet-interactive map-area map-area--${row.dataset.step}`);
      const isChosen = slug === this.list.dataset.area;
      path.classList.toggle('map-area--chosen', isChosen);
      if (isChosen) drawn.bringToFront();
      const told = element('span');
      told.append(
        element('strong', '', row.querySelector('a').textContent),
        element('br'),
        row.querySelector('[data-area-count]').textContent,
      );
      drawn.setTooltipContent(told);
    }
  }

  goToArea() {
    const { area, centre, zoom } = this.list.dataset;
    const drawn = this.areas.get(area);
    if (drawn) this.chart.fitBounds(drawn.getBounds(), { animate: !calm });
    else this.chart.setView(numbers(...centre.split(',')), Number(zoom), { animate: !calm });
  }

  // Other choices came in: the words beside the map are those of the page again.
  chosen(event) {
    if (event.target !== this.list && !event.target.contains(this.list)) return;
    this.chart.closePopup();
    this.colour();
    const area = this.list.dataset.area;
    if (area !== this.lastArea) this.goToArea();
    this.lastArea = area;
    this.load();
  }

  // --- Pins ---

  moved() {
    const { lat, lng } = this.chart.getCenter();
    const view = `#${this.chart.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
    history.replaceState(history.state, '', view);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.load(), WAIT_MS);
  }

  async ask(bounds, zoom, signal) {
    const query = new URLSearchParams(this.list.dataset.query);
    const edges = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const limits = [-180, -90, 180, 90];
    query.set('box', edges.map((edge, side) => (side < 2 ? Math.max(edge, limits[side]) : Math.min(edge, limits[side])).toFixed(6)));
    query.set('zoom', zoom);
    const answer = await fetch(`${this.box.dataset.points}?${query}`, { signal });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  async load() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const found = await this.ask(this.chart.getBounds(), this.chart.getZoom(), signal);
      if (!signal.aborted) this.show(found);
    } catch (error) {
      if (error.name !== 'AbortError') this.say(this.box.dataset.textFailed);
    }
  }

  say(words) {
    this.list.querySelector('[data-map-said]').textContent = words;
  }

  show(found) {
    const hadFocus = this.box.contains(document.activeElement);
    const wanted = new Map(found.features.map((feature) => [feature.id, feature]));
    for (const [id, mark] of this.markers) {
      if (wanted.has(id)) continue;
      mark.remove();
      this.markers.delete(id);
    }
    for (const feature of found.features) this.put(feature);
    // A pin that had the focus may be gone: the arrow keys go on with the map.
    if (hadFocus && !this.box.contains(document.activeElement)) this.box.focus();
    this.say(found.said);
    const rows = this.list.querySelector('[data-map-rows]');
    if (!rows.contains(document.activeElement)) rows.innerHTML = found.list;
    this.box.dataset.mapShown = found.count;
  }

  put(feature) {
    const { properties: told } = feature;
    let mark = this.markers.get(feature.id);
    if (!mark) {
      const [longitude, latitude] = feature.geometry.coordinates;
      const button = element('button', told.count ? 'map-group' : 'map-place');
      button.type = 'button';
      const icon = told.count
        ? divIcon({ html: button, className: 'map-mark', iconSize: [48, 48] })
        : divIcon({ html: button, className: 'map-mark', iconSize: [44, 56], iconAnchor: [22, 54], popupAnchor: [0, -46] });
      mark = marker([latitude, longitude], { icon, keyboard: false, riseOnHover: true });
      mark.button = button;
      mark.on('click', () => this.open(feature.id));
      mark.addTo(this.chart);
      this.markers.set(feature.id, mark);
    }
    mark.told = told;
    this.dress(mark);
  }

  dress({ button, told }) {
    if (told.count) {
      button.textContent = told.count > 999 ? `${Math.floor(told.count / 1000)}k` : told.count;
      button.setAttribute('aria-label', told.said);
      return;
    }
    const name = element('span', 'visually-hidden', told.title);
    name.lang = told.language;
    button.replaceChildren(drawnPin(), element('span', 'map-place__number', told.place ? String(told.place) : ''), name);
    button.classList.toggle('map-place--numbered', Boolean(told.place));
  }

  // --- Opening ---

  async open(id) {
    const mark = this.markers.get(id);
    if (!mark) return;
    if (!mark.told.count) {
      this.tell(mark, this.words(mark.told));
      return;
    }
    const [west, south, east, north] = mark.told.box;
    const bounds = latLngBounds([south, west], [north, east]);
    // With some room around, so that no pin lies at the edge.
    const zoom = Math.min(this.chart.getBoundsZoom(bounds.pad(0.25)), CLOSEST);
    if (zoom > this.chart.getZoom()) {
      this.box.focus({ preventScroll: true });
      this.chart.setView(bounds.getCenter(), zoom, { animate: !calm });
      return;
    }
    // As close as it gets: they are told instead of drawn apart.
    try {
      const found = await this.ask(bounds, 22);
      const words = element('div');
      words.append(element('p', 'small', found.said));
      const rows = element('div');
      rows.innerHTML = found.list;
      words.append(rows);
      this.tell(mark, words);
    } catch {
      this.say(this.box.dataset.textFailed);
    }
  }

  words({ title, language, url, area, address }) {
    const words = element('div');
    const heading = element('p', 'map-popup__title');
    const link = element('a', '', title);
    Object.assign(link, { href: url, lang: language, dir: 'auto' });
    heading.append(link);
    const where = element('p', 'small');
    where.append(element('bdi', '', area));
    if (address) {
      const place = element('bdi', '', address);
      place.lang = language;
      where.append(' · ', place);
    }
    words.append(heading, where);
    return words;
  }

  tell(mark, words) {
    this.opener = mark.button;
    const opened = popup({ offset: mark.told.count ? [0, -18] : [0, -44], maxWidth: 280, maxHeight: 260 });
    opened.setLatLng(mark.getLatLng()).setContent(words).openOn(this.chart);
    const close = opened.getElement().querySelector('.leaflet-popup-close-button');
    close.setAttribute('aria-label', this.box.dataset.textClose);
    DomEvent.on(opened.getElement(), 'keydown', (event) => {
      if (event.key === 'Escape') this.chart.closePopup(opened);
    });
    opened.getElement().querySelector('a')?.focus({ preventScroll: true });
  }

  closed() {
    const opener = this.opener;
    this.opener = null;
    // The popup is still in the page while Leaflet tells that it goes.
    const within = document.activeElement?.closest('.leaflet-popup') || document.activeElement === document.body;
    if (!within) return;
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    else this.box.focus({ preventScroll: true });
  }

  // The row of the list that somebody is at lights up its pin.
  light(target) {
    const id = target instanceof Element ? target.closest('[data-pin]')?.dataset.pin : undefined;
    if (id === this.lit) return;
    this.markers.get(this.lit)?.button.classList.remove('is-lit');
    this.markers.get(this.lit)?.setZIndexOffset(0);
    this.lit = id;
    this.markers.get(id)?.button.classList.add('is-lit');
    this.markers.get(id)?.setZIndexOffset(1000);
  }
}

export function browse(box) {
  const begun = new Browser(box);
  begun.lastArea = begun.list.dataset.area;
}
