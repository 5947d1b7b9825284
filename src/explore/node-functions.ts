import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { compilerVersion, costBasis } from '../compiler/index.ts';
import {
  type Cell,
  type CellChoice,
  checkData,
  dataHash,
  describeInput,
  type Experiment,
  joinSettings,
  loadCell,
  loadExperiment,
  Models,
  resolveCell,
  type Settings,
} from '../experiment/index.ts';
import {
  type DataLoader,
  dataOf,
  keepingLoader,
  readCounts,
  readReport,
  removeResults,
  runFiles,
} from '../experiment/node.ts';
import { functionOf, type HwModel } from '../hardware/index.ts';
import { sha256 } from '../native/index.ts';
import type { Program } from '../program/index.ts';
import { isAboutPrice, type Report, scoredPhase } from '../report/index.ts';
import { type Find, PlasticoreError } from '../text/index.ts';
import { type CellsOptions, runCells } from './node-workers.ts';
import type { SpaceDesign } from './space/index.ts';
import { type SharedRun, sharedRun } from './study/index.ts';

/** A design that has been loaded: its chip, and the function that it shares with others. */
export interface LoadedDesign {
  readonly hw: HwModel;
  readonly shared: SharedFunction;
}

/** What some designs do alike. Its runs are theirs. */
export interface SharedFunction {
  /** Tells it from other functions. */
  readonly key: string;
  /** Names its runs in the store, where each seed has a folder `NAME_seed=SEED`; undefined until it is to run. */
  name: string | undefined;
  /**
   * Compiles it with a seed; banks are as large as it takes.
   *
   * @throws PlasticoreError if it does not compile
   */
  compile(seed: number): Cell;
  /** Path of its data; undefined for those of the task, or the embedded digits. */
  readonly data: string | undefined;
  /** By seed. */
  readonly runs: Map<number, SharedRun>;
  /** Why it does not compile, or does not run to its end. */
  failure: PlasticoreError | undefined;
}

/** Everything that applies to all designs. */
export interface Study {
  readonly experiment: Experiment;
  /** Options that apply to all designs. */
  readonly choice: Omit<CellChoice, 'precision' | 'seed'>;
  readonly settings: Settings;
  readonly seeds: readonly number[];
  readonly data: string | undefined;
  /** Folder of the store's runs. */
  readonly folder: string;
}

/** Bits of a bank that holds whatever a program stores: capacity is checked when a design is priced. */
const roomyBits = 2 ** 40;

/** The functions of designs, and a store of their runs. */
export class Functions {
  readonly #study: Study;
  readonly #find: Find;
  readonly #models: Models;
  readonly #load: DataLoader = keepingLoader();
  readonly #functions = new Map<string, SharedFunction>();
  readonly #experiments = new Map<string, Experiment>();
  readonly #programKeys = new WeakMap<Program, string>();
  /** By path. */
  readonly #dataSha256 = new Map<string, string>();

  constructor(study: Study, find: Find) {
    this.#study = study;
    this.#find = find;
    this.#models = new Models(find);
  }

  /** Runs that are done: for each function and each seed one. */
  get runs(): number {
    return [...this.#functions.values()].reduce((sum, { runs }) => sum + runs.size, 0);
  }

  /**
   * Loads a design's program and chip.
   *
   * @throws PlasticoreError for what cannot be loaded
   */
  load({ precision, settings }: SpaceDesign): LoadedDesign {
    const { choice, settings: all } = this.#study;
    const experiment = this.#experimentWith(settings);
    const own: CellChoice = {
      ...choice,
      precision,
      settings: { ...joinSettings(all, settings), experiment: [] },
    };
    const { program, hw } = loadCell(experiment, own, this.#find, this.#models);
    const overrides = settings.experiment.filter(({ path }) => !['hw', 'program'].includes(String(path[0])));
    const key = JSON.stringify([
      overrides.map(({ path, value }) => [path.join('.'), value]),
      this.#keyOf(program),
      precision,
      functionOf(hw),
    ]);
    const known = this.#functions.get(key);
    if (known !== undefined) return { hw, shared: known };
    const shared: SharedFunction = {
      key: digest(key),
      name: undefined,
      compile: (seed) => this.#compile(experiment, { ...own, seed }, program, hw, key),
      data: this.#study.data ?? dataOf(experiment),
      runs: new Map(),
      failure: undefined,
    };
    this.#functions.set(key, shared);
    return { hw, shared };
  }

  /** Everything that a program is made of. */
  #keyOf(program: Program): string {
    const { spec, sources, arrays } = program;
    const known = this.#programKeys.get(program);
    if (known !== undefined) return known;
    const texts = sources.map(({ text }) => text);
    const items = [...arrays].map(([field, { origin, scale }]) => [field, origin.sha256, scale ?? null]);
    const key = digest([spec, texts, items]);
    this.#programKeys.set(program, key);
    return key;
  }

  #experimentWith({ experiment: overrides }: Settings): Experiment {
    const { experiment } = this.#study;
    if (overrides.length === 0) return experiment;
    const key = JSON.stringify(overrides.map(({ path, value }) => [path, value]));
    const known =
      this.#experiments.get(key) ??
      loadExperiment(experiment.source, [...experiment.overrides, ...overrides]);
    this.#experiments.set(key, known);
    return known;
  }

