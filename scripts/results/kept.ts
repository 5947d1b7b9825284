/**
 * Runs behind tables of costs. What they counted is kept beside the results, so that their energies are those of the
 * figures of now, whenever a page is generated.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { addCounts, type Counters, countersSchema, type Image } from '../../src/image/index.ts';
import { type Report, type RunCounts, reprice, scoredPhase } from '../../src/report/index.ts';

/** A run as it is kept: its report without what follows from its counts, and these. */
export interface KeptRun {
  readonly report: Report;
  readonly counts: RunCounts;
  /** The pieces of work that were counted, in their order. */
  readonly work: readonly string[];
}

const fileOf = (name: string): URL => new URL(`runs/${name}.json.br`, import.meta.url);

/** The runs that are kept under a name. */
export function keptRuns(name: string): readonly KeptRun[] {
  const file = fileOf(name);
  if (!existsSync(file)) return [];
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString()) as readonly KeptRun[];
}

/** Keeps runs under a name, each in the place of an earlier one of the same cell. */
export function keep(name: string, runs: readonly KeptRun[]): void {
  const byCell = new Map([...keptRuns(name), ...runs].map((run) => [cellOf(run.report), run]));
  const sorted = [...byCell].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([, run]) => run);
  if (sorted.length > 0) writeFileSync(fileOf(name), brotliCompressSync(JSON.stringify(sorted)));
}

function cellOf({ provenance }: Report): string {
  const { experiment, program, precision, seed, epochs, limit, settings, data, life } = provenance;
  return JSON.stringify([experiment, precision, seed, epochs, limit, settings, data.name, life, program]);
}

/** What is kept of a run. */
export function keptOf(report: Report, { history, scored }: RunCounts): KeptRun {
  const { provenance, memory, network, life, schema } = report;
  const { on, phase } = scoredPhase(report);
  const { samples, accuracy, chance, regression, perSample } = phase;
  const { name, validation } = provenance.data;
  return {
    report: {
      schema,
      remarks: [],
      [on]: { samples, accuracy, chance, regression },
      memory,
      network,
      life,
      provenance: { ...provenance, sources: [], data: { name, validation } },
    } as unknown as Report,
    // The stages of a life are priced one by one, the epochs of other runs together.
    counts: { history: life === undefined ? together(history) : history, scored },
    work: perSample?.counters.byKernel.map((kernel) => kernel.name) ?? [],
  };
}

/** Epochs of which the first has the counts of all. */
function together(history: RunCounts['history']): RunCounts['history'] {
  const [first, ...others] = history.map(({ counters }) => counters);
  if (first === undefined) return history;
  const all = others.reduce<Counters>(addCounts, first);
  return history.map((epoch, index) => ({ ...epoch, counters: index === 0 ? all : emptied(all) }));
}

/** As many counts, all of them 0. */
function emptied(counters: Counters): Counters {
  return JSON.parse(
    JSON.stringify(counters, (_, value: unknown) => (typeof value === 'number' ? 0 : value)),
  ) as Counters;
}

/** The reports of kept runs, with cycles and energies as the cores have them now. */
export function pricedRuns(name: string): readonly Report[] {
  const images = new Map<string, Image>();
  return keptRuns(name).map((run) => {
    const { experiment, program, precision, settings } = run.report.provenance;
    const key = JSON.stringify([experiment, program, precision, settings]);
    const image = images.get(key) ?? imageOf(run.report);
    images.set(key, image);
    return pricedRun(run, image);
  });
}

/**
 * The report of a kept run.
 *
 * @throws Error if its program is compiled to other work now, so that its counts say nothing of it
 */
export function pricedRun({ report, counts, work }: KeptRun, image = imageOf(report)): Report {
  const { experiment, precision } = report.provenance;
  if (JSON.stringify(work) !== JSON.stringify(image.work))
    throw new Error(`${experiment} at ${precision} is compiled to other work than when it ran: run it again`);
  const counters = countersSchema(image);
  counters.parse(counts.scored);
  for (const epoch of counts.history) counters.parse(epoch.counters);
  return reprice(report, counts, image);
}

/** The image of a run, as it is compiled now. */
export function imageOf({ provenance }: Report): Image {
  const { experiment: name, program, precision, seed, epochs } = provenance;
  const source = findFile('experiment', name ?? '', '');
  const written = loadExperiment(source);
  // A sweep over programs has run another one than the experiment names.
  const isVaried = 'program' in written.spec.sweep;
  const override = { path: ['program'], value: program, place: {} };
  const experiment = isVaried ? loadExperiment(source, [override]) : written;
  const choice = { precision, seed, epochs };
  const { image, settings: own } = resolveCell(experiment, choice, findFile);
  // Paths of the experiment's own settings lead on from its file.
  const added = provenance.settings.filter((setting) => !own.includes(setting));
  if (added.length === 0) return image;
  return resolveCell(experiment, { ...choice, settings: parseSettings(added) }, findFile).image;
}
