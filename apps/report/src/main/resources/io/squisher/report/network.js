// The graph of the model, each node as dark as its share of the sensitivity. Nodes with parameters lead to their layer.
const SVG = 'http://www.w3.org/2000/svg';
const NODE = { width: 168, height: 36 };

function part(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function drawNetwork(block) {
  let scale = 1;
  const most = Math.max(...block.nodes.map(node => node.share || 0), 1e-30);
  const width = block.columns * (NODE.width + 28) + 20, height = block.rows * (NODE.height + 26) + 20;
  const x = node => 10 + node.x * (NODE.width + 28), y = node => 10 + node.y * (NODE.height + 26);
  const host = make('div', { class: 'graph', tabindex: '0', role: 'region', 'aria-label': block.alternative });

  function picture(linked) {
    const svg = part('svg', { viewBox: `0 0 ${width} ${height}`, width: width * scale, height: height * scale, xmlns: SVG,
      'font-family': 'system-ui, "DejaVu Sans", sans-serif', 'font-size': 11 });
    if (!linked) svg.append(part('rect', { width, height, fill: scheme.background() }));
    for (const [from, to, ...places] of block.edges) {
      const a = block.nodes[from], b = block.nodes[to];
      const points = [[x(a) + NODE.width / 2, y(a) + NODE.height], ...places.map(([px, py]) =>
        [x({ x: px }) + NODE.width / 2, y({ y: py }) + NODE.height / 2]), [x(b) + NODE.width / 2, y(b)]];
      const way = points.slice(1).map(([px, py], i) => {
        const bend = (py - points[i][1]) / 2;
        return `C${points[i][0]},${points[i][1] + bend} ${px},${py - bend} ${px},${py}`;
      });
      svg.append(part('path', { d: `M${points[0]} ${way.join(' ')}`, fill: 'none', stroke: scheme.muted(), 'stroke-width': 1.1 }));
    }
    for (const node of block.nodes) svg.append(box(node, linked));
    return svg;
  }

  function box(node, linked) {
    const known = node.share !== null && node.share !== undefined;
    const fill = known ? shade(0.1 + 0.9 * Math.sqrt(node.share / most)) : scheme.background();
    const ink = inkOn(fill);
    const target = node.layers.find(layer => layerPlaces.has(layer));
    const group = linked && target ? part('a', { href: '#' + layerAddress(target), 'aria-label': node.op + ' ' + node.name + ', ' + share(node.share) }) : part('g', {});
    group.append(part('title', {}, node.op + ' ' + node.name + (known ? '\n' + share(node.share) + ' of the sensitivity\n' + node.layers.join('\n') : '')),
      part('rect', { x: x(node), y: y(node), width: NODE.width, height: NODE.height, rx: 6, fill, stroke: known ? scheme.text() : scheme.line(), 'stroke-width': 1 }),
      part('text', { x: x(node) + 8, y: y(node) + 15, fill: ink, 'font-weight': 600 }, shortened(node.op, 16) + (known ? '  ' + share(node.share) : '')),
      part('text', { x: x(node) + 8, y: y(node) + 29, fill: ink, 'font-size': 10 }, shortened(node.name, 26)));
    return group;
  }

  function zoom(factor) {
    scale = factor === 0 ? Math.min(1, (host.clientWidth - 4) / width) : Math.max(0.1, Math.min(3, factor < 1 ? scale * 1.4 : scale / 1.4));
    draw();
  }

  function draw() { host.replaceChildren(picture(true)); }

  host.addEventListener('keydown', event => {
    const factor = { '+': 0.5, '-': 2, '0': 0 }[event.key];
    if (factor !== undefined) zoom(factor);
  });
  scheme.watchers.push(draw);
  afterShown.push(draw);
  const svg = () => {
    const kept = scale;
    scale = 1;
    const text = new XMLSerializer().serializeToString(picture(false));
    scale = kept;
    return text;
  };
  return make('figure', { id: 'figure-' + block.id, class: 'wide' },
    make('div', { class: 'top' }, make('h3', {}, block.title), tools(block, svg, zoom)), host,
    block.note ? make('p', { class: 'note' }, block.note) : null);
}
