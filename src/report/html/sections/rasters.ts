import { command, option, PlasticoreError } from '../../../text/index.ts';
import type { DataTable } from '../data-source.ts';
import { figure, missing } from '../figure.ts';
import type { Arrays, Run } from '../input.ts';
import { html, type Markup } from '../markup.ts';
import { type RasterSpikes, rasterSvg } from '../pictures/raster.ts';
import { pictured, type Section } from '../section.ts';
import type { DesignRuns } from '../study.ts';

export const spikeRasters: Section = {
  id: 'rasters',
  title: 'Spike rasters',
  short: 'Spikes',
  of({ study }) {
    const { designs, note } = pictured(study.designs);
    const rasters = designs.flatMap(rasterOf);
    return rasters.length === 0
      ? missing(
          'No spikes were recorded: ',
          html`<code>${command('run EXPERIMENT', option('out', 'DIR'), option('record', "'spikes:*'"))}</code>`,
          ' records those of the first test samples into ',
          html`<code>record.npz</code>`,
          ', and so does a sweep.',
        )
      : html`<p>Each dash is a spike during the first test samples. Above each sample stands its label, followed by the answer if that was wrong.</p>
${note}<div class="plots">${rasters}</div>
`;
  },
};

/** Taken from the first run that recorded spikes. */
function rasterOf({ label, runs }: DesignRuns, index: number): Markup[] {
  for (const run of runs) {
    const arrays = run.recording?.();
    const spikes = arrays === undefined ? undefined : spikesOf(run, arrays);
    if (spikes === undefined) continue;
    const id = `raster-${index + 1}`;
    const counts = spikes.populations.map(({ name, size }) => `${name} with ${size} neurons`);
    const title = `Spikes at ${label}, seed ${run.report.provenance.seed}`;
    return [
      figure({
        id,
        title,
        alt: `${title}: ${counts.join(', ')}`,
        picture: rasterSvg(spikes),
        data: () => ({ id: `${id}-table`, caption: title, ...spikeRows(spikes) }),
      }),
    ];
  }
  return [];
}

/** A row for each spike. */
function spikeRows({ steps, populations }: RasterSpikes): Pick<DataTable, 'columns' | 'rows'> {
  const columns = ['population', 'sample', 'step', 'neuron'].map((head) => ({ head }));
  const rows = populations.flatMap(({ name, indices, offsets }) =>
    Array.from({ length: offsets.length - 1 }, (_, moment) =>
      Array.from(indices)
        .slice(offsets[moment] ?? 0, offsets[moment + 1] ?? 0)
        .map((neuron) => [name, ...[Math.floor(moment / steps), moment % steps, neuron].map(String)]),
    ).flat(),
  );
  return { columns, rows };
}

/** The spikes in a recording; undefined if it has fields only. */
export function spikesOf({ name, report }: Run, arrays: Arrays): RasterSpikes | undefined {
  const sizes = new Map(report.network.populations.map((population) => [population.name, population.size]));
  const found = [...arrays.keys()].flatMap((key) => /^(.*)\.spikes\.offsets$/.exec(key)?.[1] ?? []);
  const order = [...sizes.keys()];
  const sorted = found.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  // Samples without labels are shown with their answers.
  const labels = (arrays.get('label') ?? arrays.get('prediction'))?.data ?? [];
  const samples = labels.length;
  const populations = sorted.map((population) => {
    const indices = arrays.get(`${population}.spikes.indices`)?.data ?? [];
    const offsets = arrays.get(`${population}.spikes.offsets`)?.data ?? [];
    let largest = 0;
    for (const index of Array.from(indices)) largest = Math.max(largest, index + 1);
    return {
      name: population,
      size: sizes.get(population) ?? Math.max(1, largest),
      indices,
      offsets,
      largest,
    };
  });
  const [first] = populations;
  if (first === undefined || samples === 0) return undefined;
  const steps = (first.offsets.length - 1) / samples;
  const isWhole = populations.every(
    ({ offsets, indices, size, largest }) =>
      offsets.length === samples * steps + 1 &&
      offsets[offsets.length - 1] === indices.length &&
      largest <= size,
  );
  if (!Number.isInteger(steps) || steps < 1 || !isWhole) {
    throw new PlasticoreError('data', 'a damaged recording: spikes, offsets and labels do not match', {
      file: name === '' ? 'record.npz' : `${name}/record.npz`,
    });
  }
  return { samples, steps, labels, predictions: arrays.get('prediction')?.data ?? [], populations };
}
