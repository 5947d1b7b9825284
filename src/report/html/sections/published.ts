import { energy } from '../../text/format.ts';
import { type Cell, figure, numberCell } from '../figure.ts';
import type { RunReport } from '../input.ts';
import { html } from '../markup.ts';
import { decadesAround, logScatter } from '../options/log-scatter.ts';
import type { MakeSection } from '../section.ts';
import { type Design, identityOf, spreadOf } from '../study.ts';

/** A figure that has been published of a chip. */
interface Published {
  readonly hwModel: string;
  readonly what: string;
  readonly pj: number;
  readonly cite: string;
  readonly of: (report: RunReport) => number | null;
}

const ofOperation = ({ test: { perSample } }: RunReport): number | null =>
  perSample === null || perSample.counters.sops === 0
    ? null
    : perSample.energyPj.total / perSample.counters.sops;

const published: readonly Published[] = [
  {
    hwModel: 'odin',
    what: 'an inference of a digit',
    pj: 15_000,
    cite: 'Frenkel et al., IEEE TBioCAS 13(1), 2019',
    of: ({ test: { perSample } }) => perSample?.energyPj.total ?? null,
  },
  {
    hwModel: 'reckon',
    what: 'a synaptic operation',
    pj: 5.3,
    cite: 'Frenkel and Indiveri, ISSCC 2022, at 0.5 V',
    of: ofOperation,
  },
  {
    hwModel: 'truenorth',
    what: 'a synaptic event, all in',
    pj: 26,
    cite: 'Merolla et al., Science 345:668, 2014: 20 Hz, 128 synapses a neuron',
    of: ofOperation,
  },
];

/** Within this, prediction and publication are said to agree. */
const band = 0.1;

/** Energies that a model predicts, beside those published of its chip. Only where a chip with such figures has run. */
export const predictedAgainstPublished: MakeSection = ({ designs }, draw) => {
  const found = designs.flatMap((design) => foundOf(design));
  if (found.length === 0) return undefined;
  const [low, high] = decadesAround(found.flatMap(({ predicted, pj }) => [predicted, pj]));
  const line = (name: string, factor: number) => ({
    name,
    points: [
      [low, low * factor],
      [high, high * factor],
    ] as const,
  });
  const chips = [...new Set(found.map(({ hwModel }) => hwModel))];
  return {
    id: 'published',
    title: 'Predicted and published',
    short: 'Published',
    body: html`<p>The models rest on published figures, but not always on these. Published networks and conditions differ from those here.</p>
<div class="plots">${figure({
      id: 'predicted-published',
      title: 'Energy: predicted against published',
      alt: found
        .map(
          ({ label, what, predicted, pj }) =>
            `${label}, ${what}: ${energy(predicted)} predicted, ${energy(pj)} published`,
        )
        .join('; '),
      note: `Between the outer lines, both are within ${100 * band} % of each other.`,
      svg: draw(
        'predicted-published',
        logScatter({
          groups: chips.map((name) => ({
            name,
            dots: found
              .filter(({ hwModel }) => hwModel === name)
              .map(({ label, what, predicted, pj }) => ({
                name: `${label}, ${what}: ${energy(predicted)} predicted, ${energy(pj)} published`,
                x: pj,
                y: predicted,
              })),
          })),
          lines: [line('equal', 1), line('+10 %', 1 + band), line('-10 %', 1 - band)],
          xName: 'published, pJ',
          yName: 'predicted, pJ',
          ends: { x: [low, high], y: [low, high] },
        }),
      ),
      data: {
        id: 'predicted-published-table',
        caption: 'Predicted and published',
        columns: [
          { head: 'design' },
          { head: 'energy of' },
          { head: 'predicted', csv: 'predictedPj', number: true },
          { head: 'published', csv: 'publishedPj', number: true },
          { head: 'difference', csv: 'difference', number: true },
          { head: 'published in' },
        ],
        rows: found.map(({ label, what, predicted, pj, cite }): Cell[] => [
          label,
          what,
          numberCell(predicted, energy),
          numberCell(pj, energy),
          numberCell(predicted / pj - 1, (share) => `${(100 * share).toFixed(1)} %`),
          cite,
        ]),
      },
    })}</div>
`,
  };
};

function foundOf(design: Design) {
  const [first] = design.runs;
  if (first === undefined) return [];
  const { hwModel } = identityOf(first.report);
  return published.flatMap((figure) => {
    const predicted = figure.hwModel === hwModel ? spreadOf(design, figure.of).mean : null;
    return predicted === null ? [] : [{ ...figure, label: design.label, predicted }];
  });
}
