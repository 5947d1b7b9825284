import { byKey, command, option, PlasticoreError } from '../../text/index.ts';
import type { StudyReport } from '../schema-study.ts';
import { isSharedRun, sharedRunMessage } from '../shared-run.ts';
import { mean, type Spread, spread } from '../statistics.ts';
import { valueInWords } from '../studied.ts';
import { type DesignAxis, type DesignPoint, namesByChoice, tellingKeys } from './designs.ts';
import { type Run, type RunFolder, type RunPhase, type RunReport, readRun } from './input.ts';

/** Runs that differ only in their seed. */
export interface DesignRuns {
  /**
   * Distinguishes the design from the others: its precision, and more if that is not enough. An asterisk marks energies
   * qualified by a remark.
   */
  readonly label: string;
  /** Its choice on each axis. */
  readonly choices: DesignPoint['choices'];
  /** In seed order. */
  readonly runs: readonly Run[];
}

/** An energy that has been published of a chip, of a sample in inference or of a synaptic operation. */
export interface PublishedEnergy {
  readonly hwModel: string;
  readonly of: 'inference' | 'operation';
  readonly pj: number;
  readonly cite: string;
}

/** Names of designs begin with their precision. */
export const precisionAxis = 0;

/** Everything that one page reports on. */
export interface PageSubject {
  readonly title: string;
  /** What tells the designs apart. The first is the precision. */
  readonly axes: readonly DesignAxis[];
  readonly designs: readonly DesignRuns[];
  /** Cells of a sweep without a result, with the reason. */
  readonly missing: readonly { readonly cell: string; readonly reason: string }[];
  /** Published figures of chips that may be among the designs. */
  readonly published?: readonly PublishedEnergy[] | undefined;
}

/**
 * Reads runs and groups them into designs.
 *
 * @param sweep its result, the only record of cells without one
 * @throws PlasticoreError if there is nothing to report on or a file is invalid
 */
export function makeStudy(folders: readonly RunFolder[], sweep?: StudyReport): PageSubject {
  const runs = folders.map(readRun);
  if (runs.length === 0) {
    throw new PlasticoreError('data', 'there is no report.json, here or in a folder below', {
      hint: `${command('run EXPERIMENT', option('out', 'DIR'))} writes one, a sweep writes several; the folder of a search has a study.json, which ${command('explore')} writes at its end`,
    });
  }
  const shared = runs.find(({ report }) => isSharedRun(report));
  if (shared !== undefined)
    throw new PlasticoreError('data', sharedRunMessage, {
      file: shared.name,
      hint: `${command('explore EXPERIMENT', option('out', 'DIR'), option('resume'))} completes it; then name the folder of the search`,
    });
  const alike = byKey(runs, ({ report }) => JSON.stringify(identityOf(report)));
  const groups = [...alike.values()].map((group) =>
    group.sort((a, b) => a.report.provenance.seed - b.report.provenance.seed),
  );
  const found = groups.map((group) => choicesOf(anyReport({ runs: group })));
  const axes = axesOf(found);
  const choices = found.map((own) => axes.map(({ path }) => own.get(path)));
  const labels = namesByChoice(choices, axes, precisionAxis);
  const designs = groups.map(
    (group, index): DesignRuns => ({
      label: `${labels[index] ?? ''}${group.some(restsOnOtherShapes) ? ' *' : ''}`,
      choices: choices[index] ?? [],
      runs: group,
    }),
  );
  return {
    title: [...new Set(runs.map(({ report }) => report.provenance.experiment))].join(', '),
    axes,
    designs: designs.sort(byPrecision),
    missing: missingCells(sweep?.cells ?? [], folders),
  };
}

/** Whether samples of all designs ask for numbers, so that there are no accuracies. */
export function isRegression(designs: readonly DesignRuns[]): boolean {
  return designs.every(({ runs }) => runs.every(({ report }) => report.test.regression !== undefined));
}

/** Whether a run's energy rests on figures stated for another shape of the core. An asterisk marks these runs. */
export function restsOnOtherShapes(run: Run): boolean {
  return run.report.remarks.some(({ about }) => about === 'energy') && !isOfUnknownEnergy(run);
}

/** Whether nobody knows the energies of a design, although it has run. */
export function hasUnknownEnergies({ runs }: DesignRuns): boolean {
  return runs.some(isOfUnknownEnergy);
}

function isOfUnknownEnergy({ report }: Run): boolean {
  return phases.some((phase) => report[phase].perSample?.energyPj.total === null);
}

/** Everything that defines a design, most telling first. */
function identityOf({ provenance, scoredOn, life }: RunReport): Readonly<Record<string, string>> {
  const { precision, program, hwModel, experiment, data, epochs, encoder, limit, settings } = provenance;
  return {
    precision,
    program,
    hwModel,
    settings: settings.join(' '),
    data: data.name,
    scored: scoredOn === 'test' ? 'on the test set' : 'on a validation split',
    epochs: `${epochs} epochs`,
    encoder,
    order: life === undefined ? '' : life.joint === true ? 'joint' : 'in sequence',
    stages: stagesIn(provenance.life),
    limit: limit === null ? 'no limit' : `limit ${limit}`,
    experiment,
    digest: data.sha256.slice(0, 8),
  };
}

