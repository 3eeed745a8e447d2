// Elements and numbers in words. Text becomes a text node, so that no name is ever taken for markup.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function power(exponent) {
  return '10' + (exponent < 0 ? '⁻' : '') + [...String(Math.abs(exponent))].map(digit => DIGITS[digit]).join('');
}

// One notation everywhere: plain between a thousandth and a million, else a factor and a power of ten.
function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e6) return String(Number(value.toPrecision(4)));
  let exponent = Math.floor(Math.log10(size));
  let factor = Number((value / 10 ** exponent).toPrecision(3));
  if (Math.abs(factor) === 10) { factor /= 10; exponent += 1; }
  return factor + ' × ' + power(exponent);
}

// The ticks of one axis have one notation, that of the largest number on it.
function tick(value, most) {
  if (value === 0 || (most >= 1e-3 && most < 1e6)) return String(Number(value.toPrecision(6)));
  const exponent = Math.floor(Math.log10(most));
  return Number((value / 10 ** exponent).toPrecision(4)) + ' × ' + power(exponent);
}

function count(value) {
  return value === null || value === undefined ? '' : Math.round(value).toLocaleString('en-US').replace(/,/g, ' ');
}

function share(value) {
  if (value === null || value === undefined) return '';
  const percent = 100 * value;
  if (percent === 0) return '0 %';
  if (Math.abs(percent) < 0.01) return (percent < 0 ? '> −' : '< ') + '0.01 %';
  return Number(percent.toPrecision(3)) + ' %';
}

function written(value, kind) {
  if (value === null || value === undefined) return '';
  if (kind === 'count') return count(value);
  if (kind === 'share') return share(value);
  return kind === 'number' ? number(value) : String(value);
}

// A long name keeps what tells layers apart: its numbers and its end. Words before become their first letters, from the left.
// What has spaces is a phrase and no path.
function shortened(text, most) {
  if (text.length <= most) return text;
  if (text.includes(' ')) return cut(text, most);
  const parts = text.split(/([./])/);
  for (let i = 0; i < parts.length - 1 && parts.join('').length > most; i += 2) {
    if (!/^\d*$/.test(parts[i])) parts[i] = parts[i][0];
  }
  const short = parts.join('');
  const last = parts.length - 1;
  const least = '…' + parts.filter((part, i) => i === last || (i % 2 === 0 && /\d/.test(part))).join('…');
  return short.length > most && last > 0 && least.length <= most ? least : cut(short, most);
}

function cut(text, most) {
  if (text.length <= most) return text;
  const start = Math.floor((most - 1) / 3);
  return text.slice(0, start) + '…' + text.slice(text.length - (most - 1 - start));
}

// The title of an axis in lines of so many letters at most; no word is cut.
function broken(text, most) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '' || last.length + 1 + word.length <= most) lines[lines.length - 1] = last === '' ? word : last + ' ' + word;
    else lines.push(word);
  }
  return lines;
}

// ECharts takes a tooltip for markup.
function escaped(text) {
  return String(text).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
}

function layerAddress(name) {
  return 'layer-' + encodeURIComponent(name);
}

function save(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
