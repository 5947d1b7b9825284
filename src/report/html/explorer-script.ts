/**
 * The script of the section about many designs: filters, a plot of any two figures with a third as colour, a design's details, and
 * one step from it. Without it, the section has a plot of accuracy and energy, and a table of all designs.
 *
 * Nothing in it may be a template's `${}` or a backtick.
 */
export const explorerScript = String.raw`
const explorer = document.querySelector('#explorer');
if (explorer !== null) {
  const { axes, figures, units, areaUnits, designs, colours, scale } =
    JSON.parse(document.querySelector('#explorer-data').textContent);
  const find = (selector) => explorer.querySelector(selector);
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
      else if (key in element && key !== 'list') element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };
  const draw = (name, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const prefixes = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k'], [1, ''], [1e-3, 'm'], [1e-6, 'µ'], [1e-9, 'n'], [1e-12, 'p']];
  const prefixOf = (value) => prefixes.find(([least]) => Math.abs(value) >= least) ?? prefixes.at(-1);
  const isPlain = (unit) => unit === '' || unit === '%' || unit === 'mm2';
  const show = ({ unit, size }, value) => {
    if (value === null || value === undefined) return '–';
    const own = value / size;
    if (unit === '%') return own.toFixed(2) + ' %';
    if (unit === '') return String(own);
    if (unit === 'mm2') return Number(own.toPrecision(3)) + ' mm²';
    if (own === 0) return '0 ' + unit;
    const [factor, prefix] = prefixOf(own);
    return (own / factor).toPrecision(3) + ' ' + prefix + unit;
  };
  // What may be an axis of the plot: figures, and choices that are numbers.
  const quantities = [
    ...figures.map((figure, at) => ({ ...figure, of: (design) => design.f[at] })),
    ...axes.flatMap(({ name, values }, at) =>
      values.length > 1 && values.every((value) => value.trim() !== '' && Number.isFinite(Number(value)))
        ? [{ key: 'axis:' + name, title: name, unit: '', size: 1, better: null,
             of: (design) => (design.c[at] < 0 ? null : Number(values[design.c[at]])) }]
        : []),
  ];
  const plotted = designs.filter(({ f }) => f.some((value) => value !== null));
  const initial = new URLSearchParams(location.hash.startsWith('#explorer:') ? location.hash.slice(10) : '');
  const quantityOf = (key, fallback) => quantities.find((quantity) => quantity.key === key) ?? fallback;
  const second = quantityOf('energyPj', quantities[1] ?? quantities[0]);
  const state = {
    x: quantityOf(initial.get('x'), second),
    y: quantityOf(initial.get('y'), quantities[0]),
    colour: initial.get('colour') ?? 'front',
    chosen: axes.map(({ name, values }) => {
      const kept = initial.get('only.' + name)?.split('|');
      return new Set(values.flatMap((value, at) => (kept === undefined || kept.includes(value) ? [at] : [])));
    }),
    limits: figures.map(({ key }) => {
      const given = initial.get('limit.' + key);
      return given === null ? null : Number(given);
    }),
    front: initial.get('front') === '1',
    text: initial.get('text') ?? '',
    selected: designs.findIndex(({ n }) => n === initial.get('design')),
  };

  // Controls.
  const options = (select, list, chosen, act) => {
    for (const [value, text] of list) select.append(make('option', { value, textContent: text, selected: value === chosen }));
    select.addEventListener('change', () => { act(select.value); update(); });
  };
  const named = quantities.map(({ key, title }) => [key, title]);
  options(find('[name=x]'), named, state.x.key, (key) => { state.x = quantityOf(key, state.x); });
  options(find('[name=y]'), named, state.y.key, (key) => { state.y = quantityOf(key, state.y); });
  const byColour = [['front', 'the front'], ...axes.map(({ name }) => ['axis:' + name, name]),
    ...figures.map(({ key, title }) => [key, title])];
  if (!byColour.some(([key]) => key === state.colour)) state.colour = 'front';
  options(find('[name=colour]'), byColour, state.colour, (key) => { state.colour = key; });
  const filters = find('.filters');
  axes.forEach(({ name, values }, axis) => {
    if (values.length < 2) return;
    const chips = values.map((value, at) => {
      const box = make('input', { type: 'checkbox', checked: state.chosen[axis].has(at), onchange: () => {
        if (box.checked) state.chosen[axis].add(at);
        else state.chosen[axis].delete(at);
        update();
      } });
      return make('label', { className: 'chip' }, box, make('span', { textContent: value }));
    });
    filters.append(make('fieldset', {}, make('legend', { textContent: name }), make('div', { className: 'chips' }, ...chips)));
  });
  const scaleOf = ({ unit, size }, values) => {
    const most = Math.max(0, ...values.filter((value) => value !== null).map((value) => Math.abs(value / size)));
    if (isPlain(unit)) return { size, unit: unit === 'mm2' ? 'mm²' : unit };
    const [factor, prefix] = prefixOf(most);
    return { size: size * factor, unit: prefix + unit };
  };
  const limits = make('div', { className: 'limits' });
  figures.forEach((figure, at) => {
    const scaled = scaleOf(figure, plotted.map(({ f }) => f[at]));
    const given = state.limits[at];
    const input = make('input', { type: 'number', step: 'any', inputMode: 'decimal',
      value: given === null ? '' : String(Number((given / scaled.size).toPrecision(6))), oninput: () => {
        state.limits[at] = input.value === '' || !Number.isFinite(Number(input.value)) ? null : Number(input.value) * scaled.size;
        update();
      } });
    const text = figure.title + (figure.better === 'more' ? ', at least' : ', at most');
    limits.append(make('label', {}, make('span', { textContent: text }), make('span', { className: 'entry' }, input, make('span', { textContent: scaled.unit }))));
  });
  filters.append(make('details', { open: state.limits.some((limit) => limit !== null) }, make('summary', { textContent: 'Limits' }), limits));
  const onlyFront = find('[name=front]');
  onlyFront.checked = state.front;
  onlyFront.addEventListener('change', () => { state.front = onlyFront.checked; update(); });
  const search = find('[name=text]');
  search.value = state.text;
  search.addEventListener('input', () => { state.text = search.value; update(); });
  find('[name=all]').addEventListener('click', () => {
    state.chosen = axes.map(({ values }) => new Set(values.keys()));
    state.limits = figures.map(() => null);
    state.front = false;
    state.text = '';
    for (const box of explorer.querySelectorAll('.chip input')) box.checked = true;
    for (const input of explorer.querySelectorAll('.limits input')) input.value = '';
    onlyFront.checked = false;
    search.value = '';
    update();
  });
  find('.controls').hidden = false;

  // What is shown.
  const isShown = (design) => {
    const words = state.text.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return design.c.every((value, axis) => value < 0 || axes[axis].values.length < 2 || state.chosen[axis].has(value)) &&
      state.limits.every((limit, at) => limit === null || (design.f[at] !== null &&
        (figures[at].better === 'more' ? design.f[at] >= limit : design.f[at] <= limit))) &&
      (!state.front || design.p) &&
      words.every((word) => design.n.toLowerCase().includes(word));
  };
  const cost = ({ better, of }, design) => (better === 'more' ? -of(design) : of(design));
  // Of what is shown, the designs that no other betters in both quantities of the plot.
  const frontOf = (shown) => {
    const { x, y } = state;
    if (x.better === null || y.better === null || x.key === y.key) return [];
    const sorted = shown.filter(({ s }) => s === 'done').sort((a, b) => cost(x, a) - cost(x, b) || cost(y, a) - cost(y, b));
    let best = Infinity;
    return sorted.filter((design) => {
      const own = cost(y, design);
      if (own >= best) return false;
      best = own;
      return true;
    });
  };
  const ticksOf = (low, high, count) => {
    const rough = (high - low) / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? power;
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  };
  const scaleAlong = (quantity, values, length) => {
    const scaled = scaleOf(quantity, values);
    const own = values.map((value) => value / scaled.size);
    let [low, high] = [Math.min(...own), Math.max(...own)];
    const isLog = low > 0 && high / low > 30;
    if (low === high) [low, high] = [low - Math.abs(low || 1) * 0.1, high + Math.abs(high || 1) * 0.1];
    const onto = isLog ? Math.log10 : (value) => value;
    const margin = 0.06 * (onto(high) - onto(low));
    const [from, to] = [onto(low) - margin, onto(high) + margin];
    const at = (value) => (length * (onto(value) - from)) / (to - from);
    const ticks = isLog
      ? Array.from({ length: Math.ceil(to) - Math.floor(from) + 1 }, (_, decade) => decade + Math.floor(from))
          .flatMap((decade) => [1, 2, 5].map((factor) => factor * 10 ** decade))
          .filter((value) => onto(value) >= from && onto(value) <= to)
      : ticksOf(from, to, Math.max(2, Math.round(length / (quantity === state.y ? 55 : 90))));
    const title = quantity.title + (scaled.unit === '' ? '' : ', ' + scaled.unit) + (isLog ? ' (log)' : '');
    return { at: (value) => at(value / scaled.size), ticks: ticks.map((value) => ({ value, at: at(value) })), title };
  };
  const shade = (share) => scale[Math.min(scale.length - 1, Math.max(0, Math.round(share * (scale.length - 1))))];
  const colouring = (shown) => {
    if (state.colour === 'front') {
      return { of: ({ p }) => (p ? colours[1] : colours[0]), legend: [[colours[1], 'on the front of the search'], [colours[0], 'bettered by another']] };
    }
    const axis = axes.findIndex(({ name }) => 'axis:' + name === state.colour);
    if (axis >= 0) {
      const { values } = axes[axis];
      const isNumbers = values.every((value) => Number.isFinite(Number(value)));
      const order = isNumbers ? [...values.keys()].sort((a, b) => Number(values[a]) - Number(values[b])) : [...values.keys()];
      const colourAt = (place) => (isNumbers && order.length > 2 ? shade((place + 1) / order.length) : colours[place % colours.length]);
      const byValue = new Map(order.map((value, place) => [value, colourAt(place)]));
      return { of: ({ c }) => byValue.get(c[axis]) ?? colours[6],
        legend: order.map((value) => [byValue.get(value), axes[axis].name + ' ' + values[value]]) };
    }
    const at = figures.findIndex(({ key }) => key === state.colour);
    const values = shown.map(({ f }) => f[at]).filter((value) => value !== null);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const share = (value) => (high === low ? 0.5 : (value - low) / (high - low));
    return { of: ({ f }) => (f[at] === null ? colours[6] : shade(share(f[at]))),
      legend: values.length === 0 ? [] : [0, 0.5, 1].map((part) => [shade(part), figures[at].title + ' ' + show(figures[at], low + part * (high - low))]) };
  };

  // The plot.
  const picture = find('.picture');
  const widthOf = (text, size) => 0.58 * size * text.length;
  const shortNames = (list) => {
    const telling = axes.flatMap(({ name, values }, axis) =>
      new Set(list.map(({ c }) => c[axis])).size > 1 ? [{ name, values, axis }] : []);
    return list.map(({ n, c }) => telling.map(({ name, values, axis }) => {
      const value = values[c[axis]] ?? '';
      return Number.isFinite(Number(value)) ? name + ' ' + value : value;
    }).join(', ') || n);
  };
  const plot = (shown, front) => {
    const width = Math.max(280, Math.min(1100, picture.clientWidth || 800));
    const height = Math.round(Math.max(300, Math.min(460, 0.56 * width)));
    const points = shown.filter((design) => state.x.of(design) !== null && state.y.of(design) !== null);
    const { of: colourOf, legend } = colouring(points);
    const fontSize = 12;
    let [column, row] = [0, 0];
    const swatches = legend.map(([colour, text]) => {
      const own = 26 + widthOf(text, fontSize);
      if (column > 0 && column + own > width - 20) [column, row] = [0, row + 1];
      const place = { colour, text, x: 12 + column, y: row };
      column += own + 12;
      return place;
    });
    const below = 18 * (swatches.length === 0 ? 0 : row + 1);
    const box = { left: 62, right: 18, top: 14, bottom: 48 };
    const [inner, tall] = [width - box.left - box.right, height - box.top - box.bottom];
    const svg = draw('svg', { viewBox: '0 0 ' + width + ' ' + (height + below), 'font-family': 'system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif', 'font-size': fontSize });
    const ink = 'var(--ink,#1b2430)';
    const muted = 'var(--muted,#566373)';
    if (points.length === 0) {
      svg.append(draw('text', { x: width / 2, y: height / 2, 'text-anchor': 'middle', fill: muted }, 'No design has these figures and passes all filters.'));
      picture.replaceChildren(svg);
      return;
    }
    const x = scaleAlong(state.x, points.map(state.x.of), inner);
    const y = scaleAlong(state.y, points.map(state.y.of), tall);
    const across = (design) => box.left + x.at(state.x.of(design));
    const down = (design) => box.top + tall - y.at(state.y.of(design));
    const number = (value) => String(Number(value.toPrecision(6)));
    let end = -Infinity;
    for (const { value, at } of x.ticks) {
      const centre = box.left + at;
      svg.append(draw('line', { x1: centre, x2: centre, y1: box.top, y2: box.top + tall, stroke: 'var(--grid,#d5dce4)' }));
      const half = widthOf(number(value), 11) / 2;
      if (centre - half < end + 6) continue;
      end = centre + half;
      svg.append(draw('text', { x: centre, y: box.top + tall + 16, 'text-anchor': 'middle', fill: muted, 'font-size': 11 }, number(value)));
    }
    let last = Infinity;
    for (const { value, at } of y.ticks) {
      const centre = box.top + tall - at;
      svg.append(draw('line', { x1: box.left, x2: box.left + inner, y1: centre, y2: centre, stroke: 'var(--grid,#d5dce4)' }));
      if (centre > last - 14) continue;
      last = centre;
      svg.append(draw('text', { x: box.left - 8, y: centre + 4, 'text-anchor': 'end', fill: muted, 'font-size': 11 }, number(value)));
    }
    svg.append(draw('path', { d: 'M' + box.left + ' ' + box.top + 'V' + (box.top + tall) + 'H' + (box.left + inner), fill: 'none', stroke: muted }));
    svg.append(draw('text', { x: box.left + inner / 2, y: height - 8, 'text-anchor': 'middle', fill: ink }, x.title));
    svg.append(draw('text', { transform: 'translate(16 ' + (box.top + tall / 2) + ') rotate(-90)', 'text-anchor': 'middle', fill: ink }, y.title));
    if (front.length > 1) {
      const steps = front.map((design, at) => {
        const [px, py] = [across(design), down(design)];
        return at === 0 ? 'M' + px + ' ' + py : 'H' + px + 'V' + py;
      });
      svg.append(draw('path', { d: steps.join(''), fill: 'none', stroke: ink, 'stroke-width': 1.2, 'stroke-dasharray': '4 3' }));
    }
    const isBest = new Set(front);
    const marks = [...points].sort((a, b) => isBest.has(a) - isBest.has(b));
    for (const design of marks) {
      const best = isBest.has(design);
      const index = designs.indexOf(design);
      const isSelected = index === state.selected;
      const mark = draw('circle', { cx: across(design), cy: down(design), r: isSelected ? 8 : best ? 6 : 4.5,
        fill: design.s === 'outside' ? 'none' : colourOf(design), 'fill-opacity': best || isSelected ? 1 : 0.75,
        stroke: isSelected || best ? ink : design.s === 'outside' ? colourOf(design) : 'var(--surface,#ffffff)', 'stroke-width': isSelected ? 2.5 : best ? 1.2 : 0.6,
        'data-design': index, 'data-tip': design.n + ': ' + show(state.y, state.y.of(design)) + ', ' + show(state.x, state.x.of(design)) });
      svg.append(mark);
    }
    // Labels only where they cover neither a mark of the front nor each other.
    const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
    const around = (px, py, w, h) => ({ left: px - w, right: px + w, top: py - h, bottom: py + h });
    const taken = front.map((design) => around(across(design), down(design), 7, 7));
    shortNames(front).forEach((name, at) => {
      const text = name;
      const [px, py, half] = [across(front[at]), down(front[at]), widthOf(text, 11) / 2];
      const places = [[px + 11 + half, py], [px - 11 - half, py], [px, py - 15], [px, py + 15]];
      const others = taken.filter((_, other) => other !== at);
      const [fits] = places
        .map(([cx, cy]) => {
          const own = around(cx, cy, half + 2, 7);
          const covered = points.filter((design) => overlaps(own, around(across(design), down(design), 3, 3))).length;
          return { at: [cx, cy], own, covered };
        })
        .filter(({ own, covered }) => covered <= 2 && own.left >= box.left && own.right <= width - 4 && own.top >= 0 &&
          own.bottom <= box.top + tall && !others.some((other) => overlaps(own, other)))
        .sort((a, b) => a.covered - b.covered);
      if (fits === undefined) return;
      taken.push(fits.own);
      svg.append(draw('text', { class: 'label', x: fits.at[0], y: fits.at[1] + 4, 'text-anchor': 'middle', fill: ink, 'font-size': 11,
        stroke: 'var(--surface,#ffffff)', 'stroke-width': 3, 'paint-order': 'stroke', 'stroke-linejoin': 'round' }, text));
    });
    for (const { colour, text, x: left, y: line } of swatches) {
      const top = height + 6 + 18 * line;
      svg.append(draw('rect', { x: left, y: top - 6, width: 12, height: 12, rx: 3, fill: colour, stroke: muted, 'stroke-width': 0.5 }));
      svg.append(draw('text', { x: left + 18, y: top + 4, fill: ink }, text));
    }
    picture.replaceChildren(svg);
  };

  // A design's details.
  const details = find('.details');
  const bars = (title, names, values, figure) => {
    const parts = names.map((name, at) => [name, values[at] ?? 0]).filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1]);
    const all = parts.reduce((sum, [, value]) => sum + value, 0);
    if (all === 0) return [];
    const most = parts[0][1];
    return [make('h4', { textContent: title }), make('div', { className: 'parts' }, ...parts.slice(0, 6).flatMap(([name, value]) => [
      make('span', { textContent: name }),
      make('span', { className: 'part' }, make('i', { style: 'width:' + (100 * value) / most + '%' })),
      make('span', { className: 'n', textContent: show(figure, value) + ' (' + ((100 * value) / all).toFixed(0) + ' %)' }),
    ]))];
  };
  const stepsFrom = (design) => axes.flatMap(({ name, values }, axis) => {
    const isNumbers = values.every((value) => Number.isFinite(Number(value)));
    const order = isNumbers ? [...values.keys()].sort((a, b) => Number(values[a]) - Number(values[b])) : [...values.keys()];
    const place = order.indexOf(design.c[axis]);
    if (place < 0) return [];
    const others = isNumbers ? [order[place - 1], order[place + 1]] : order.filter((_, at) => at !== place);
    return others.filter((value) => value !== undefined).flatMap((value) => {
      const next = plotted.find(({ c }) => c.every((own, at) => own === (at === axis ? value : design.c[at])));
      return next === undefined ? [] : [{ text: name + ' ' + values[design.c[axis]] + ' → ' + values[value], next }];
    });
  });
  const change = (figure, from, to) => {
    if (from === null || to === null) return '–';
    const by = figure.unit === '%' ? (to - from) / figure.size : from === 0 ? 0 : (100 * (to - from)) / from;
    const text = by.toFixed(figure.unit === '%' ? 2 : 1).replace(/^-(0\.0+)$/, '$1');
    return (Number(text) > 0 ? '+' : '') + text.replace('-', '−') + (figure.unit === '%' ? ' points' : ' %');
  };
  const select = (index) => {
    state.selected = index;
    update();
  };
  const describe = () => {
    const design = designs[state.selected];
    if (design === undefined) {
      details.replaceChildren(make('p', { className: 'note', textContent: 'Choose a design, in the plot or in the table, to see what it is made of and what one step from it brings.' }));
      return;
    }
    const rows = [
      ...axes.map(({ name, values }, axis) => [name, values[design.c[axis]] ?? '–']),
      ...figures.map((figure, at) => [figure.title, show(figure, design.f[at])]),
      ...(design.q === null ? [] : [['on the front', (100 * design.q).toFixed(0) + ' % of the draws']]),
      ...(design.r === null ? [] : [[design.s, design.r]]),
    ];
    const steps = stepsFrom(design);
    const told = figures.map((figure, at) => ({ figure, at })).filter(({ figure }) => ['accuracy', 'energyPj', 'latencyNs', 'areaUm2'].includes(figure.key));
    const head = ['one step', ...told.map(({ figure }) => figure.title)];
    details.replaceChildren(
      make('div', { className: 'bar' }, make('h3', { textContent: design.n }), make('button', { type: 'button', className: 'save', textContent: 'Close', onclick: () => select(-1) })),
      make('div', { className: 'columns' },
        make('dl', {}, ...rows.flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })])),
        make('div', {}, ...bars('Energy of an inference', units, design.e, figures.find(({ key }) => key === 'energyPj') ?? figures[0]),
          ...bars('Area', areaUnits, design.a, figures.find(({ key }) => key === 'areaUm2') ?? figures[0]))),
      ...design.w.map((text) => make('p', { textContent: text })),
      ...(steps.length === 0 ? [] : [make('div', { className: 'scroll' }, make('table', {},
        make('thead', {}, make('tr', {}, ...head.map((text, at) => make('th', { scope: 'col', className: at === 0 ? '' : 'n', textContent: text })))),
        make('tbody', {}, ...steps.map(({ text, next }) => make('tr', {},
          make('th', { scope: 'row' }, make('button', { type: 'button', className: 'link', textContent: text, onclick: () => select(designs.indexOf(next)) })),
          ...told.map(({ figure, at }) => make('td', { className: 'n', textContent: change(figure, design.f[at], next.f[at]) })))))))]),
      ...(design.o.length === 0 ? [] : [make('p', { className: 'note' }, 'As options: ', make('code', { textContent: design.o.map((setting) => "--set '" + setting + "'").join(' ') }))]),
    );
  };

  // The table of all designs.
  const rows = [...document.querySelectorAll('#designs-all tbody tr')];
  rows.forEach((row, at) => {
    row.dataset.design = at;
    row.addEventListener('click', () => { select(at); explorer.scrollIntoView({ block: 'start' }); });
  });
  document.querySelectorAll('#designs-all thead th').forEach((head, column) => {
    let ascending = false;
    head.addEventListener('click', () => {
      ascending = !ascending;
      const valueOf = (row) => {
        const text = row.cells[column].dataset.v ?? row.cells[column].textContent;
        const value = Number(text);
        return text !== '' && Number.isFinite(value) ? value : text;
      };
      const sorted = [...rows].sort((a, b) => {
        const [one, other] = [valueOf(a), valueOf(b)];
        if (one === '' || other === '') return (one === '') - (other === '');
        const order = typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other), 'en', { numeric: true });
        return ascending ? order : -order;
      });
      rows[0].parentElement.append(...sorted);
    });
  });

  const count = find('.count');
  const remember = () => {
    const kept = new URLSearchParams({ x: state.x.key, y: state.y.key, colour: state.colour });
    axes.forEach(({ name, values }, axis) => {
      if (values.length > 1 && state.chosen[axis].size < values.length)
        kept.set('only.' + name, [...state.chosen[axis]].map((at) => values[at]).join('|'));
    });
    figures.forEach(({ key }, at) => { if (state.limits[at] !== null) kept.set('limit.' + key, state.limits[at]); });
    if (state.front) kept.set('front', '1');
    if (state.text !== '') kept.set('text', state.text);
    if (designs[state.selected] !== undefined) kept.set('design', designs[state.selected].n);
    history.replaceState(null, '', '#explorer:' + kept);
  };
  let isStarted = false;
  const update = () => {
    const shown = designs.filter(isShown);
    const isKept = new Set(shown);
    const points = shown.filter((design) => state.x.of(design) !== null && state.y.of(design) !== null);
    plot(shown, frontOf(points));
    describe();
    for (const row of rows) {
      row.hidden = !isKept.has(designs[Number(row.dataset.design)]);
      row.classList.toggle('selected', Number(row.dataset.design) === state.selected);
    }
    const title = state.y.title[0].toUpperCase() + state.y.title.slice(1) + ' against ' + state.x.title;
    find('.plot h3').textContent = title;
    picture.setAttribute('aria-label', title + ': ' + points.length + ' designs. The table of all designs has the figures.');
    const without = shown.length - points.length;
    count.textContent = shown.length + ' of ' + designs.length + ' designs' + (without === 0 ? '' : ', ' + without + ' of them without these figures');
    if (isStarted) remember();
  };
  picture.addEventListener('click', (event) => {
    const mark = event.target instanceof Element ? event.target.closest('[data-design]') : null;
    if (mark !== null) select(Number(mark.dataset.design));
  });
  let resizing;
  addEventListener('resize', () => {
    clearTimeout(resizing);
    resizing = setTimeout(update, 100);
  });
  update();
  isStarted = true;
  if (location.hash.startsWith('#explorer:')) explorer.closest('section').scrollIntoView();
}
`;
