// Pictures of a few numbers each.
function labelWidth(width) { return Math.round(Math.min(260, Math.max(96, width * 0.34))); }

function labelled(names, width) {
  return axis({ type: 'category', data: names, inverse: true, axisTick: { show: false }, splitLine: { show: false },
    axisLabel: { interval: 0, hideOverlap: false, formatter: name => shortened(name, Math.floor((labelWidth(width) - 8) / 6.6)) } });
}

function lines(...pairs) {
  return pairs.filter(Boolean).map(([name, value]) => escaped(name) + (value === undefined ? '' : ': <b>' + escaped(value) + '</b>')).join('<br>');
}

// Numbers by name, largest first: a bar where there is one series, a mark for each where there are several.
function drawBars(block) {
  const names = block.rows.map(row => row[0]);
  const single = block.series.length === 1;
  const most = Math.max(...block.rows.flatMap(row => row.slice(1)).filter(value => typeof value === 'number'), 0);
  const tip = (name, series, value) => lines([name], [series, written(value, block.unit)]);
  const picture = new Picture(block, width => ({
    grid: { left: labelWidth(width), right: single ? 66 : 24, top: single ? 4 : 30, bottom: 28 },
    legend: { show: !single, top: 0, left: 'center', itemHeight: 10, textStyle: { color: scheme.text() } },
    yAxis: labelled(names, width),
    xAxis: axis({ type: 'value', min: 0, max: block.most || (extent => (block.unit === 'share' && extent.max > 0.8 ? 1 : null)), splitNumber: width < 400 ? 2 : width < 500 ? 3 : 5, axisLabel: { formatter: value => (block.unit === 'number' ? tick(value, most) : written(value, block.unit)) } }),
    series: block.series.map((name, at) => single ? {
      type: 'bar', name, barMaxWidth: 16, itemStyle: { color: colour(name), borderRadius: [0, 3, 3, 0] }, data: block.rows.map(row => row[1 + at]),
      label: { show: true, position: 'right', color: scheme.text(), formatter: point => written(point.value, block.unit) },
      tooltip: { formatter: point => tip(point.name, name, point.value) },
    } : {
      type: 'scatter', name, symbol: mark(name), symbolSize: 11, itemStyle: { color: colour(name), borderColor: scheme.text(), borderWidth: 0.6 },
      data: block.rows.map((row, i) => [row[1 + at], i]),
      tooltip: { formatter: point => tip(names[point.value[1]], name, point.value[0]) },
    }),
  }), () => 40 + 22 * names.length + (single ? 0 : 22));
  return figure(block, picture);
}

// `aside`, in pixels, keeps the intervals of several lines at one place apart. An end outside of the picture has no cap.
function interval(rows, horizontal, ink, aside = 0) {
  return {
    type: 'custom', silent: true, z: 1, clip: false, data: rows,
    renderItem: (params, api) => {
      const place = api.value(0), along = horizontal ? 0 : 1;
      const { x, y, width, height } = params.coordSys;
      const [first, last] = horizontal ? [x, x + width] : [y, y + height];
      const stroke = { stroke: ink(params.dataIndex), lineWidth: 1.6 };
      const line = (from, to) => ({ type: 'line', shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] }, style: stroke });
      const ends = [1, 2].map(at => {
        const point = api.coord(horizontal ? [api.value(at), place] : [place, api.value(at)]);
        point[1 - along] += aside;
        const inside = Math.min(last, Math.max(first, point[along]));
        const capped = inside === point[along];
        point[along] = inside;
        return { point, capped };
      });
      const cap = horizontal ? [0, 4] : [4, 0];
      return { type: 'group', children: [line(ends[0].point, ends[1].point), ...ends.filter(end => end.capped).map(({ point }) =>
        line([point[0] - cap[0], point[1] - cap[1]], [point[0] + cap[0], point[1] + cap[1]]))] };
    },
  };
}

function around(rows, zero) {
  const values = rows.flatMap(row => [row.low, row.high, row.mean]).filter(value => value !== null);
  if (zero) values.push(0);
  const low = Math.min(...values), high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * 0.12;
  return { min: low - room, max: high + room };
}

