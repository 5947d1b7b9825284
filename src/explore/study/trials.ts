import { type CostBasis, compilerVersion } from '../../compiler/index.ts';
import { type Cell, digest, type Experiment } from '../../experiment/index.ts';
import { functionOf, type HwModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import type { Program } from '../../program/index.ts';
import { type RunFigures, sharedModel } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { SpaceDesign } from '../space/index.ts';
import type { DesignLoader, LoadedDesign } from './design-loader.ts';

/** A run to make once with each seed, for one design of a sweep or for all designs of a search that do the same. */
export interface Trial {
  /** Identifies the trial; if it is of one design, by that one's name. */
  readonly key: string;
  readonly isShared: boolean;
  /** The experiment with all values that were chosen for its keys. */
  readonly experiment: Experiment;
  /**
   * Compiles its cell with a seed.
   *
   * @throws PlasticoreError `fit` if the program does not fit the core, or at the first other fault
   */
  compile(seed: number): Cell;
  /** What its runs are called; undefined until it is to run. */
  called: TrialNames | undefined;
  /** By seed: what a run says of a design on a chip, or why it failed. */
  readonly runs: Map<number, ((hw: () => HwModel) => RunFigures) | PlasticoreError>;
  /** The reason if it does not compile. */
  failure: PlasticoreError | undefined;
}

export interface TrialNames {
  /** Names its runs in the store. */
  readonly name: string;
  /** Used as the place of errors that have none. */
  readonly labelOf: (seed: number) => string;
  /** The image of a run that designs share, without the contents of its banks; its prices mean nothing. */
  readonly unpriced:
    | { readonly image: Image; readonly basis: CostBasis; readonly controlBits: number | undefined }
    | undefined;
}

/** Bits of a bank that holds any program: capacity is checked when a design is priced. */
const roomyBits = 2 ** 40;

/** The trials of designs. */
export class Trials {
  readonly #loader: DesignLoader;
  readonly #sharesRuns: boolean;
  readonly #trials = new Map<string, Trial>();
  readonly #programKeys = new WeakMap<Program, string>();

  /**
   * @param options `sharesRuns`: designs with the same behaviour share runs, so that the counts of one give the figures
   * of all of them; else each has runs, and reports, of its own
   */
  constructor(loader: DesignLoader, { sharesRuns }: { readonly sharesRuns: boolean }) {
    this.#loader = loader;
    this.#sharesRuns = sharesRuns;
  }

  /** Runs that are done: one for each trial and each seed. */
  get runs(): number {
    return [...this.#trials.values()].reduce(
      (sum, { runs }) => sum + [...runs.values()].filter((run) => !(run instanceof PlasticoreError)).length,
      0,
    );
  }

  /**
   * The trial of a design, and its chip.
   *
   * @throws PlasticoreError for what cannot be loaded
   */
  of(design: SpaceDesign): { readonly hw: HwModel; readonly trial: Trial } {
    const loaded = this.#loader.load(design);
    const { hw } = loaded;
    const does = this.#sharesRuns ? this.#functionOf(design, loaded) : undefined;
    const key = does === undefined ? design.name : digest(does);
    const known = this.#trials.get(key);
    if (known !== undefined) return { hw, trial: known };
    const { experiment, program } = loaded;
    const trial: Trial = {
      key,
      isShared: does !== undefined,
      experiment,
      compile: (seed) =>
        does === undefined
          ? this.#loader.compile(design, seed, { program, hw })
          : sharing(this.#loader.compile(design, seed, { program, hw: roomy(hw) }), [compilerVersion, does]),
      called: undefined,
      runs: new Map(),
      failure: undefined,
    };
    this.#trials.set(key, trial);
    return { hw, trial };
  }

  /** Everything that decides the behaviour of a design, apart from its data and its seed. */
  #functionOf(
    { precision, settings }: SpaceDesign,
    { choice: { inference, placement }, program, hw }: LoadedDesign,
  ): string {
    const overrides = settings.experiment.filter(({ path }) => !['hw', 'program'].includes(String(path[0])));
    return JSON.stringify([
      overrides.map(({ path, value }) => [path.join('.'), value]),
      this.#keyOf(program),
      precision,
      functionOf(hw),
      inference === true,
      placement?.slices ?? null,
    ]);
  }

  /** The whole content of a program. */
  #keyOf(program: Program): string {
    const known = this.#programKeys.get(program);
    if (known !== undefined) return known;
    const { spec, sources, arrays } = program;
    const texts = sources.map(({ text }) => text);
    const items = [...arrays].map(([field, { origin, scale }]) => [field, origin.sha256, scale ?? null]);
    const key = digest([spec, texts, items]);
    this.#programKeys.set(program, key);
    return key;
  }
}

/** A core with banks of unlimited size. On a chip of many cores, capacity decides how they share the work; it stays. */
function roomy(hw: HwModel): HwModel {
  if (hw.chip !== undefined) return hw;
  return { ...hw, banks: hw.banks.map((bank) => ({ ...bank, capacityBits: roomyBits })) };
}

/**
 * A cell that designs share. Its image has the prices of one of them, so its function stands for the image.
 */
function sharing(cell: Cell, does: readonly string[]): Cell {
  const { image } = cell;
  return {
    ...cell,
    image: { ...image, core: { ...image.core, hwModel: sharedModel } },
    settings: [],
    function: digest(does),
  };
}
