import { compilerVersion } from '../../compiler/index.ts';
import { type Cell, digest } from '../../experiment/index.ts';
import { functionOf, type HwModel } from '../../hardware/index.ts';
import type { Program } from '../../program/index.ts';
import { sharedModel } from '../../report/index.ts';
import type { PlasticoreError } from '../../text/index.ts';
import type { SharedRun } from '../pricing/index.ts';
import type { SpaceDesign } from '../space/index.ts';
import type { DesignLoader, LoadedDesign, Trial } from './design-loader.ts';

/** A trial for all designs with the same behaviour: one program on cores of the same function. */
export interface SharedTrial extends Trial {
  /** Identifies the trial. */
  readonly key: string;
  /** The name of its runs in the store; undefined until it is to run. */
  name: string | undefined;
  /** By seed. */
  readonly runs: Map<number, SharedRun>;
  /** The reason if it does not compile, or fails. */
  failure: PlasticoreError | undefined;
}

/** Bits of a bank that holds any program: capacity is checked when a design is priced. */
const roomyBits = 2 ** 40;

/** Groups designs with the same behaviour, so that one run gives the counts of all of them. */
export class SharedTrials {
  readonly #loader: DesignLoader;
  readonly #trials = new Map<string, SharedTrial>();
  readonly #programKeys = new WeakMap<Program, string>();

  constructor(loader: DesignLoader) {
    this.#loader = loader;
  }

  /** Runs that are done: one for each trial and each seed. */
  get runs(): number {
    return [...this.#trials.values()].reduce((sum, { runs }) => sum + runs.size, 0);
  }

  /**
   * The trial of a design, and its chip.
   *
   * @throws PlasticoreError for what cannot be loaded
   */
  of(design: SpaceDesign): { readonly hw: HwModel; readonly trial: SharedTrial } {
    const loaded = this.#loader.load(design);
    const { experiment, program, hw } = loaded;
    const function_ = this.#functionOf(design, loaded);
    const key = digest(function_);
    const known = this.#trials.get(key);
    if (known !== undefined) return { hw, trial: known };
    const trial: SharedTrial = {
      key,
      experiment,
      name: undefined,
      compile: (seed) =>
        sharing(this.#loader.compile(design, seed, { program, hw: roomy(hw) }), [compilerVersion, function_]),
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
