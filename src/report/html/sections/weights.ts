import { figure, missing } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { layOut, weightSvg } from '../pictures/weights.ts';
import type { MakeSection } from '../section.ts';
import type { Design } from '../study.ts';

export const weightPictures: MakeSection = ({ designs }) => {
  const pictures = designs.flatMap(picturesOf);
  return {
    id: 'weights',
    title: 'Weights',
    body:
      pictures.length === 0
        ? missing(
            'There is no ',
            html`<code>weights.npz</code>`,
            ' beside a report: plasticore run and sweep write it with ',
            html`<code>--out</code>`,
            '.',
          )
        : html`<p>Inference weights after training, of the first seed of each design: blue below zero, orange above.</p>
<div class="plots">${pictures}</div>
`,
  };
};

/** One picture for each projection, of the first run that has weights. */
function picturesOf({ label, runs }: Design, index: number): Markup[] {
  const run = runs.find(({ weights }) => weights !== undefined);
  const arrays = run?.weights?.();
  if (run === undefined || arrays === undefined) return [];
  const { network, provenance } = run.report;
  return [...arrays].flatMap(([name, array]) => {
    const projection = /^(.*)\.weight$/.exec(name)?.[1];
    if (projection === undefined || array.data.length === 0) return [];
    const from = network?.projections.find((known) => known.name === projection)?.from;
    const layout = layOut(array, from !== undefined && from === network?.input);
    const id = `weights-${index + 1}-${projection.replace(/[^\w-]/g, '-')}`;
    const title = `${projection} at ${label}`;
    const scale = arrays.get(`${name}.scale`)?.data[0] ?? 1;
    return [
      figure({
        id,
        title,
        alt: `Weights of ${title}, seed ${provenance.seed}: ${layout.what}`,
        svg: weightSvg(id, layout, scale),
        note: `Seed ${provenance.seed}: ${layout.what}.`,
      }),
    ];
  });
}
