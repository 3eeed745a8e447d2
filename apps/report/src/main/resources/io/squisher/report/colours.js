// One colour for a method in all pictures (Okabe and Ito 2008, which colour-blind readers tell apart), and one mark.
const METHODS = {
  'Fisher': ['#0072B2', 'circle'], 'empirical Fisher': ['#0072B2', 'circle'], 'Squisher': ['#E69F00', 'diamond'],
  'exact Fisher': ['#CC79A7', 'rect'], 'Squisher of the data loss': ['#D55E00', 'triangle'], 'sampled Fisher': ['#56B4E9', 'rect'],
  'joint Fisher': ['#44AA99', 'triangle'], 'combined Fisher': ['#6677CC', 'roundRect'], 'diagonal': ['#009E73', 'circle'], 'mean |gradient|': ['#8C6D46', 'diamond'],
  'magnitude': ['#009E73', 'triangle'], 'model a': ['#56B4E9', 'rect'], 'model b': ['#8C6D46', 'roundRect'],
  'rank correlation': ['#7A68A6', 'circle'],
  'training': ['#6677CC', 'circle'], 'validation': ['#009E73', 'diamond'], 'learning rate': ['#8C6D46', 'circle'], 'norm of the gradient': ['#AA4488', 'circle'],
};
const BASELINES = /^(parameters averaged|average|random.*|largest data set|no penalty|pre-trained|base.*)$/i;
const OVERLAP = /^top .+ in common$/;
const OTHERS = [['#009E73', 'triangle'], ['#56B4E9', 'rect'], ['#8C6D46', 'roundRect'], ['#AA4488', 'diamond'], ['#999933', 'circle'],
  ['#6677CC', 'triangle'], ['#44AA99', 'rect'], ['#BB5555', 'diamond']];
const given = new Map();

function look(method) {
  if (METHODS[method]) return METHODS[method];
  if (OVERLAP.test(method)) return ['#999933', 'rect'];
  if (!given.has(method)) {
    given.set(method, BASELINES.test(method) ? ['#808890', 'emptyCircle'] : OTHERS[given.size % OTHERS.length]);
  }
  return given.get(method);
}

function colour(method) { return look(method)[0]; }
function mark(method) { return look(method)[1]; }

// From pale to dark on white, from dark to bright on black: more is further from the page. Viridis has no red beside green.
const SCALE = { light: ['#f3f7fb', '#c6dbef', '#6baed6', '#2171b5', '#08306b'], dark: ['#17222e', '#1f4468', '#2f7fb8', '#7cc3ec', '#f2fbff'] };

const scheme = {
  asked: null,
  dark() {
    return this.asked ? this.asked === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  },
  name() { return this.dark() && !this.printing ? 'dark' : 'light'; },
  text() { return this.name() === 'dark' ? '#e4e9ef' : '#1c2128'; },
  muted() { return this.name() === 'dark' ? '#a3afbc' : '#59636e'; },
  line() { return this.name() === 'dark' ? '#323b46' : '#d4dae1'; },
  background() { return this.name() === 'dark' ? '#10151b' : '#ffffff'; },
  scale() { return SCALE[this.name()]; },
  printing: false,
  watchers: [],
  apply() {
    document.documentElement.dataset.scheme = this.name();
    this.watchers.forEach(watcher => watcher());
  },
};

function mix(low, high, part) {
  const channel = (text, at) => parseInt(text.slice(at, at + 2), 16);
  return '#' + [1, 3, 5].map(at => Math.round(channel(low, at) + part * (channel(high, at) - channel(low, at)))
    .toString(16).padStart(2, '0')).join('');
}

// 0 to 1 on the scale.
function shade(part) {
  const scale = scheme.scale();
  const place = Math.max(0, Math.min(1, part)) * (scale.length - 1);
  const at = Math.min(scale.length - 2, Math.floor(place));
  return mix(scale[at], scale[at + 1], place - at);
}

// Black or white, whichever is read better on a colour (WCAG's relative luminance).
function inkOn(background) {
  const light = [1, 3, 5].map(at => parseInt(background.slice(at, at + 2), 16) / 255)
    .map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] > 0.179 ? '#000000' : '#ffffff';
}
