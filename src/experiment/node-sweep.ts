import { join } from 'node:path';
import { compilerVersion } from '../compiler/index.ts';
import {
  type CellStatus,
  makeSweep,
  type Report,
  type Sweep,
  type SweepResult,
  summaryCsv,
} from '../report/index.ts';
import { PlasticoreError } from '../source/index.ts';
import { checkChosen } from './axes.ts';
import type { Cell, Find } from './cell.ts';
import { dataHash } from './identity.ts';
import type { Experiment } from './load.ts';
import { type DataLoader, keepingLoader } from './node-data.ts';
import { findFile } from './node-files.ts';
import { checkNeedsOut, claimFolder } from './node-folder.ts';
import { sweepFiles } from './node-layout.ts';
import { readFinished } from './node-outcome.ts';
import { checkPlan, type DesignPlan, type SweepPlan, writePlan } from './node-plan.ts';
import { dataOf, type FolderRunOptions } from './node-run.ts';
import { type CellOutcome, type CellRun, runCells } from './node-workers.ts';
import { writeAtomically } from './node-write.ts';
import { planRecording } from './recording.ts';
import { checkData } from './samples.ts';
import { type Design, type Designs, type SweepChoice, sweepDesigns } from './sweep.ts';
import type { CellsProgress } from './tally.ts';

export interface SweepOptions
  extends SweepChoice,
    Pick<
      FolderRunOptions,
      'data' | 'engine' | 'out' | 'resume' | 'overwrite' | 'record' | 'checkpointSeconds' | 'signal'
    > {
  /** Threads; by default one for each processor. */
  readonly workers?: number | undefined;
  readonly onStart?: ((start: SweepStart) => void) | undefined;
  readonly onProgress?: ((progress: CellsProgress) => void) | undefined;
}

/** What a sweep begins with. */
export interface SweepStart {
  /** Cells that compile; of them those that were finished before. */
  readonly cells: number;
  readonly finished: number;
}

/** A cell of a sweep that compiles. */
interface PlannedCell {
  readonly design: Design;
  readonly seed: number;
  readonly name: string;
  readonly data: string | undefined;
}

/** A design that does not. */
interface Refusal {
  readonly design: Design;
  readonly status: Exclude<CellStatus, 'done'>;
  readonly reason: string;
}

/**
 * Runs a sweep: all its cells on worker threads, with their results and the summary in `out` (see node-layout.ts).
 *
 * A design that does not compile, or a run that fails, is a row with its reason; the others go on. A folder that holds
 * results is refused unless `resume` or `overwrite` is given; `resume` does not run finished cells again.
 *
 * @throws PlasticoreError for bad input, also where every design fails for another reason than that it does not fit;
 *   `usage` for a folder with another sweep; the signal's reason
 */
export async function runSweep(
  experiment: Experiment,
  options: SweepOptions = {},
  find: Find = findFile,
): Promise<Sweep> {
  const { out, resume = false, overwrite = false, record } = options;
  checkNeedsOut(options, 'runs/sweep');
  const all = sweepDesigns(experiment, options, find);
  checkChosen(all.axes, { data: options.data });
  if (out !== undefined) claimFolder(out, 'sweep', { resume, overwrite });
  const { cells, refusals, plans, scoredOn } = await examine(all, options);
  if (out !== undefined) {
    const path = join(out, sweepFiles.plan);
    const plan = planOf(experiment, all, options, plans);
    checkPlan(path, plan);
    writePlan(path, plan);
  }
  const outcomes = new Map<PlannedCell, CellOutcome>();
  for (const cell of cells) {
    const outcome = out === undefined || !resume ? undefined : finishedOutcome(folderOf(out, cell), cell);
    if (outcome !== undefined) outcomes.set(cell, outcome);
  }
  const left = cells.filter((cell) => !outcomes.has(cell));
  options.onStart?.({ cells: cells.length, finished: outcomes.size });
  const ends = await runCells(
    left.map((cell): CellRun => {
      const { design, seed, data } = cell;
      return {
        cell: () => design.compile(seed),
        data,
        out: out === undefined ? undefined : folderOf(out, cell),
      };
    }),
    {
      workers: options.workers,
      engine: options.engine,
      resume: out !== undefined,
      record,
      checkpointSeconds: options.checkpointSeconds,
      finished: outcomes.size,
      signal: options.signal,
      onProgress: options.onProgress,
    },
  );
  for (const [index, cell] of left.entries()) {
    const end = ends[index];
    if (end !== undefined) outcomes.set(cell, end);
  }
  const { name } = experiment.spec;
  const axes = all.axes.map(({ path, values }) => ({ path, values }));
  const results = all.designs.flatMap((design) => resultsOf(design, cells, refusals, outcomes));
  const sweep = makeSweep({ experiment: name, scoredOn, axes }, results);
  if (out !== undefined) {
    writeAtomically(join(out, sweepFiles.summaryCsv), summaryCsv(sweep));
    writeAtomically(join(out, sweepFiles.summaryJson), `${JSON.stringify(sweep, null, 2)}\n`);
  }
  return sweep;
}

