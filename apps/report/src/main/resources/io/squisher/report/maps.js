// The layers one by one: a matrix as large as the screen, and its units by rank. A wall of small maps leads to each.
function decoded(layer) {
  return Uint8Array.from(atob(layer.cells), c => c.charCodeAt(0));
}

function thumbnail(layer, codes) {
  const canvas = make('canvas', { width: layer.columnCells, height: layer.rowCells, 'aria-hidden': 'true' });
  const context = canvas.getContext('2d');
  const image = context.createImageData(layer.columnCells, layer.rowCells);
  const shades = Array.from({ length: 256 }, (ignored, i) => shade(i === 0 ? 0 : 0.08 + 0.92 * i / 255));
  codes.forEach((code, i) => {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = parseInt(shades[code].slice(1 + 2 * c, 3 + 2 * c), 16);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawMaps(block) {
  const layers = block.layers;
  let at = 0;
  let codes = decoded(layers[0]);
  const select = make('select', { onchange: () => go(Number(select.value), true) },
    layers.map((layer, i) => make('option', { value: i }, layer.name)));
  const button = (text, label, step) => make('button', { type: 'button', 'aria-label': label, onclick: () => go((at + step + layers.length) % layers.length, true) }, text);
  const wall = make('div', { class: 'wall', role: 'group', 'aria-label': 'Layers as small maps' });
  const facts = make('p', { class: 'note', role: 'status' });
  const units = { ...block, id: block.id + '-units', title: 'Units of the layer by sensitivity', alternative: 'Bars: the most sensitive units of the chosen layer', note: '' };

  const bucket = (cell, cells, all) => {
    const from = Math.ceil(cell * all / cells), to = Math.ceil((cell + 1) * all / cells) - 1;
    return to > from ? from + '–' + to : String(from);
  };
  const value = (layer, code) => (code === 0 ? 0 : 10 ** (layer.low + (code - 1) / 254 * (layer.high - layer.low)));

  const map = new Picture(block, (width, height) => {
    const layer = layers[at];
    const data = [];
    codes.forEach((code, i) => data.push([i % layer.columnCells, Math.floor(i / layer.columnCells), code]));
    // So far apart that numbers do not touch: the automatic interval packs rows as close as their letters are high.
    const ticks = (cells, all, room, extra) => axis({ type: 'category', data: Array.from({ length: cells }, (ignored, i) => Math.ceil(i * all / cells)), splitLine: { show: false },
      axisLabel: { interval: Math.ceil(cells * 1.0 / Math.max(1, room)) - 1 }, ...extra });
    return {
      grid: { left: 62, right: 16, top: 8, bottom: 96 },
      xAxis: ticks(layer.columnCells, layer.columns, (width - 78) / 44, { name: layer.rank > 2 ? 'all further axes as one' : 'column', nameLocation: 'middle', nameGap: 26 }),
      yAxis: ticks(layer.rowCells, layer.rows, (height - 104) / 24, { inverse: true, name: 'row', nameLocation: 'middle', nameGap: 44 }),
      dataZoom: [{ type: 'inside', xAxisIndex: 0, zoomOnMouseWheel: 'ctrl' }, { type: 'inside', yAxisIndex: 0, zoomOnMouseWheel: 'ctrl' }],
      visualMap: { min: 0, max: 255, orient: 'horizontal', left: 'center', bottom: 2, itemWidth: 12, itemHeight: Math.min(220, width - 190), calculable: false,
        text: [number(10 ** layer.high), number(10 ** layer.low)], textStyle: { color: scheme.text() }, inRange: { color: scheme.scale() } },
      series: [{ type: 'heatmap', progressive: 0, data,
        tooltip: { formatter: point => lines([layer.name], ['rows', bucket(point.value[1], layer.rowCells, layer.rows)],
          ['columns', bucket(point.value[0], layer.columnCells, layer.columns)], ['mean', number(value(layer, point.value[2]))]) } }],
    };
  }, width => Math.min(470, Math.max(320, width * 0.75)));

  const ranks = new Picture(units, width => {
    const ranking = layers[at].units;
    const rows = ranking ? ranking.largest.concat(ranking.least.slice().reverse()) : [];
    return {
      title: rows.length ? undefined : { text: 'The layer has no units', textStyle: { fontSize: 13, color: scheme.muted(), fontWeight: 'normal' } },
      grid: { left: 92, right: 62, top: 4, bottom: 30 },
      yAxis: labelled(rows.map(row => ranking.kind + ' ' + row[0]), 600),
      xAxis: axis({ type: 'value', min: 0, splitNumber: 3, axisLabel: { formatter: share } }),
      series: [{ type: 'bar', barMaxWidth: 14, itemStyle: { color: colour(block.method), borderRadius: [0, 3, 3, 0] },
        data: rows.map((row, i) => ({ value: row[1], itemStyle: { color: colour(block.method) + (i < ranking.largest.length ? '' : '73') } })),
        label: { show: true, position: 'right', color: scheme.text(), formatter: point => share(point.value) },
        tooltip: { formatter: point => lines([point.name], ['share of the layer', share(point.value)]) } }],
    };
  }, () => 470);

  function go(index, address) {
    at = index;
    codes = decoded(layers[at]);
    select.value = at;
    const layer = layers[at];
    facts.textContent = layer.shape + ', ' + share(layer.share) + ' of the sensitivity'
      + (layer.units ? ', ' + count(layer.units.count) + ' ' + layer.units.kind + 's' : '');
    [...wall.children].forEach((child, i) => child.setAttribute('aria-pressed', i === at));
    if (address) history.replaceState(null, '', '#' + layerAddress(layer.name));
    map.again();
    ranks.again();
  }

  function hang() {
    wall.replaceChildren(...layers.slice(0, 300).map((layer, i) => make('button', { type: 'button', title: layer.name, 'aria-label': 'Show ' + layer.name,
      'aria-pressed': i === at, onclick: () => go(i, true) }, thumbnail(layer, decoded(layer)))));
  }

  hang();
  scheme.watchers.push(hang);
  go(0, false);
  layers.forEach((layer, i) => layerPlaces.set(layer.name, () => { go(i, false); place.scrollIntoView(); }));
  const place = make('div', { class: 'wide', id: 'layers-view' },
    make('div', { class: 'choose' }, make('label', {}, 'Layer ', select), button('‹', 'The layer before', -1), button('›', 'The next layer', 1)), wall, facts);
  return [place, figure(block, map, { zoom: true }), figure(units, ranks)];
}
