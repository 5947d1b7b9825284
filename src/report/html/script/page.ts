/**
 * The script of every page. A button saves each picture as SVG and each table as CSV, and a tooltip names the mark
 * under the pointer. Without the script, the page still shows everything else.
 */
import { csv } from '../../text/columns.ts';
import { standalone } from '../standalone.ts';
import { closest, find, findAll } from './dom.ts';

function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function addButton(owner: HTMLElement, format: string, act: () => void): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'save';
  button.textContent = format;
  button.setAttribute('aria-label', `Save ${find('h3', owner).textContent} as ${format}`);
  button.title = `Save as ${format}`;
  button.addEventListener('click', act);
  find('.bar', owner).append(button);
}

for (const plot of findAll('.plot'))
  addButton(plot, 'SVG', () => {
    const svg = plot.querySelector('.picture svg');
    if (svg !== null)
      save(`${plot.id}.svg`, 'image/svg+xml', standalone(new XMLSerializer().serializeToString(svg)));
  });

for (const table of findAll('.table'))
  addButton(table, 'CSV', () => {
    const rows = [...table.querySelectorAll('tr')].filter(({ hidden }) => !hidden);
    const cells = rows.map((row) => [...row.cells].map((cell) => cell.dataset.v ?? cell.textContent));
    save(`${table.id}.csv`, 'text/csv', csv(cells));
  });

const tip = document.createElement('div');
tip.id = 'tip';
tip.hidden = true;
document.body.append(tip);
document.addEventListener('pointermove', (event) => {
  const mark = closest(event, '[data-tip]');
  tip.hidden = mark === null;
  if (mark === null) return;
  tip.textContent = mark.getAttribute('data-tip');
  const { offsetWidth: width, offsetHeight: height } = tip;
  const isLow = event.clientY + 18 + height > innerHeight;
  tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`;
  tip.style.top = `${isLow ? event.clientY - height - 10 : event.clientY + 18}px`;
});
