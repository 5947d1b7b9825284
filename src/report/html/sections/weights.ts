import { command, option } from '../../../text/index.ts';
import { column, numbers, tabled } from '../../text/columns.ts';
import { figure, missing } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { layOut, weightSvg } from '../pictures/weights.ts';
import { pictured, type Section } from '../section.ts';
import type { DesignRuns } from '../study.ts';

export const weightPictures: Section = {
  id: 'weights',
  title: 'Weights',
  short: 'Weights',
  of({ study }) {
    const { designs, note } = pictured(study.designs);
    const pictures = designs.flatMap(picturesOf);
    const projections = [...new Set(pictures.map(({ projection }) => projection))];
    return pictures.length === 0
      ? missing(
          'There is no ',
          html`<code>weights.npz</code>`,
          ' beside a report: ',
          html`<code>${command('run EXPERIMENT', option('out', 'DIR'))}</code>`,
          ' writes it, and so does a sweep.',
        )
      : html`<p>Inference weights after training, for the first seed of each design: negative weights are blue, positive ones orange. The largest 0.5 % lie beyond the ends of the scale.</p>
${note}${projections.map(
  (projection) => html`<h3 class="group">${projection}</h3>
<div class="plots small">${pictures.filter((picture) => picture.projection === projection).map(({ markup }) => markup)}</div>
`,
)}`;
  },
};

/** A picture for each projection, in network order, from the first run that has weights. */
function picturesOf({ label, runs }: DesignRuns, index: number): { projection: string; markup: Markup }[] {
  const run = runs.find(({ weights }) => weights !== undefined);
  const arrays = run?.weights?.();
  if (run === undefined || arrays === undefined) return [];
  const { network, provenance } = run.report;
  const order = network.projections.map(({ name }) => name);
  const projections = [...arrays.keys()].flatMap((name) => /^(.*)\.weight$/.exec(name)?.[1] ?? []);
  return projections
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .flatMap((projection) => {
      const array = arrays.get(`${projection}.weight`);
      if (array === undefined || array.data.length === 0) return [];
      const from = network.projections.find((known) => known.name === projection)?.from;
      const layout = layOut(array, from !== undefined && from === network.input);
      const id = `weights-${index + 1}-${projection.replace(/[^\w-]/g, '-')}`;
      const title = `${projection} at ${label}`;
      const scale = arrays.get(`${projection}.weight.scale`)?.data[0] ?? 1;
      const markup = figure({
        id,
        title,
        alt: `Weights of ${title}, seed ${provenance.seed}: ${layout.what}`,
        picture: weightSvg(id, layout, scale),
        note: `Seed ${provenance.seed}: ${layout.what}.`,
        data: () => ({
          ...tabled(Array.from(array.data), [
            column('item', (_, item) => String(item)),
            numbers('weight', (value) => value * scale),
          ]),
        }),
      });
      return [{ projection, markup }];
    });
}
