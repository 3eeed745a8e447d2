// A picture with its title, tools and words. Pictures are drawn when they come into view, and again when the width, the scheme or
// their numbers change.
const pictures = [];
const seen = new IntersectionObserver(entries => entries.forEach(entry => {
  if (entry.isIntersecting) {
    seen.unobserve(entry.target);
    entry.target.picture.draw();
  }
}), { rootMargin: '400px' });

class Picture {
  constructor(block, option, height) {
    this.block = block;
    this.option = option;
    this.height = height;
    this.host = make('div', { class: 'drawing', role: 'img', tabindex: '0', 'aria-label': block.alternative });
    this.host.picture = this;
    this.host.addEventListener('keydown', event => this.key(event));
    this.at = -1;
    pictures.push(this);
    seen.observe(this.host);
  }

  width() { return Math.max(220, this.host.clientWidth || 600); }

  draw() {
    const width = this.width();
    const height = this.height(width);
    if (!this.chart) {
      this.host.style.height = height + 'px';
      this.chart = echarts.init(this.host, null, { renderer: 'svg', width, height });
    } else {
      this.host.style.height = height + 'px';
      this.chart.resize({ width, height });
    }
    // Not all anew: a tooltip that is on its way would find itself gone.
    this.chart.setOption({ ...common(), ...this.option(width, height) },
      { replaceMerge: ['series', 'xAxis', 'yAxis', 'grid', 'visualMap', 'dataZoom', 'legend', 'title'] });
  }

  again() { if (this.chart) this.draw(); }

  // Arrow keys walk through the points and show what the pointer would; plus, minus and 0 zoom.
  key(event) {
    if (!this.chart) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const series = this.chart.getOption().series;
      const index = series.findIndex(one => one.data && one.data.length > 0 && !one.silent);
      if (index < 0) return;
      this.at = (this.at + step + series[index].data.length) % series[index].data.length;
      this.chart.dispatchAction({ type: 'showTip', seriesIndex: index, dataIndex: this.at });
    } else if (event.key === 'Escape') {
      this.chart.dispatchAction({ type: 'hideTip' });
    } else if (event.key === '+' || event.key === '-' || event.key === '0') {
      this.zoom({ '+': 0.5, '-': 2, '0': 0 }[event.key]);
    } else return;
    event.preventDefault();
  }

  zoom(factor) {
    (this.chart.getOption().dataZoom || []).forEach((zoom, index) => {
      const middle = (zoom.start + zoom.end) / 2;
      const half = factor === 0 ? 50 : Math.min(50, Math.max(1, (zoom.end - zoom.start) / 2 * factor));
      const start = Math.max(0, Math.min(100 - 2 * half, middle - half));
      this.chart.dispatchAction({ type: 'dataZoom', dataZoomIndex: index, start, end: start + 2 * half });
    });
  }

  svg() {
    if (!this.chart) this.draw();
    const width = this.chart.getWidth();
    const copy = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height: this.chart.getHeight() });
    copy.setOption({ ...common(), animation: false, backgroundColor: scheme.background(), ...this.option(width, this.chart.getHeight()) });
    const text = copy.renderToSVGString();
    copy.dispose();
    return text;
  }
}

function common() {
  return {
    animation: false,
    // ECharts puts it between double quotes as it is.
    textStyle: { fontFamily: "system-ui, 'DejaVu Sans', sans-serif", color: scheme.text(), fontSize: 12 },
    tooltip: { trigger: 'item', confine: true, backgroundColor: scheme.background(), borderColor: scheme.line(),
      textStyle: { color: scheme.text(), fontSize: 12 }, extraCssText: 'max-width:90%;white-space:normal;overflow-wrap:anywhere' },
  };
}

function saveSvg(text, name) { save(new Blob([text], { type: 'image/svg+xml' }), name + '.svg'); }

function savePng(text, name) {
  const image = new Image();
  image.onload = () => {
    const canvas = make('canvas', { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(blob => save(blob, name + '.png'), 'image/png');
  };
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(text);
}

function tools(block, svg, zoom) {
  const button = (text, label, action) =>
    make('button', { type: 'button', onclick: action, 'aria-label': label + ': ' + block.title }, text);
  return make('div', { class: 'tools' },
    zoom ? [button('+', 'Zoom in', () => zoom(0.5)), button('−', 'Zoom out', () => zoom(2)), button('1:1', 'Show all', () => zoom(0))] : null,
    button('SVG', 'Save as SVG', () => saveSvg(svg(), block.id)), button('PNG', 'Save as PNG', () => savePng(svg(), block.id)));
}

// A figure around one picture; `above` and `below` are what else belongs to it.
function figure(block, picture, { zoom = false, above = null, below = null, wide = false } = {}) {
  return make('figure', { id: 'figure-' + block.id, class: wide || block.wide ? 'wide' : block.tall ? 'tall' : null },
    make('div', { class: 'top' }, make('h3', {}, block.title),
      tools(block, () => picture.svg(), zoom ? factor => picture.zoom(factor) : null)),
    above, picture.host, below, block.note ? make('p', { class: 'note' }, block.note) : null);
}

function axis(extra) {
  return {
    axisLine: { onZero: false, lineStyle: { color: scheme.muted() } }, axisTick: { lineStyle: { color: scheme.muted() } },
    axisLabel: { color: scheme.text(), hideOverlap: true, ...(extra.axisLabel || {}) },
    splitLine: { lineStyle: { color: scheme.line() } }, nameTextStyle: { color: scheme.text() },
    ...Object.fromEntries(Object.entries(extra).filter(([key]) => key !== 'axisLabel')),
  };
}
