// What a ratio would touch, read off quantiles that were computed beforehand.
function drawTouched(block) {
  let mode = block.modes[0];
  let at = mode.start;
  const select = make('select', { onchange: () => { mode = block.modes[select.value]; at = mode.start; input(); update(); } },
    block.modes.map((one, i) => make('option', { value: i }, one.title)));
  const range = make('input', { type: 'range', min: 0, step: 1, oninput: () => { at = Number(range.value); update(); } });
  const output = make('output', {});
  const words = make('p', {});
  const sentence = make('p', { role: 'status' });
  const rows = () => mode.layers.map((layer, i) => [layer, mode.values[i][at] / 1000, mode.sizes[i]])
    .sort((a, b) => b[2] - a[2]).slice(0, 24);

  const picture = new Picture(block, width => {
    const shown = rows();
    return {
      grid: { left: labelWidth(width), right: 58, top: 4, bottom: 28 },
      yAxis: labelled(shown.map(row => row[0]), width),
      xAxis: axis({ type: 'value', min: 0, max: 1, splitNumber: width < 500 ? 2 : 5, axisLabel: { formatter: share } }),
      series: [{ type: 'bar', barMaxWidth: 15, itemStyle: { color: colour(block.method), borderRadius: [0, 3, 3, 0] }, data: shown.map(row => row[1]),
        label: { show: true, position: 'right', color: scheme.text(), formatter: point => share(point.value) },
        tooltip: { formatter: point => lines([point.name], [mode.touched, share(point.value)], ['elements', count(shown[point.dataIndex][2])]) } }],
    };
  }, () => 40 + 22 * Math.min(24, mode.layers.length));

  function input() {
    range.max = mode.ratios.length - 1;
    range.value = at;
    range.setAttribute('aria-label', mode.title);
    words.textContent = mode.words;
  }

  function update() {
    const ratio = share(mode.ratios[at]);
    output.textContent = ratio;
    range.setAttribute('aria-valuetext', ratio);
    sentence.textContent = mode.total ? mode.sentence.replace('{ratio}', ratio).replace('{total}', share(mode.total[at])) : mode.sentence.replace('{ratio}', ratio);
    picture.again();
  }

  input();
  update();
  return figure(block, picture, { wide: true, above: make('div', {},
    make('div', { class: 'choose' }, make('label', {}, 'What is done ', select)), words,
    make('div', { class: 'slider' }, range, output), sentence) });
}
