import { option, PlasticoreError } from '../../text/index.ts';
import { type Spread, spread } from '../statistics.ts';
import { parseCsv, type Run, type RunFolder, type RunPhase, type RunReport, readRun } from './input.ts';

/** Runs that differ only in their seed. */
export interface Design {
  /** What tells it apart from the others: its precision, and more where that is not enough. An asterisk marks energies that a remark qualifies. */
  readonly label: string;
  /** By seed. */
  readonly runs: readonly Run[];
}

/** All that one page reports on. */
export interface Study {
  readonly title: string;
  readonly designs: readonly Design[];
  /** Cells of a sweep without a result, with the reason. */
  readonly missing: readonly { readonly cell: string; readonly reason: string }[];
}

/**
 * Reads runs and sorts them into designs.
 *
 * @param summary `summary.csv` of a sweep, which alone knows of cells without a result
 * @throws PlasticoreError where there is nothing to report on, or a file is not what it should be
 */
export function makeStudy(folders: readonly RunFolder[], summary?: string): Study {
  const runs = folders.map(readRun);
  if (runs.length === 0) {
    throw new PlasticoreError('data', 'there is no report.json, here or in a folder below', {
      hint: `plasticore run and plasticore sweep write them, with ${option('out')}`,
    });
  }
  const byKey = new Map<string, Run[]>();
  for (const run of runs) {
    const key = JSON.stringify(identityOf(run.report));
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const groups = [...byKey.values()].map((group) =>
    group.sort((a, b) => a.report.provenance.seed - b.report.provenance.seed),
  );
  const labels = labelsOf(groups.map(([first]) => (first === undefined ? {} : identityOf(first.report))));
  const designs = groups.map(
    (group, index): Design => ({
      label: `${labels[index] ?? ''}${group.some(restsOnOtherShapes) ? ' *' : ''}`,
      runs: group,
    }),
  );
  return {
    title: [...new Set(runs.map(({ report }) => report.provenance.experiment))].join(', '),
    designs: designs.sort(byPrecision),
    missing: summary === undefined ? [] : missingCells(summary, folders),
  };
}

/** Whether energies of a run rest on figures that were stated for another shape of the core: an asterisk says so. */
export function restsOnOtherShapes({ report }: Run): boolean {
  return report.remarks.some(({ about }) => about === 'energy');
}

/** Everything that makes a design, what tells most first. */
function identityOf({ provenance, scoredOn }: RunReport): Readonly<Record<string, string>> {
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
    limit: limit === null ? 'no limit' : `limit ${limit}`,
    experiment,
    digest: data.sha256.slice(0, 8),
  };
}

/** The precision alone where it tells designs apart; else also what differs among those of equal precision. */
function labelsOf(identities: readonly Readonly<Record<string, string>>[]): string[] {
  return identities.map((own) => {
    const alike = identities.filter(({ precision }) => precision === own.precision);
    const telling = Object.keys(own).filter(
      (key) => key !== 'precision' && new Set(alike.map((identity) => identity[key])).size > 1,
    );
    const parts = telling.map((key) => (key === 'settings' ? ownSettings(own, alike) : (own[key] ?? '')));
    return [own.precision ?? '', ...parts.filter((part) => part !== '')].join(', ');
  });
}

/** The settings that not all have, without the path before a parameter's name. */
function ownSettings(
  own: Readonly<Record<string, string>>,
  alike: readonly Readonly<Record<string, string>>[],
): string {
  const listOf = (identity: Readonly<Record<string, string>>) => (identity.settings ?? '').split(' ');
  return listOf(own)
    .filter((setting) => !alike.every((other) => listOf(other).includes(setting)))
    .map((setting) => setting.replace(/^[^=]*\.(?=[^.=]+=)/, ''))
    .join(' ');
}

const collator = new Intl.Collator('en', { numeric: true });

/** By width of the shadow weights, then of the weights; precisions without widths, such as fp32, come last. */
function byPrecision(a: Design, b: Design): number {
  const widths = ({ label }: Design) => {
    const [, shadow, weight] = /^mp(\d+)-(\d+)/.exec(label) ?? [];
    return [Number(shadow ?? Infinity), Number(weight ?? Infinity)] as const;
  };
  const [aShadow, aWeight] = widths(a);
  const [bShadow, bWeight] = widths(b);
  if (aShadow !== bShadow) return aShadow < bShadow ? -1 : 1;
  if (aWeight !== bWeight) return aWeight < bWeight ? -1 : 1;
  return collator.compare(a.label, b.label);
}

/** Columns of a sweep's summary that say nothing about the design of a cell. */
const aboutResult = ['cell', 'status', 'scoredOn', 'remarks'];

/**
 * Rows of a sweep's summary that give a reason instead of figures. A run that ended just after the summary of a sweep
 * that runs, or was killed, is there all the same.
 */
function missingCells(summary: string, folders: readonly RunFolder[]): Study['missing'] {
  const isThere = (cell: string) => cell !== '' && folders.some(({ name }) => name.endsWith(`cells/${cell}`));
  return parseCsv(summary, 'summary.csv').flatMap(({ reason = '', ...columns }) =>
    reason === '' || isThere(columns.cell ?? '')
      ? []
      : [
          {
            cell: Object.entries(columns)
              .filter(([column, value]) => value !== '' && !aboutResult.includes(column))
              .map(([column, value]) => (column === 'precision' ? value : `${column} ${value}`))
              .join(', '),
            reason,
          },
        ],
  );
}

/** Over the runs of a design that have the value. */
export function spreadOf({ runs }: Design, of: (report: RunReport) => number | null): Spread {
  return spread(runs.flatMap(({ report }) => of(report) ?? []));
}

export type PerSample = NonNullable<RunPhase['perSample']>;
export const phases = ['train', 'test'] as const;
export type PhaseName = (typeof phases)[number];

/** A design's mean, per sample, of something in a phase; null where the phase has no samples. */
export function meanOf(
  design: Design,
  phase: PhaseName,
  of: (perSample: PerSample) => number,
): number | null {
  return spreadOf(design, (report) => {
    const { perSample } = report[phase];
    return perSample === null ? null : of(perSample);
  }).mean;
}

/** The report that stands for all runs of a design in what does not depend on the seed. */
export function anyReport({ runs }: Design): RunReport {
  const [first] = runs;
  if (first === undefined) throw new Error('a design without runs');
  return first.report;
}
