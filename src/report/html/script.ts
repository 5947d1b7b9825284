/**
 * The page's script. A button saves each picture as SVG and each table as CSV, and a tooltip names the mark under the
 * pointer. Without the script, the page still shows everything else.
 */
export const script = `
'use strict';
const save = (name, type, text) => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
const addButton = (owner, text, what, act) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'save';
  button.textContent = text;
  button.setAttribute('aria-label', 'Save ' + what + ' as ' + text);
  button.title = 'Save as ' + text;
  button.addEventListener('click', act);
  owner.querySelector('.bar').append(button);
};
const titleOf = (owner) => owner.querySelector('h3').textContent;
for (const plot of document.querySelectorAll('.plot')) {
  addButton(plot, 'SVG', titleOf(plot), () => {
    const svg = plot.querySelector('.picture svg').cloneNode(true);
    const [, , width, height] = svg.getAttribute('viewBox').split(' ');
    svg.setAttribute('width', width);
    svg.setAttribute('height', height);
    for (const mark of svg.querySelectorAll('[data-tip]')) {
      mark.removeAttribute('data-tip');
      mark.removeAttribute('data-design');
    }
    // On its own, a picture has the colours of the light scheme.
    const text = new XMLSerializer().serializeToString(svg).replace(/var\\(--\\w+, ?(#[0-9a-f]{6})\\)/g, '$1');
    save(plot.id + '.svg', 'image/svg+xml', text + '\\n');
  });
}
const quote = (text) => (/[",\\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text);
for (const table of document.querySelectorAll('.table')) {
  addButton(table, 'CSV', titleOf(table), () => {
    const rows = [...table.querySelectorAll('tr:not([hidden])')].map((row) =>
      [...row.cells].map((cell) => quote(cell.dataset.v ?? cell.textContent)).join(','));
    save(table.id + '.csv', 'text/csv', rows.join('\\n') + '\\n');
  });
}
const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
document.body.append(tip);
document.addEventListener('pointermove', (event) => {
  const mark = event.target instanceof Element ? event.target.closest('[data-tip]') : null;
  tip.hidden = mark === null;
  if (mark === null) return;
  tip.textContent = mark.getAttribute('data-tip');
  const { offsetWidth: width, offsetHeight: height } = tip;
  tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4)) + 'px';
  tip.style.top = (event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18) + 'px';
});
`;
