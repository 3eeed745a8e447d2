// A table that sorts by any column, filters by name, and goes out as CSV. Long ones show their first rows until asked.
const FIRST_ROWS = 100;

function drawTable(block) {
  let order = block.rows.map((row, i) => i);
  let sorted = null;
  let all = block.rows.length <= FIRST_ROWS;
  const name = block.columns.findIndex(column => column.kind === 'text' || column.kind === 'layer');
  const numeric = column => !['text', 'layer'].includes(column.kind);
  const body = make('tbody');
  const more = make('button', { type: 'button', onclick: () => { all = true; fill(); } });
  const status = make('p', { class: 'note', role: 'status' });
  const filter = make('input', { type: 'search', placeholder: 'Filter by name', 'aria-label': 'Filter ' + block.caption,
    oninput: () => fill() });
  const heads = block.columns.map((column, i) => make('th', { scope: 'col', class: numeric(column) ? 'number' : null },
    make('button', { type: 'button', onclick: () => sort(i) }, column.title)));
  const most = Math.max(...block.columns.map((column, i) =>
    column.kind === 'share' ? Math.max(...block.rows.map(row => Math.abs(row[i] || 0)), 0) : 0), 0);
  const firstShare = block.columns.findIndex(column => column.kind === 'share');

  function sort(i) {
    const rising = sorted && sorted.column === i ? !sorted.rising : !numeric(block.columns[i]);
    sorted = { column: i, rising };
    const sign = rising ? 1 : -1;
    order.sort((a, b) => {
      const x = block.rows[a][i], y = block.rows[b][i];
      if (x === y) return a - b;
      if (x === null) return 1;
      if (y === null) return -1;
      return sign * (typeof x === 'number' && typeof y === 'number' ? x - y
        : String(x).localeCompare(String(y), 'en', { numeric: true }));
    });
    heads.forEach((head, at) => head.setAttribute('aria-sort', at !== i ? 'none' : rising ? 'ascending' : 'descending'));
    fill();
  }

  function chosen() {
    const wanted = filter.value.trim().toLowerCase();
    return wanted === '' || name < 0 ? order : order.filter(i => String(block.rows[i][name]).toLowerCase().includes(wanted));
  }

  function cell(row, column, i) {
    const text = written(row[i], column.kind);
    if (column.kind === 'layer' && knownLayers.has(row[i])) return make('a', { href: '#' + layerAddress(row[i]) }, text);
    if (i === firstShare && row[i] > 0 && most > 0) {
      const bar = make('span', { class: 'share' });
      bar.style.width = (3 * row[i] / most).toFixed(2) + 'em';
      return make('span', {}, bar, text);
    }
    return text;
  }

  function fill() {
    const rows = chosen();
    const shown = all ? rows : rows.slice(0, FIRST_ROWS);
    body.replaceChildren(...shown.map(i => make('tr', {}, block.columns.map((column, at) =>
      make('td', { class: numeric(column) ? 'number' : column.kind }, cell(block.rows[i], column, at))))));
    more.hidden = shown.length === rows.length;
    more.textContent = 'Show all ' + count(rows.length);
    status.textContent = rows.length === block.rows.length && shown.length === rows.length ? ''
      : count(shown.length) + ' of ' + count(block.rows.length) + ' rows';
  }

  function csv() {
    const quoted = value => /[",\n\r]/.test(value) ? '"' + value.replace(/"/g, '""') + '"' : value;
    const lines = [block.columns.map(column => quoted(column.key))];
    chosen().forEach(i => lines.push(block.rows[i].map(value => value === null ? '' : quoted(String(value)))));
    save(new Blob([lines.map(line => line.join(',')).join('\n') + '\n'], { type: 'text/csv' }), block.id + '.csv');
  }

  fill();
  const longest = Math.max(0, ...block.columns.flatMap((column, i) => (column.kind === 'layer' || (i === 0 && column.kind === 'text') ? block.rows.map(row => String(row[i]).length) : [])));
  // The padding, and letters that are wider than digits.
  body.style.setProperty('--name', 'calc(' + Math.min(30, 1.15 * longest).toFixed(1) + 'ch + 1.6rem)');
  return make('div', { class: 'table wide', id: 'table-' + block.id },
    make('div', { class: 'top' }, make('h3', {}, block.caption),
      make('div', { class: 'tools' }, block.rows.length > 8 && name >= 0 ? filter : null,
        make('button', { type: 'button', onclick: csv, 'aria-label': 'Save ' + block.caption + ' as CSV' }, 'CSV'))),
    make('div', { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': block.caption },
      make('table', {}, make('thead', {}, make('tr', {}, heads)), body)),
    status, more);
}