// Percentages end at 0 and at 100: an interval of few seeds may not, and would take the picture for itself.
function possible(range, unit, means) {
  if (!/%/.test(unit) || means.some(mean => mean < 0 || mean > 100)) return range;
  return { min: Math.max(0, range.min), max: Math.min(100, range.max) };
}

// How many letters fit in a line below the middle of the axis, which is not that of the picture.
function titleLetters(width, left, right) {
  const middle = left + (width - left - right) / 2;
  return Math.floor(2 * Math.min(middle, width - middle) / 6.6);
}

function titled(lines) {
  return { name: lines.join('\n'), nameLocation: 'middle', nameGap: 28, nameTextStyle: { lineHeight: LETTERS, verticalAlign: 'top' } };
}

// Means with intervals, one row each; with `zero`, differences to a baseline, whose line is drawn.
function drawPoints(block) {
  const rows = block.rows;
  const range = block.zero ? around(rows, true) : possible(around(rows, false), block.unit, rows.map(row => row.mean));
  const room = 16 + 6.9 * Math.max(...rows.map(row => row.text.length));
  const told = width => width - labelWidth(width) - room > 120;
  const right = width => (told(width) ? room : 14);
  const title = width => broken(block.unit, titleLetters(width, labelWidth(width), right(width)));
  const picture = new Picture(block, width => ({
    grid: { left: labelWidth(width), right: right(width), top: 8, bottom: 32 + LETTERS * title(width).length },
    yAxis: labelled(rows.map(row => row.name), width),
    xAxis: axis({ type: 'value', ...range, splitNumber: width < 500 ? 3 : 5, ...titled(title(width)),
      axisLabel: { formatter: value => (![0, 100].includes(value) && (value === range.min || value === range.max) ? '' : tick(value, Math.max(-range.min, range.max))) } }),
    series: [interval(rows.map((row, i) => [i, row.low === null ? row.mean : row.low, row.high === null ? row.mean : row.high]), true, i => colour(rows[i].name)), {
      type: 'scatter', symbolSize: 12, z: 3,
      data: rows.map((row, i) => ({ value: [row.mean, i], symbol: mark(row.name), itemStyle: { color: colour(row.name) } })),
      label: { show: told(width), position: 'right', distance: 10, color: scheme.text(), formatter: point => rows[point.dataIndex].text },
      labelLayout: told(width) ? { x: width - room + 8 } : undefined,
      tooltip: { formatter: point => lines([rows[point.dataIndex].name, rows[point.dataIndex].text]) },
      markLine: block.zero ? { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: scheme.text(), type: 'solid', width: 1.4 },
        data: [{ xAxis: 0 }] } : undefined,
    }],
  }), width => 46 + LETTERS * title(width).length + 30 * rows.length);
  return figure(block, picture);
}

// From 0 where that leaves the lines most of the picture; never beyond what a share can be.
function lineRange(block) {
  const points = block.series.flatMap(series => series.points);
  const range = possible(around(points.map(point => ({ mean: point[1], low: point[2], high: point[3] })), false), block.unit, points.map(point => point[1]));
  const low = Math.min(...points.map(point => point[1])), high = Math.max(...points.map(point => point[1]));
  if (block.zero && low >= 0 && (low < 0.75 * high || low === high)) range.min = 0;
  if (block.unit === 'share') { range.min = Math.max(0, range.min); range.max = Math.min(1, range.max); }
  return range;
}

// How far each name at a line's end moves down, so that none touches another: in pixels, in the order of the lines.
function apart(ends, range, room) {
  const places = ends.map((end, i) => ({ i, wanted: (range.max - end) / (range.max - range.min || 1) * room })).sort((a, b) => a.wanted - b.wanted);
  let next = 0;
  places.forEach(place => { place.at = Math.max(place.wanted, next); next = place.at + LETTERS; });
  next = room + LETTERS;
  places.slice().reverse().forEach(place => { place.at = Math.min(place.at, next - LETTERS); next = place.at; });
  return places.sort((a, b) => a.i - b.i).map(place => place.at - place.wanted);
}

const LETTERS = 15;
const LINES_LEFT = 58;

// Means with intervals along an axis, a line for each method, its name at its end; a single line is named by the title.
const MOST_SYMBOLS = 60;

