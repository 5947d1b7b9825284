import { column, numbers, tabled } from '../../text/columns.ts';
import { figure } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { namesOfParts, type StackLook, type Stacks, stackChart } from '../options/stacks.ts';

/** A stacked chart with a collapsed table of all its figures below it. */
export interface StackedFigure {
  readonly id: string;
  readonly title: string;
  readonly stacks: Stacks;
  readonly look: StackLook;
  /** The subject of a table's row, and the unit of its values in the CSV file. */
  readonly part: string;
  readonly unit: string;
  readonly note?: string | undefined;
}

/** Charts side by side. A part has the same colour in all of them; `names` can assign the colours. */
export function stackedFigures(all: readonly StackedFigure[], names?: readonly string[]): Markup {
  return stackedGroups([all], names);
}

/** The same of several groups of charts, whose parts have nothing to do with each other. */
export function stackedGroups(
  groups: readonly (readonly StackedFigure[])[],
  names?: readonly string[],
): Markup {
  return html`<div class="plots">${groups.flatMap((all) => {
    const shared = names ?? namesOfParts(all.map(({ stacks }) => stacks));
    return all.map((own) => stackedFigure(own, shared));
  })}</div>
`;
}

function stackedFigure(own: StackedFigure, names: readonly string[]): Markup {
  const { id, title, stacks, look, part, unit, note } = own;
  const { bars, parts } = stacks;
  const sorted = namesOfParts([stacks]);
  const [largest, next] = sorted;
  const only = next === undefined ? parts.find(({ name }) => name === largest) : undefined;
  const shown = only && bars.map((bar, at) => `${bar} ${look.format(only.values[at] ?? 0)}`).join(', ');
  return figure({
    id,
    title,
    alt: `${title}: ${shown ?? `a stacked bar for each of ${bars.join(', ')}${largest === undefined ? '' : `; the largest part is ${largest}`}`}. The table below has the figures.`,
    picture: stackChart(stacks, look, [...names]),
    note,
    data: {
      ...tabled(sorted, [
        column(part, (name) => name),
        ...bars.map((bar, index) =>
          numbers(
            bar,
            (name: string) => parts.find((known) => known.name === name)?.values[index],
            look.format,
            `${bar} [${unit}]`,
          ),
        ),
      ]),
    },
  });
}