/** What the stages of lives have in common whose order alone is another. */
function stagesIn(life: string | undefined): string {
  if (life === undefined) return '';
  const { stages } = JSON.parse(life) as { readonly stages?: unknown };
  return JSON.stringify(stages);
}

/** What may tell a design from others, by path, most telling first: its settings, and what else defines it. */
function choicesOf(report: RunReport): Map<string, string> {
  const { settings: _, precision = '', program = '', hwModel = '', ...others } = identityOf(report);
  const settings = report.provenance.settings.map((setting): [string, string] => {
    const at = setting.indexOf('=');
    return [setting.slice(0, at), settingInWords(setting.slice(at + 1))];
  });
  const cores = String(report.chip?.cores.length ?? 1);
  return new Map([
    ...Object.entries({ precision, program, hwModel }),
    ...settings,
    ...Object.entries({ cores, ...others }),
  ]);
}

/** The precision, and all choices in which designs differ. */
function axesOf(all: readonly ReadonlyMap<string, string>[]): (DesignAxis & { readonly path: string })[] {
  const known = all.flatMap((choices) => [...choices.keys()]);
  const telling = tellingKeys(known, all, (choices, path) => choices.get(path));
  // Placements are told apart by the number of cores, unless there are several on as many.
  const isPlacement = (path: string) => path.startsWith('program.placement');
  const placements = new Set(
    all.map((choices) =>
      known
        .filter(isPlacement)
        .map((path) => choices.get(path))
        .join(),
    ),
  );
  const counts = new Set(all.map((choices) => choices.get('cores')));
  const isTold = (path: string) =>
    !(telling.includes('cores') && placements.size === counts.size && isPlacement(path));
  const paths = [...new Set(['precision', ...telling])].filter(isTold);
  return paths.map((path) => ({
    path,
    name: shortPath(path, paths),
    values: [...new Set(all.flatMap((choices) => choices.get(path) ?? []))],
  }));
}

/** A value as a setting spells it, in words where it is a list or a mapping. */
function settingInWords(text: string): string {
  if (!/^[[{]/.test(text)) return text;
  try {
    return valueInWords(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The last part of a path, or all of it where another ends alike. */
function shortPath(path: string, paths: readonly string[]): string {
  const last = path.split('.').at(-1) ?? path;
  return paths.filter((other) => other.split('.').at(-1) === last).length === 1 ? last : path;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Orders by the width of the shadow weights, then of the weights. Precisions without widths, as fp32, come last. */
function byPrecision(a: DesignRuns, b: DesignRuns): number {
  const hasNoWidths = (design: DesignRuns) => !anyReport(design).provenance.precision.startsWith('mp');
  // Labels begin with their precision, whose widths the collator compares as numbers.
  return Number(hasNoWidths(a)) - Number(hasNoWidths(b)) || collator.compare(a.label, b.label);
}

/**
 * Cells of a sweep with a reason instead of figures. A sweep that runs, or was killed, may have finished runs that its
 * result does not know yet; those are not missing.
 */
function missingCells(
  cells: NonNullable<StudyReport['cells']>,
  folders: readonly RunFolder[],
): PageSubject['missing'] {
  const isThere = (run: string | null) =>
    run !== null && folders.some(({ name }) => name.endsWith(`runs/${run}`));
  return cells.flatMap(({ precision, values, seed, run, reason }) =>
    reason === null || isThere(run)
      ? []
      : [
          {
            cell: [
              precision,
              ...Object.entries(values).map(([path, value]) => `${path} ${valueInWords(value)}`),
              ...(seed === null ? [] : [`seed ${seed}`]),
            ].join(', '),
            reason,
          },
        ],
  );
}

/** The spread of a value over the runs of a design that have it. */
export function spreadOf({ runs }: DesignRuns, of: (report: RunReport) => number | null): Spread {
  return spread(runs.flatMap(({ report }) => of(report) ?? []));
}

export type PerSample = NonNullable<RunPhase['perSample']>;
export const phases = ['train', 'test'] as const;
export type PhaseName = (typeof phases)[number];
export const phaseTitles: Readonly<Record<PhaseName, string>> = { train: 'training', test: 'test' };

/** Whether a phase of a design has samples. */
export function hasRun({ runs }: DesignRuns, phase: PhaseName): boolean {
  return runs.some(({ report }) => report[phase].perSample !== null);
}

/** A design's per-sample mean of a quantity in a phase; null if the phase has no samples, or nobody knows it. */
export function meanOf(
  design: DesignRuns,
  phase: PhaseName,
  of: (perSample: PerSample) => number | null,
): number | null {
  return spreadOf(design, (report) => {
    const { perSample } = report[phase];
    return perSample === null ? null : of(perSample);
  }).mean;
}

/** A design's per-sample means of named parts in a phase; none if the phase has no samples. */
export function partMeans(
  design: DesignRuns,
  phase: PhaseName,
  of: (perSample: PerSample) => Readonly<Record<string, number>>,
): Record<string, number> {
  const records = design.runs.flatMap(({ report }) => report[phase].perSample ?? []).map(of);
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return Object.fromEntries(
    names.map((name) => [name, mean(records.map((record) => record[name] ?? 0)) ?? 0]),
  );
}

/** A report that stands for all runs of a design in everything that does not depend on the seed. */
export function anyReport({ runs }: Pick<DesignRuns, 'runs'>): RunReport {
  const [first] = runs;
  if (first === undefined) throw new Error('a design without runs');
  return first.report;
}