function drawLines(block) {
  const values = lineRange(block);
  const longest = Math.max(...block.series.map(series => series.name.length));
  const single = block.series.length === 1;
  const text = value => (block.unit === 'share' ? share(value) : number(value));
  const size = Math.max(Math.abs(values.min), Math.abs(values.max));
  const intervals = series => series.points.some(point => point[2] !== null || point[3] !== null);
  const spread = block.series.some(intervals) ? 2.5 * (block.series.length - 1) : 0;
  const end = value => ![0, 1, 100].includes(value) && (value === values.min || value === values.max);
  const ends = block.ends && block.ends.length ? { silent: true, symbol: 'none', animation: false,
    label: { formatter: mark => String(mark.dataIndex + 1), color: scheme.muted(), fontSize: 11, distance: 2 }, data: block.ends.map(at => ({ xAxis: at })) } : null;
  const right = width => (width < 560 || single ? 20 : Math.min(190, 16 + 7 * longest));
  const title = width => broken(block.x, titleLetters(width, LINES_LEFT, right(width)));
  const picture = new Picture(block, (width, height) => {
    const narrow = width < 560;
    const legend = narrow && !single;
    const moved = apart(block.series.map(series => (series.points.length ? series.points[series.points.length - 1][1] : 0)), values, height - 45 - LETTERS * title(width).length - (ends ? 8 : 0));
    const marks = ends && { ...ends, label: { ...ends.label, show: ends.data.length <= width / 40 }, lineStyle: { color: scheme.muted(), type: 'dashed', width: 1, opacity: 0.6 } };
    return {
      grid: { left: LINES_LEFT, right: right(width), top: (legend ? 14 + 20 * block.series.length : 14) + (ends ? 8 : 0), bottom: 31 + LETTERS * title(width).length },
      legend: legend ? { orient: 'vertical', left: 56, top: 0, itemHeight: 12, itemGap: 6, textStyle: { color: scheme.text(), lineHeight: 14 } } : { show: false },
      xAxis: axis({ type: block.log ? 'log' : 'value', min: ends ? 0 : 'dataMin', max: 'dataMax', minInterval: block.whole ? 1 : 0, ...titled(title(width)),
        splitLine: { show: !ends, lineStyle: { color: scheme.line() } }, axisLabel: { formatter: value => (block.whole ? count(value) : number(value)) } }),
      yAxis: axis({ type: 'value', ...values, axisLabel: { margin: 8 + spread, formatter: value => (end(value) ? '' : block.unit === 'share' ? share(value) : tick(value, size)) } }),
      series: block.series.flatMap((series, at) => [
        { type: 'line', name: series.name, symbol: mark(series.name), symbolSize: 8, showSymbol: series.points.length <= MOST_SYMBOLS, itemStyle: { color: colour(series.name) },
          lineStyle: { color: colour(series.name), width: 2 }, data: series.points.map(point => [point[0], point[1]]),
          endLabel: { show: !narrow && !single, formatter: series.name, color: scheme.text(), distance: 8, offset: [0, moved[at]] },
          markLine: at === 0 && marks ? marks : undefined,
          tooltip: { formatter: point => lines([series.name], [block.x, number(point.value[0])],
            [block.unit === 'share' ? block.title : block.unit, series.texts[point.dataIndex] || text(point.value[1])]) } },
        ...(intervals(series)
          ? [interval(series.points.map(point => [point[0], point[2] === null ? point[1] : point[2], point[3] === null ? point[1] : point[3]]), false, () => colour(series.name), 5 * at - spread)] : []),
      ]),
      ...(block.ends ? { tooltip: { ...common().tooltip, trigger: 'axis', formatter: points => lines([block.x, number(points[0].value[0])],
        ...points.map(point => [point.seriesName, text(point.value[1])])) } } : {}),
    };
  }, width => 285 + LETTERS * title(width).length + (width < 560 && !single ? 20 * block.series.length : 0));
  return figure(block, picture);
}

