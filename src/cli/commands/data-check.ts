import type { MinMedianMax, SetDescription } from '../../data/index.ts';
import { inspectData } from '../../data/node.ts';
import { dataOf } from '../../experiment/node.ts';
import { writeAtomically } from '../../fs/index.ts';
import { amount, dataReport, grouped, percent } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { inComment, largest, PlasticoreError, smallest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { openExperimentOf } from '../open-experiment.ts';
import { jsonOption, outOption } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export const dataCheck = defineCommand({
  positionals: ['path'],
  options: {
    path: {
      type: 'string',
      describe:
        'A directory (of PNG files in a folder for each class, of IDX files, of recordings), a .npz, CSV, HDF5 or IDX file, or an experiment (.yaml) that names its data; the embedded digits if absent',
    },
    out: outOption('A page with the first samples of each class as pictures'),
    json: jsonOption,
  },
  examples: [
    ['data check mnist/', 'four IDX files'],
    ['data check shd_train.h5', 'spikes in the layout of SHD'],
    ['data check set.npz --json', 'as JSON'],
    ['data check shapes/ -o shapes.html', 'PNG files in a folder for each class, with a page of them'],
    ['data check gestures.yaml', 'the arrays that an experiment names'],
  ],
  async run({ path, out, json }, terminal) {
    const data = await (path?.endsWith('.yaml') ? inspectDataOf(path, terminal) : inspectData(path));
    const { inspection, sets } = data;
    const { name, description, parts, classNames, corrections, remarks } = inspection;
    const tables = [
      { caption: 'Sets', head: ['', ...parts.map((part) => part.name)], rows: rowsOf(parts) },
      ...classTable(parts, classNames),
      ...speakerTable(parts),
    ];
    const said = [...corrections.map((text) => `corrected: ${text}`), ...remarks];
    const notes = said.length === 0 ? ['nothing is wrong'] : said;
    if (out !== undefined) {
      const onPage = tables.map(({ caption, head, rows: cells }, index) => ({
        id: `data-${index + 1}`,
        caption,
        rows: cells,
        columns: head.map((text, column) => ({ head: text, number: column > 0 })),
      }));
      const page = { title: name, about: description, notes, tables: onPage, sets, classNames };
      writeAtomically(out, await dataReport(page));
    }
    if (json) {
      terminal.print(JSON.stringify(inspection, null, 2));
      return;
    }
    const { style } = terminal;
    terminal.print(
      [
        `${style.bold(name)}: ${description}`,
        ...tables.map(({ head, rows: cells }) => table(head, cells, 'lr', style)),
        notes.join('\n'),
      ].join('\n\n'),
    );
  },
});

/** Describes the data that an experiment names. */
async function inspectDataOf(file: string, terminal: Terminal) {
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
  ['rows x columns', ({ shape }) => shape?.join(' x ')],
  ['least to most', ({ range }) => range?.join(' to ')],
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

/** Classes that a table lists. */
const mostListed = 30;

/** A table of numbers of samples, by what they are of. */
interface CountTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Samples of each class, if there are few enough. */
function classTable(parts: readonly SetDescription[], names: readonly string[] | undefined): CountTable[] {
  const most = largest(parts.map(({ classes = 0 }) => classes));
  if (most === 0 || most > mostListed) return [];
  const lines = Array.from({ length: most }, (_, label) => [
    names?.[label] === undefined ? String(label) : `${label} ${inComment(names[label])}`,
    ...parts.map(({ samplesByClass: counts }) => grouped(counts?.[label] ?? 0)),
  ]);
  return [{ caption: 'Classes', head: ['class', ...parts.map(({ name }) => name)], rows: lines }];
}

/** Samples of each speaker, if the data identify speakers. */
function speakerTable(parts: readonly SetDescription[]): CountTable[] {
  const counts = parts.map(({ events }) => new Map(events?.speakers?.map((of) => [of.speaker, of.samples])));
  const speakers = [...new Set(counts.flatMap((of) => [...of.keys()]))].sort((a, b) => a - b);
  if (speakers.length === 0) return [];
  const lines = speakers.map((speaker) => [
    String(speaker),
    ...counts.map((of) => grouped(of.get(speaker) ?? 0)),
  ]);
  return [{ caption: 'Speakers', head: ['speaker', ...parts.map(({ name }) => name)], rows: lines }];
}
