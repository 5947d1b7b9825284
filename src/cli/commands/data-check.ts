import type { MinMedianMax, SetDescription } from '../../data/index.ts';
import { type Inspection, inspectData } from '../../data/node.ts';
import { dataOf } from '../../experiment/node.ts';
import { amount, grouped, percent } from '../../report/index.ts';
import { type Style, table } from '../../report/node.ts';
import { largest, PlasticoreError, smallest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { openExperimentOf } from '../open-experiment.ts';
import { jsonOption } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export const dataCheck = defineCommand({
  positionals: ['path'],
  options: {
    path: {
      type: 'string',
      describe:
        'A directory, a .npz, CSV, HDF5 or IDX file, or an experiment (.yaml) that names its data; the embedded digits if absent',
    },
    json: jsonOption,
  },
  examples: [
    ['data check mnist/', 'four IDX files'],
    ['data check shd_train.h5', 'spikes in the layout of SHD'],
    ['data check set.npz --json', 'as JSON'],
    ['data check gestures.yaml', 'the arrays that an experiment names'],
  ],
  async run({ path, json }, terminal) {
    const inspection = await (path?.endsWith('.yaml') ? inspectDataOf(path, terminal) : inspectData(path));
    if (json) {
      terminal.print(JSON.stringify(inspection, null, 2));
      return;
    }
    const { name, description, parts, corrections, remarks } = inspection;
    const { style } = terminal;
    const said = [...corrections.map((text) => `corrected: ${text}`), ...remarks];
    terminal.print(
      [
        `${style.bold(name)}: ${description}`,
        table(['', ...parts.map((part) => part.name)], rowsOf(parts), 'lr', style),
        ...speakerTables(parts, style),
        said.length === 0 ? 'nothing is wrong' : said.join('\n'),
      ].join('\n\n'),
    );
  },
});

/** Describes the data that an experiment names. */
async function inspectDataOf(file: string, terminal: Terminal): Promise<Inspection> {
  const { experiment } = await openExperimentOf({ experiment: file }, terminal);
  const { arrays, split, task } = experiment.spec;
  if (task !== undefined)
    throw new PlasticoreError('usage', 'the samples of this experiment are generated', { file });
  return inspectData(dataOf(experiment), { arrays, split });
}

/** The properties of a part, by row; a row that no part has is omitted. */
const rows: readonly (readonly [string, (part: SetDescription) => string | undefined])[] = [
  ['samples', ({ samples }) => grouped(samples)],
  ['classes', ({ classes }) => classes?.toString()],
  ['smallest class', ({ samplesByClass: counts }) => counts && amount(smallest(counts))],
  ['largest class', ({ samplesByClass: counts }) => counts && amount(largest(counts))],
  ['features', ({ features }) => features?.toString()],
  ['mean', ({ mean }) => mean?.toFixed(2)],
  ['not zero', ({ nonZero }) => (nonZero === undefined ? undefined : percent(nonZero))],
  ['channels', ({ events }) => events?.channels.toString()],
  ['channels that spike', ({ events }) => events?.activeChannels.toString()],
  ['spikes', ({ events }) => events && grouped(events.spikes)],
  ['spikes a sample, min / median / max', ({ events }) => events && spread(events.spikesPerSample, grouped)],
  [
    'last spike, min / median / max',
    ({ events }) =>
      events?.lastSpikeSeconds && `${spread(events.lastSpikeSeconds, (value) => value.toFixed(3))} s`,
  ],
  ['steps a sample', ({ events }) => events?.steps?.toString()],
];

function rowsOf(parts: readonly SetDescription[]): string[][] {
  return rows.flatMap(([label, of]) => {
    const cells = parts.map(of);
    return cells.every((cell) => cell === undefined) ? [] : [[label, ...cells.map((cell) => cell ?? '')]];
  });
}

function spread({ min, median, max }: MinMedianMax, show: (value: number) => string): string {
  return [min, median, max].map(show).join(' / ');
}

/** Samples per speaker, if the data identify speakers. */
function speakerTables(parts: readonly SetDescription[], style: Style): string[] {
  const counts = parts.map(({ events }) => new Map(events?.speakers?.map((of) => [of.speaker, of.samples])));
  const speakers = [...new Set(counts.flatMap((of) => [...of.keys()]))].sort((a, b) => a - b);
  if (speakers.length === 0) return [];
  const lines = speakers.map((speaker) => [
    String(speaker),
    ...counts.map((of) => grouped(of.get(speaker) ?? 0)),
  ]);
  return [table(['speaker', ...parts.map(({ name }) => name)], lines, 'lr', style)];
}
