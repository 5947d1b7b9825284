import { shareOfPj } from '../../known.ts';
import { column, numbers, tabled } from '../../text/columns.ts';
import { energy, percent } from '../../text/format.ts';
import { figure } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html } from '../markup.ts';
import { decadesAround, logScatter } from '../options/log-scatter.ts';
import type { Section } from '../section.ts';
import { anyReport, type DesignRuns, type PublishedEnergy, spreadOf } from '../study.ts';

const whatOf = { inference: 'an inference', operation: 'a synaptic operation' } as const;

function predictedOf({ test: { perSample } }: RunReport, of: PublishedEnergy['of']): number | null {
  if (perSample === null) return null;
  const { energyPj, counters } = perSample;
  if (of === 'inference') return energyPj.total;
  return counters.sops === 0 ? null : shareOfPj(energyPj.total, counters.sops);
}

/** Within this, prediction and publication are said to agree. */
const band = 0.1;

/** Energies that a model predicts, beside those published of its chip. Only where a chip with such figures has run. */
export const predictedAgainstPublished: Section = {
  id: 'published',
  title: 'Predicted and published',
  short: 'Published',
  of({ study: { designs, published = [] } }) {
    const found = designs.flatMap((design) => foundOf(design, published));
    if (found.length === 0) return undefined;
    const [low, high] = decadesAround(found.flatMap(({ predicted, pj }) => [predicted, pj]));
    const line = (name: string, factor: number) => ({
      name,
      points: [
        [low, low * factor],
        [high, high * factor],
      ] as const,
    });
    const inWords = ({ label, what, predicted, pj }: (typeof found)[number]) =>
      `${label}, ${what}: ${energy(predicted)} predicted, ${energy(pj)} published`;
    return html`<p>The models rest on published figures, but not always on these. Published networks and conditions differ from those here.</p>
<div class="plots">${figure({
      id: 'predicted-published',
      title: 'Energy: predicted against published',
      alt: found.map(inWords).join('; '),
      note: `Between the outer lines, both are within ${100 * band} % of each other.`,
      picture: logScatter({
        dots: found.map((one) => ({ group: one.hwModel, name: inWords(one), x: one.pj, y: one.predicted })),
        lines: [line('equal', 1), line('+10 %', 1 + band), line('-10 %', 1 - band)],
        xName: 'published, pJ',
        yName: 'predicted, pJ',
        ends: { x: [low, high], y: [low, high] },
      }),
      data: {
        caption: 'Predicted and published',
        ...tabled(found, [
          column('design', ({ label }) => label),
          column('energy of', ({ what }) => what),
          numbers('predicted', ({ predicted }) => predicted, energy, 'predictedPj'),
          numbers('published', ({ pj }) => pj, energy, 'publishedPj'),
          numbers('difference', ({ predicted, pj }) => predicted / pj - 1, percent, 'difference'),
          column('published in', ({ cite }) => cite),
        ]),
      },
    })}</div>
`;
  },
};

function foundOf(design: DesignRuns, published: readonly PublishedEnergy[]) {
  const { hwModel } = anyReport(design).provenance;
  return published.flatMap((energyOf) => {
    if (energyOf.hwModel !== hwModel) return [];
    const predicted = spreadOf(design, (report) => predictedOf(report, energyOf.of)).mean;
    return predicted === null
      ? []
      : [{ ...energyOf, what: whatOf[energyOf.of], label: design.label, predicted }];
  });
}