// Pairs of numbers on two equal logarithmic axes, as cells whose shade is how many there are.
function drawPairs(block) {
  const most = Math.max(...block.cells.map(cell => cell[2]), 1);
  const all = block.cells.flatMap(cell => [cell[0], cell[1]]);
  const low = Math.floor(Math.min(...all)), high = Math.ceil(Math.max(...all));
  const decades = axisLabel => axis({ type: 'value', min: low, max: high, minInterval: 1, axisLabel });
  const picture = new Picture(block, (width, height) => {
    const cell = Math.max(3, Math.min((width - 84) * block.step / (high - low), (height - 70) * block.step / (high - low)) + 0.8);
    const label = { formatter: value => (Number.isInteger(value) ? power(value) : '') };
    return {
      grid: { left: 62, right: 20, top: 12, bottom: 52 },
      xAxis: { ...decades(label), name: block.x, nameLocation: 'middle', nameGap: 30 },
      yAxis: { ...decades(label), name: block.y, nameLocation: 'middle', nameGap: 44 },
      dataZoom: [{ type: 'inside', xAxisIndex: 0, zoomOnMouseWheel: 'ctrl' }, { type: 'inside', yAxisIndex: 0, zoomOnMouseWheel: 'ctrl' }],
      series: [{
        type: 'scatter', symbol: 'rect', symbolSize: cell,
        data: block.cells.map(one => ({ value: [one[0], one[1], one[2]], itemStyle: { color: shade(0.25 + 0.75 * Math.log(one[2]) / Math.log(most + 1)) } })),
        tooltip: { formatter: point => lines([block.x, number(10 ** point.value[0])], [block.y, number(10 ** point.value[1])], ['parameters', count(point.value[2])]) },
        markLine: { silent: true, symbol: 'none', label: { show: true, position: 'insideStartTop', formatter: 'equal', color: scheme.text() },
          lineStyle: { color: '#D55E00', type: 'dashed', width: 1.6 }, data: [[{ coord: [low, low] }, { coord: [high, high] }]] },
      }],
    };
  }, width => Math.min(520, Math.max(300, width * 0.8)));
  const element = figure(block, picture, { zoom: true });
  element.classList.add('square');
  return element;
}

// A matrix with names on both sides; cells without a number, such as the diagonal, are outside the colour scale.
function drawMatrix(block) {
  const known = block.values.flat().filter(value => value !== null);
  const low = Math.min(...known), high = Math.max(...known);
  const letters = Math.max(...block.rows.map(row => row.length), ...block.columns.map(column => column.length));
  const picture = new Picture(block, width => {
    const side = Math.min(220, 12 + 6.6 * Math.min(letters, Math.floor(width / 20)));
    const most = Math.floor((side - 10) / 6.6);
    const cell = Math.min(110, (width - side - 16) / block.columns.length);
    const right = width - side - cell * block.columns.length;
    const names = (data, inverse, rotate) => axis({ type: 'category', data, inverse, position: inverse ? 'left' : 'top', axisTick: { show: false },
      splitLine: { show: false }, splitArea: { show: false },
      axisLabel: { interval: 0, hideOverlap: false, rotate, formatter: name => shortened(name, most), fontSize: Math.max(9, Math.min(12, cell - 2)) } });
    return {
      grid: { left: side, right, top: side, bottom: 66 },
      xAxis: names(block.columns, false, 60), yAxis: names(block.rows, true, 0),
      visualMap: { show: high > low, min: low, max: high === low ? low + 1 : high, orient: 'horizontal', left: 'center', bottom: 4, itemWidth: 14, itemHeight: Math.min(200, width - 160),
        precision: 3, text: [number(high), number(low)], textStyle: { color: scheme.text() }, inRange: { color: scheme.scale().slice().reverse() }, calculable: false },
      series: [{
        type: 'heatmap', itemStyle: { borderColor: scheme.background(), borderWidth: 1 },
        data: block.values.flatMap((row, y) => row.map((value, x) => [x, y, value])).filter(one => one[2] !== null)
          .map(one => ({ value: one, label: { color: inkOn(shade(1 - (one[2] - low) / (high - low || 1))) } })),
        label: { show: cell > 34, formatter: point => Number(point.value[2].toPrecision(2)), fontSize: 11 },
        tooltip: { formatter: point => lines([block.rows[point.value[1]] + ' → ' + block.columns[point.value[0]], number(point.value[2])]) },
      }],
    };
  }, width => Math.min(width, 60 + 34 * block.rows.length + 200));
  return figure(block, picture, { wide: true });
}
