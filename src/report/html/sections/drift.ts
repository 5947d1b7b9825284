import type { Drift } from '../../drift.ts';
import { grouped, percent } from '../../text/format.ts';
import { dataTable, figure, numberCell, type TableCell } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { type Bars, barChart } from '../options/bars.ts';
import type { Section } from '../section.ts';

/** A network in floats beside the same network in integers, where an import has compared them. */
export const floatsAndIntegers: Section = {
  id: 'drift',
  title: 'Floats and integers',
  short: 'Drift',
  render({ study: { designs } }, draw) {
    const drifts = new Map<string, Drift>();
    for (const { drift } of designs.flatMap(({ runs }) => runs))
      if (drift !== undefined) drifts.set(JSON.stringify(drift), drift);
    if (drifts.size === 0) return undefined;
    return html`<p>The network as it was trained, in floats, beside the program that was made of it, in integers, on the same samples. A spike differs if only one of both has it; its share is of the spikes that any has. Drift adds up from layer to layer.</p>
${[...drifts.values()].map((drift, index) => one(drift, index + 1, (bars) => draw(`drift-${index + 1}`, barChart(bars))))}`;
  },
};

function one(drift: Drift, number: number, chart: (bars: Bars) => string): Markup {
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
        svg: chart(bars),
        data: () => ({
          id: `drift-${number}-table`,
          caption: 'Spikes that differ, by layer',
          columns: [{ head: 'layer' }, { head: 'spikes that differ [%]', number: true }],
          rows: bars.names.map((name, at) => [name, numberCell(bars.values[at] ?? null, String)]),
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
  const optional = (value: number | undefined, format: (value: number) => string): TableCell =>
    numberCell(value ?? null, format);
  return dataTable({
    id: `drift-${number}-layers`,
    caption: 'By layer',
    columns: [
      { head: 'layer' },
      { head: 'population' },
      { head: 'neurons', number: true },
      { head: 'rate, float', csv: 'rateFloat', number: true },
      { head: 'integer', csv: 'rateInteger', number: true },
      { head: 'spikes that differ', csv: 'differing', number: true },
      { head: 'correlation of potentials', csv: 'correlation', number: true },
      { head: 'error of potentials', csv: 'error', number: true },
    ],
    rows: layers.map(({ node, population, neurons, rate, differing, correlation, error }) => [
      node,
      population,
      numberCell(neurons, grouped),
      optional(rate?.float, (value) => value.toFixed(4)),
      optional(rate?.integer, (value) => value.toFixed(4)),
      optional(differing, (value) => percent(value)),
      optional(correlation, (value) => value.toFixed(4)),
      optional(error, (value) => value.toPrecision(3)),
    ]),
  });
}

/** More samples would make the page slow to open; the CSV file beside the import has all of them. */
const mostSamples = 200;

/** Samples that both answer differently first: they are what a reader looks for. */
function sampleTable({ layers, bySample }: Drift, number: number): Markup {
  const numbered = bySample.map((sample, at) => ({ ...sample, at }));
  const rank = ({ float, integer }: { float: number; integer: number }) => Number(float === integer);
  const shown = numbered.sort((a, b) => rank(a) - rank(b) || a.at - b.at).slice(0, mostSamples);
  const isLabelled = bySample.some(({ label }) => label !== undefined);
  const table = dataTable({
    id: `drift-${number}-samples`,
    caption: 'By sample',
    columns: [
      { head: 'sample' },
      ...(isLabelled ? [{ head: 'label', number: true }] : []),
      { head: 'float', number: true },
      { head: 'integer', number: true },
      ...layers.map(({ node }) => ({ head: `differ in ${node}`, csv: `differing.${node}`, number: true })),
    ],
    rows: shown.map(({ at, label, float, integer, differing }) => [
      String(at),
      ...(isLabelled ? [String(label ?? '')] : []),
      String(float),
      String(integer),
      ...differing.map((share) => numberCell(share, (value) => percent(value))),
    ]),
  });
  const more = bySample.length > shown.length ? `, ${shown.length} of ${grouped(bySample.length)}` : '';
  return html`<details><summary>Samples, those with different answers first${more}</summary>
${table}</details>
`;
}
