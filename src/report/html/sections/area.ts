import { column, numberCell, numbers, numeric, tabled } from '../../text/columns.ts';
import { area, within } from '../../text/format.ts';
import { dataTable } from '../figure.ts';
import { html } from '../markup.ts';
import { stacksOf } from '../options/stacks.ts';
import type { Section } from '../section.ts';
import { anyReport } from '../study.ts';
import { stackedFigures } from './stacked.ts';

/** The area of each design's core; absent if no report has it. */
export const areaByUnit: Section = {
  id: 'area',
  title: 'Area by unit',
  short: 'Area',
  of({ study: { designs } }) {
    const shown = designs.flatMap((design) => {
      const found = anyReport(design).core.area;
      return found.totalUm2 === 0 ? [] : [{ label: design.label, ...found }];
    });
    if (shown.length === 0) return undefined;
    const title = 'Area of a core, by unit';
    return html`${stackedFigures([
      {
        id: 'area-unit',
        title,
        stacks: stacksOf(
          shown.map(({ label }) => label),
          shown.map(({ byUnit }) => byUnit),
        ),
        look: { axisName: 'area, mm²', format: area, unit: 1e6 },
        part: 'unit',
        unit: 'um2',
      },
    ])}${dataTable({
      id: 'area-total',
      caption: 'Area of all cores',
      ...tabled(shown, [
        column('design', ({ label }) => label, 'design'),
        numbers('cores', ({ cores }) => cores),
        numeric(
          'area',
          ({ totalUm2, interval }) => numberCell(totalUm2, (um2) => within(um2, interval, area)),
          'areaUm2',
        ),
      ]),
    })}`;
  },
};
