import type { SetDescription, Spread } from '../../data/index.ts';
import { inspectData } from '../../data/node.ts';
import { amount, grouped, percent } from '../../report/index.ts';
import { type Style, table } from '../../report/node.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

export const dataCheck = defineCommand({
  positionals: ['path'],
  options: {
    path: {
      type: 'string',
      describe: 'A directory, or a .npz, HDF5 or IDX file; the embedded digits if absent',
    },
    json: jsonOption,
  },
  examples: [
    ['data check mnist/', 'four IDX files'],
    ['data check shd_train.h5', 'spikes in the layout of SHD'],
    ['data check set.npz --json', 'as JSON'],
  ],
  async run({ path, json }, terminal) {
    const inspection = await inspectData(path);
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

/** The properties of a part, by row; a row that no part has is omitted. */
const rows: readonly (readonly [string, (part: SetDescription) => string | undefined])[] = [
  ['samples', ({ samples }) => grouped(samples)],
  ['classes', ({ classes }) => classes?.toString()],
  ['smallest class', ({ samplesByClass: counts }) => counts && amount(Math.min(...counts))],
  ['largest class', ({ samplesByClass: counts }) => counts && amount(Math.max(...counts))],
  ['features', ({ features }) => features?.toString()],
  ['mean', ({ mean }) => mean?.toFixed(2)],
  ['not zero', ({ nonZero }) => (nonZero === undefined ? undefined : percent(nonZero))],
  ['channels', ({ events }) => events?.channels.toString()],
  ['channels that spike', ({ events }) => events?.activeChannels.toString()],
  ['spikes', ({ events }) => events && grouped(events.spikes)],
  ['spikes a sample, min / median / max', ({ events }) => events && spread(events.spikesPerSample, grouped)],
  [
    'last spike, min / median / max',
    ({ events }) => events && `${spread(events.lastSpikeSeconds, (value) => value.toFixed(3))} s`,
  ],
];

function rowsOf(parts: readonly SetDescription[]): string[][] {
  return rows.flatMap(([label, of]) => {
    const cells = parts.map(of);
    return cells.every((cell) => cell === undefined) ? [] : [[label, ...cells.map((cell) => cell ?? '')]];
  });
}

function spread({ min, median, max }: Spread, show: (value: number) => string): string {
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
