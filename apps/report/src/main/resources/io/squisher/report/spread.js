// How sensitivities are spread: counts in quarter decades, all layers or one.
function drawSpread(block) {
  let set = block.sets[0];
  const choose = make('select', { onchange: () => { set = block.sets[choose.value]; zeros(); picture.again(); } },
    block.sets.map((one, i) => make('option', { value: i }, one.name)));
  const note = make('p', { class: 'note', role: 'status' });

  function zeros() {
    note.textContent = set.series.map(series => (block.sets[0].series.length > 1 ? series.name + ': ' : '') + count(series.total) + ' entries, '
      + (series.zeros === 0 ? 'none is 0' : count(series.zeros) + ' are 0 and not shown')).join('; ');
  }

  const picture = new Picture(block, width => {
    const starts = set.series.flatMap(series => series.counts.length ? [series.start, series.start + series.counts.length * block.step] : []);
    const low = Math.floor(Math.min(...starts, 0.0001 + Math.max(...starts, 0))), high = Math.ceil(Math.max(...starts, low + 1));
    return {
      grid: { left: 62, right: 20, top: set.series.length > 1 ? 30 : 12, bottom: 48 },
      legend: { show: set.series.length > 1, top: 0, left: 'center', itemHeight: 10, textStyle: { color: scheme.text() } },
      xAxis: axis({ type: 'value', min: low, max: high, minInterval: 1, name: block.x, nameLocation: 'middle', nameGap: 28, splitLine: { show: false },
        axisLabel: { formatter: value => (Number.isInteger(value) ? power(value) : '') } }),
      yAxis: axis({ type: 'value', min: 0, splitNumber: 4, axisLabel: { formatter: share } }),
      dataZoom: [{ type: 'inside', xAxisIndex: 0, zoomOnMouseWheel: 'ctrl' }],
      series: set.series.map(series => ({
        type: 'line', name: series.name, step: 'middle', symbol: 'none', color: colour(series.name), lineStyle: { width: 2 },
        areaStyle: { opacity: set.series.length > 1 ? 0.12 : 0.3 }, symbolSize: 6,
        data: series.counts.map((number, i) => [series.start + (i + 0.5) * block.step, number / series.total]),
        triggerLineEvent: true,
      })),
      tooltip: { ...common().tooltip, trigger: 'axis', formatter: points => lines([number(10 ** points[0].value[0])],
        ...points.map(point => [point.seriesName, share(point.value[1])])) },
    };
  }, () => 290);
  zeros();
  return figure(block, picture, { zoom: true, below: note,
    above: block.sets.length > 1 ? make('div', { class: 'choose' }, make('label', {}, 'Layer ', choose)) : null });
}
