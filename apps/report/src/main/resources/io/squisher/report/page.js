// Puts the page together from its data.
const layerPlaces = new Map();
const knownLayers = layerPlaces;
const afterShown = [];

const DRAWN = {
  paragraph: block => make('p', { class: 'wide' }, block.text),
  code: block => make('pre', { class: 'wide', tabindex: '0' }, block.text),
  details: block => make('details', { class: 'wide' }, make('summary', {}, block.summary), block.paragraphs.map(text => make('p', {}, text))),
  facts: block => make('dl', { class: 'facts wide' }, block.facts.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)])),
  table: drawTable, bars: drawBars, points: drawPoints, lines: drawLines, pairs: drawPairs, matrix: drawMatrix, spread: drawSpread,
  maps: drawMaps, network: drawNetwork, touched: drawTouched,
};

// The link of each table to its layers needs to know which layers have a place, so maps are drawn first.
function drawn(sections) {
  const done = new Map();
  const rank = block => (block.kind === 'maps' ? 0 : 1);
  sections.flatMap(section => section.blocks).sort((a, b) => rank(a) - rank(b)).forEach(block => done.set(block, DRAWN[block.kind](block)));
  return done;
}

// Two pictures stand side by side. One that is left over takes the whole row; a square one stands beside two others.
function arranged(elements) {
  const isSingle = element => element.tagName === 'FIGURE' && !element.classList.contains('wide');
  for (let from = 0; from < elements.length;) {
    let to = from;
    while (to < elements.length && isSingle(elements[to])) to++;
    const run = elements.slice(from, to);
    if (run.length % 2 === 1 && !run.some(element => element.classList.contains('tall'))) {
      const square = run.length > 1 && run.find(element => element.classList.contains('square'));
      (square || run[run.length - 1]).classList.add(square ? 'tall' : 'wide');
    }
    from = Math.max(to, from + 1);
  }
  return elements;
}

function followAddress() {
  const name = location.hash.startsWith('#layer-') ? decodeURIComponent(location.hash.slice('#layer-'.length)) : null;
  if (name !== null && layerPlaces.has(name)) layerPlaces.get(name)();
}

function schemeButton() {
  const button = make('button', { type: 'button', class: 'scheme', onclick: () => { scheme.asked = scheme.dark() ? 'light' : 'dark'; scheme.apply(); } });
  const label = () => { button.textContent = scheme.dark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', scheme.dark() ? 'Light colours' : 'Dark colours'); };
  scheme.watchers.push(label);
  label();
  return button;
}

function show(data) {
  document.documentElement.dataset.scheme = scheme.name();
  const blocks = drawn(data.sections);
  const warnings = data.warnings.length === 0 ? null : make('div', { class: 'warnings' },
    make('h2', {}, data.warnings.length === 1 ? 'Warning' : 'Warnings'), make('ul', {}, data.warnings.map(text => make('li', {}, text))));
  document.body.append(make('div', { class: 'page' },
    make('header', {}, make('div', { class: 'bar' }, make('h1', {}, data.title), schemeButton()),
      make('p', { class: 'lead' }, data.lead),
      data.headline.length ? make('dl', { class: 'headline' }, data.headline.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value)))) : null,
      warnings),
    make('nav', { class: 'contents', 'aria-label': 'Contents' }, make('ol', {}, data.sections.map(section =>
      make('li', {}, make('a', { href: '#' + section.id }, section.title))))),
    make('main', {}, data.sections.map(section => make('section', { id: section.id, 'aria-labelledby': section.id + '-title' },
      make('h2', { id: section.id + '-title' }, section.title), make('div', { class: 'figures' }, arranged(section.blocks.map(block => blocks.get(block)).flat()))))),
    make('footer', {}, 'Written by squisher ' + data.version + ' (' + data.command + '). Charts: Apache ECharts, Apache License 2.0.')));
  afterShown.forEach(action => action());
  scheme.watchers.push(() => pictures.forEach(picture => picture.again()));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => scheme.apply());
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth !== width) { width = window.innerWidth; requestAnimationFrame(() => pictures.forEach(picture => picture.again())); }
  });
  window.addEventListener('beforeprint', () => { scheme.printing = true; pictures.forEach(picture => picture.draw()); scheme.apply(); });
  window.addEventListener('afterprint', () => { scheme.printing = false; scheme.apply(); });
  window.addEventListener('hashchange', followAddress);
  followAddress();
}