function folderOf(out: string, { name }: PlannedCell): string {
  return join(out, sweepFiles.cells, name);
}

/** What compiling a cell of each design tells, and the data that it would see. */
async function examine({ designs }: Designs, options: SweepOptions) {
  const load = keepingLoader();
  const cells: PlannedCell[] = [];
  const refusals: Refusal[] = [];
  const faults: PlasticoreError[] = [];
  const plans: Record<string, DesignPlan> = {};
  for (const design of designs) {
    const data = options.data ?? dataOf(design.experiment);
    try {
      plans[design.name] = await examineDesign(design, data, load, options);
      for (const seed of design.seeds) cells.push({ design, seed, name: design.cellName(seed), data });
    } catch (error) {
      if (!(error instanceof DesignFault)) throw error;
      const { fault } = error;
      const status = fault.code === 'fit' ? 'misfit' : 'failed';
      const reason = [fault.message, ...(fault.hint === undefined ? [] : [fault.hint])].join('; ');
      if (status === 'failed') faults.push(fault);
      refusals.push({ design, status, reason });
      plans[design.name] = { status, reason };
    }
  }
  // What is wrong with every design is wrong with the sweep.
  if (faults[0] !== undefined && faults.length === designs.length) throw faults[0];
  const scoredOn: Sweep['scoredOn'] = options.validate === undefined ? 'test' : 'validation';
  return { cells, refusals, plans, scoredOn };
}

/** What is wrong with one design and leaves the others alone. */
class DesignFault extends Error {
  readonly fault: PlasticoreError;

  constructor(fault: PlasticoreError) {
    super(fault.message);
    this.fault = fault;
  }
}

function ofDesign<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof PlasticoreError ? new DesignFault(error) : error;
  }
}

async function examineDesign(
  design: Design,
  path: string | undefined,
  load: DataLoader,
  { record, out }: SweepOptions,
): Promise<DesignPlan> {
  const cell: Cell = ofDesign(() => design.compile(design.seeds[0] ?? 0));
  const { image, encoder, epochs, limit, validation, settings } = cell;
  if (record !== undefined) planRecording(record, image);
  const data = await load(cell, path);
  ofDesign(() => checkData(cell, data));
  return {
    program: image.program,
    hwModel: image.machine.hwModel,
    encoder,
    epochs,
    limit: limit ?? null,
    validation: validation ?? null,
    settings,
    sources: Object.fromEntries(image.provenance.sources.map(({ file, sha256 }) => [file, sha256])),
    dataSha256: out === undefined ? '' : dataHash(data),
  };
}

function planOf(
  { spec }: Experiment,
  { axes, designs }: Designs,
  { record, validate }: SweepOptions,
  plans: SweepPlan['designs'],
): SweepPlan {
  return {
    schema: 'plasticore/sweep-plan/1',
    plasticore: compilerVersion,
    experiment: spec.name,
    scoredOn: validate === undefined ? 'test' : 'validation',
    record: record ?? null,
    precisions: [...new Set(designs.map(({ precision }) => precision))],
    seeds: designs[0]?.seeds ?? [],
    axes: Object.fromEntries(axes.map(({ path, values }) => [path, values])),
    designs: plans,
  };
}

/** What a cell came to that was finished before. */
function finishedOutcome(folder: string, { name }: PlannedCell): CellOutcome | undefined {
  let report: Report | undefined;
  try {
    report = readFinished(folder);
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.code !== 'run') throw error;
    const { code, message, file = name, line, column, hint } = error;
    return { failure: new PlasticoreError(code, message, { file, line, column, hint }) };
  }
  return report === undefined ? undefined : { report };
}

function resultsOf(
  design: Design,
  cells: readonly PlannedCell[],
  refusals: readonly Refusal[],
  outcomes: ReadonlyMap<PlannedCell, CellOutcome>,
): SweepResult[] {
  const { precision, values } = design;
  const refusal = refusals.find((one) => one.design === design);
  if (refusal !== undefined) {
    const { status, reason } = refusal;
    return [{ cell: null, precision, values, seed: null, outcome: { status, reason } }];
  }
  return cells
    .filter((cell) => cell.design === design)
    .map((cell): SweepResult => {
      const outcome = outcomes.get(cell);
      if (outcome === undefined) throw new Error(`no outcome of ${cell.name}`);
      return {
        cell: cell.name,
        precision,
        values,
        seed: cell.seed,
        outcome: 'report' in outcome ? outcome : { status: 'failed', reason: outcome.failure.message },
      };
    });
}