  #compile(experiment: Experiment, choice: CellChoice, program: Program, hw: HwModel, key: string): Cell {
    // Where the cores of a chip share the work, their capacity decides how.
    const roomy =
      hw.chip === undefined
        ? { ...hw, banks: hw.banks.map((bank) => ({ ...bank, capacityBits: roomyBits })) }
        : hw;
    const cell = resolveCell(experiment, choice, this.#find, { program, hw: roomy });
    return {
      ...cell,
      image: { ...cell.image, core: { ...cell.image.core, hwModel: 'shared' } },
      settings: [],
      function: digest([compilerVersion, key]),
    };
  }

  /**
   * Sees to it that functions have run with all seeds: from the store, and where that lacks them, now.
   *
   * A function that fails gets its failure; others go on.
   *
   * @throws PlasticoreError for data that cannot be read or do not fit; the signal's reason
   */
  async run(functions: Iterable<SharedFunction>, options: CellsOptions): Promise<void> {
    const { seeds } = this.#study;
    const left: Left[] = [];
    let finished = 0;
    for (const shared of new Set(functions)) {
      for (const seed of seeds) {
        if (shared.failure !== undefined || shared.runs.has(seed)) continue;
        // Signals and timers get their turn.
        await setImmediate();
        options.signal?.throwIfAborted();
        const cell = attempt(shared, () => shared.compile(seed));
        if (cell === undefined) continue;
        const out = await this.#folderOf(shared, seed, cell).catch((error: unknown) => {
          if (!(error instanceof PlasticoreError)) throw error;
          shared.failure = error;
          return undefined;
        });
        if (out === undefined) continue;
        const priced = { image: { ...cell.image, contents: [] }, basis: costBasis(cell.image) };
        const run = { shared, seed, out, priced };
        if (takeFinished(run)) finished++;
        else left.push(run);
      }
    }
    await runCells(
      left.map(({ shared, seed, out }) => ({
        cell: () => shared.compile(seed),
        data: shared.data,
        out,
      })),
      {
        ...options,
        resume: true,
        finished,
        onEnd: (index, outcome) => {
          const run = left[index];
          if (run === undefined) return;
          if ('report' in outcome) take(run, outcome.report);
          else run.shared.failure = outcome.failure;
        },
      },
    );
  }

  /**
   * Checks the data of a function.
   *
   * @throws PlasticoreError for data that cannot be read, or do not fit the network
   */
  async check(shared: SharedFunction): Promise<void> {
    const [seed = 0] = this.#study.seeds;
    const cell = attempt(shared, () => shared.compile(seed));
    if (cell !== undefined) await this.#dataHash(shared, cell);
  }

  async #dataHash({ data: path }: SharedFunction, cell: Cell): Promise<string> {
    const { task, split, arrays, shift, limit, validation } = cell;
    const key = JSON.stringify([path, task, split, arrays, shift, limit, validation]);
    const known = this.#dataSha256.get(key);
    if (known !== undefined) return known;
    const data = await this.#load(cell, path);
    checkData(cell, data);
    const hash = dataHash(data);
    this.#dataSha256.set(key, hash);
    return hash;
  }

  /** The folder of a run: its name is all that decides its result. */
  async #folderOf(shared: SharedFunction, seed: number, cell: Cell): Promise<string> {
    const { epochs, validation, weights, inference } = { ...cell, weights: this.#study.choice.weights };
    const run = [
      compilerVersion,
      shared.key,
      cell.name,
      describeInput(cell),
      epochs,
      cell.limit ?? null,
      validation ?? null,
      cell.shift ?? null,
      weights ?? null,
      inference ?? false,
      this.#study.choice.placement?.slices ?? null,
      await this.#dataHash(shared, cell),
    ];
    const name = digest(run);
    shared.name = name;
    return join(this.#study.folder, `${name}_seed=${seed}`);
  }
}

/** A run that is still to do, or to be read from the store. */
interface Left {
  readonly shared: SharedFunction;
  readonly seed: number;
  readonly out: string;
  readonly priced: Pick<SharedRun, 'image' | 'basis'>;
}

/** Takes a run from the store, if it is finished there. One that is damaged runs again. */
function takeFinished(run: Left): boolean {
  try {
    const report = readReport(join(run.out, runFiles.report));
    if (report !== undefined) take(run, report);
    return report !== undefined;
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.code !== 'file') throw error;
    removeResults(run.out);
    return false;
  }
}

/** Gives a function a run that is in the store. */
function take({ shared, seed, out, priced }: Left, report: Report): void {
  const { phase } = scoredPhase(report);
  const { totalBits, inferenceBits } = report.memory;
  shared.runs.set(
    seed,
    sharedRun({
      ...priced,
      counts: readCounts(join(out, runFiles.counts), priced.image),
      scored: { samples: phase.samples, accuracy: phase.accuracy },
      memory: { totalBits, inferenceBits },
      remarks: report.remarks.filter((remark) => !isAboutPrice(remark)),
    }),
  );
}

/** A name for a value, the same for equal values. */
function digest(value: unknown): string {
  return sha256([new TextEncoder().encode(JSON.stringify(value))]).slice(0, 16);
}

/** The result of an action; undefined if it fails, which the function then remembers. */
function attempt<T>(shared: SharedFunction, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
    shared.failure = error;
    return undefined;
  }
}
