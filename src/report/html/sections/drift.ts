import type { Drift } from '../../drift.ts';
import { grouped, percent } from '../../text/format.ts';
import { column, dataTable, figure, numbers, numeric, tabled } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type Bars, barChart } from '../options/bars.ts';
import type { Section } from '../section.ts';

/** A network in floats beside the same network in integers, where an import has compared them. */
export const floatsAndIntegers: Section = {
  id: 'drift',
  title: 'Floats and integers',
  short: 'Drift',
  of({ study: { designs } }) {
    const drifts = new Map<string, Drift>();
    for (const { drift } of designs.flatMap(({ runs }) => runs))
      if (drift !== undefined) drifts.set(JSON.stringify(drift), drift);
    if (drifts.size === 0) return undefined;
    return html`<p>The network as it was trained, in floats, beside the program that was made of it, in integers, on the same samples. A spike differs if only one of both has it; its share is of the spikes that any has. Drift adds up from layer to layer.</p>
${[...drifts.values()].map((drift, index) => one(drift, index + 1))}`;
  },
};

function one(drift: Drift, number: number): Markup {
  const { program, hwModel, precision, samples, layers } = drift;
  const spiking = layers.filter(({ differing }) => differing !== undefined);
  const where = `${program} on ${hwModel} at ${precision}, ${grouped(samples)} samples`;
  const bars: Bars = {
    names: spiking.map(({ node }) => node),
    values: spiking.map(({ differing = 0 }) => 100 * differing),
    axisName: 'spikes that differ, %',
    format: (value) => `${value.toFixed(1)} %`,
  };
  return html`<p>${where}: ${answers(drift)}.</p>
${
  spiking.length === 0
    ? null
    : html`<div class="plots">${figure({
        id: `drift-${number}-figure`,
        title: `Spikes that differ, by layer`,
        alt: `${where}: ${spiking.map(({ node, differing = 0 }) => `${node} ${percent(differing)}`).join(', ')}`,
        picture: barChart(bars),
        data: () => ({
          id: `drift-${number}-table`,
          caption: 'Spikes that differ, by layer',
          ...tabled(bars.names, [
            column('layer', (name) => name),
            numbers('spikes that differ [%]', (_, at) => bars.values[at]),
          ]),
        }),
      })}</div>
`
}${layerTable(drift, number)}${sampleTable(drift, number)}`;
}

function answers({ agreement, accuracy, recorded }: Drift): string {
  const right =
    accuracy === undefined
      ? []
      : [`${percent(accuracy.float, 2)} right in floats, ${percent(accuracy.integer, 2)} in integers`];
  const same = recorded === undefined ? [] : [`${percent(recorded.integer, 2)} as the data record them`];
  return [...right, `both agree on ${percent(agreement, 2)} of the answers`, ...same].join('; ');
}

function layerTable({ layers }: Drift, number: number): Markup {
  const fixed = (value: number): string => value.toFixed(4);
  return dataTable({
    id: `drift-${number}-layers`,
    caption: 'By layer',
    ...tabled(layers, [
      column('layer', ({ node }) => node),
      column('population', ({ population }) => population),
      numbers('neurons', ({ neurons }) => neurons, grouped),
      numbers('rate, float', ({ rate }) => rate?.float, fixed, 'rateFloat'),
      numbers('integer', ({ rate }) => rate?.integer, fixed, 'rateInteger'),
      numbers('spikes that differ', ({ differing }) => differing, percent, 'differing'),
      numbers('correlation of potentials', ({ correlation }) => correlation, fixed, 'correlation'),
      numbers(
        'error of potentials',
        ({ error }) => error,
        (value) => value.toPrecision(3),
        'error',
      ),
    ]),
  });
}

/** More samples would make the page slow to open; the CSV file beside the import has all of them. */
const mostSamples = 200;

/** Samples that both answer differently first: they are what a reader looks for. */
function sampleTable({ layers, bySample }: Drift, number: number): Markup {
  const numbered = bySample.map((sample, at) => ({ ...sample, at }));
  type Numbered = (typeof numbered)[number];
  const rank = ({ float, integer }: { float: number; integer: number }) => Number(float === integer);
  const shown = numbered.sort((a, b) => rank(a) - rank(b) || a.at - b.at).slice(0, mostSamples);
  const isLabelled = bySample.some(({ label }) => label !== undefined);
  const table = dataTable({
    id: `drift-${number}-samples`,
    caption: 'By sample',
    ...tabled(shown, [
      column('sample', ({ at }) => String(at)),
      isLabelled && numeric('label', ({ label }) => String(label ?? '')),
      numeric('float', ({ float }) => String(float)),
      numeric('integer', ({ integer }) => String(integer)),
      ...layers.map(({ node }, layer) =>
        numbers(
          `differ in ${node}`,
          ({ differing }: Numbered) => differing[layer] ?? null,
          percent,
          `differing.${node}`,
        ),
      ),
    ]),
  });
  const more = bySample.length > shown.length ? `, ${shown.length} of ${grouped(bySample.length)}` : '';
  return html`<details><summary>Samples, those with different answers first${more}</summary>
${table}</details>
`;
}
