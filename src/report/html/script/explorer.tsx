/**
 * The script of a page about many designs: filters, a plot of any two figures with a third as colour, a design's
 * details, and one step from it. Without it, the page has a plot of accuracy and energy, and a table of all designs.
 */
import { render } from 'preact';
import type { DesignPoint } from '../designs.ts';
import { unpackDesigns } from '../packed.ts';
import { pairOf } from '../pair.ts';
import { draw } from '../render.ts';
import { colouring } from './colours.ts';
import { Controls } from './controls.tsx';
import { Details } from './details.tsx';
import { closest, find } from './dom.ts';
import { DesignTable } from './table.ts';
import { isAddress, readView, shownIn, type View, writeView } from './view.ts';

const explorer = find('#explorer');
const picture = find('.picture', explorer);
const space = unpackDesigns(find('#explorer-data').textContent);
const numbers = new Map<DesignPoint | undefined, number>(space.points.map((point, at) => [point, at]));
const table = new DesignTable(find('#designs-all'), (at) => {
  change({ selected: space.points[at] });
  explorer.scrollIntoView({ block: 'start' });
});
let view = readView(location.hash, space);

function change(part: Partial<View>): void {
  view = { ...view, ...part };
  history.replaceState(null, '', writeView(view));
  update();
}

function update(): void {
  const shown = shownIn(view, space);
  const width = Math.max(280, Math.min(1100, picture.clientWidth || 800));
  const height = Math.round(Math.max(300, Math.min(460, 0.56 * width)));
  const { title, chart, points } = pairOf(space, shown, [view.x, view.y], {
    ...colouring(view.colour, space, shown),
    selected: view.selected,
    width,
    height,
  });
  picture.innerHTML =
    points.length === 0
      ? '<p class="note">No design has these figures and passes all filters.</p>'
      : draw('designs-plot', chart);
  picture.ariaLabel = `${title}: ${points.length} designs. The table of all designs has the figures.`;
  find('.plot h3', explorer).textContent = title;
  const without = shown.length - points.length;
  find('.count', explorer).textContent = [
    `${shown.length} of ${space.points.length} designs`,
    ...(without === 0 ? [] : [`${without} of them without these figures`]),
  ].join(', ');
  table.show(new Set(shown.flatMap((point) => numbers.get(point) ?? [])), numbers.get(view.selected));
  render(<Controls space={space} view={view} change={change} />, find('.controls', explorer));
  render(
    <Details space={space} design={view.selected} select={(selected) => change({ selected })} />,
    find('.details', explorer),
  );
}

picture.addEventListener('click', (event) => {
  const design = closest(event, '[data-design]')?.getAttribute('data-design');
  if (design != null) change({ selected: space.points[Number(design)] });
});
let resizing: ReturnType<typeof setTimeout> | undefined;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(update, 100);
});
update();
find('.controls', explorer).hidden = false;
if (isAddress(location.hash)) explorer.closest('section')?.scrollIntoView();
