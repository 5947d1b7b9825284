import type { Drift } from '../../drift.ts';
import { tabled } from '../../text/columns.ts';
import { layerColumns, numberedSamples, sampleColumns } from '../../text/drift-columns.ts';
import { grouped, percent } from '../../text/format.ts';
import { dataTable } from '../figure.ts';
import { html, type Markup } from '../markup.ts';
import { stacksOf } from '../options/stacks.ts';
import type { Section } from '../section.ts';
import { stackedFigures } from './stacked.ts';

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
  return html`<p>${where}: ${answers(drift)}.</p>
${
  spiking.length === 0
    ? null
    : stackedFigures([
        {
          id: `drift-${number}-figure`,
          title: 'Spikes that differ, by layer',
          stacks: stacksOf(
            spiking.map(({ node }) => node),
            spiking.map(({ differing = 0 }) => ({ 'spikes that differ': differing })),
          ),
          look: { axisName: 'spikes that differ, %', format: percent, unit: 0.01 },
          part: 'share',
          unit: 'share',
        },
      ])
}${dataTable({
  id: `drift-${number}-layers`,
  caption: 'By layer',
  ...tabled(layers, layerColumns()),
})}${sampleTable(drift, number)}`;
}

function answers({ agreement, accuracy, recorded }: Drift): string {
  const right =
    accuracy === undefined
      ? []
      : [`${percent(accuracy.float, 2)} right in floats, ${percent(accuracy.integer, 2)} in integers`];
  const same = recorded === undefined ? [] : [`${percent(recorded.integer, 2)} as the data record them`];
  return [...right, `both agree on ${percent(agreement, 2)} of the answers`, ...same].join('; ');
}

/** More samples would make the page slow to open; the CSV file beside the import has all of them. */
const mostSamples = 200;

/** Samples that both answer differently first: they are what a reader looks for. */
function sampleTable(drift: Drift, number: number): Markup {
  const { bySample } = drift;
  const rank = ({ float, integer }: { float: number; integer: number }) => Number(float === integer);
  const shown = numberedSamples(drift)
    .sort((a, b) => rank(a) - rank(b) || a.sample - b.sample)
    .slice(0, mostSamples);
  const table = dataTable({
    id: `drift-${number}-samples`,
    caption: 'By sample',
    ...tabled(
      shown,
      sampleColumns(drift, (key) => bySample.some((sample) => sample[key] !== undefined)),
    ),
  });
  const more = bySample.length > shown.length ? `, ${shown.length} of ${grouped(bySample.length)}` : '';
  return html`<details><summary>Samples, those with different answers first${more}</summary>
${table}</details>
`;
}
