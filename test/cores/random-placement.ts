import {
  compile,
  compileSystem,
  type Placement,
  type Slice,
  type SystemImage,
} from '../../src/compiler/index.ts';
import { System } from '../../src/cores/index.ts';
import { type Core, createCore } from '../../src/engine/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { factsOf, fitToField, type Image } from '../../src/image/index.ts';
import { assemble } from '../../src/isa/index.ts';
import type { Program } from '../../src/program/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { type KernelText, textOf } from '../engine/random/kernel.ts';
import { precisionOn } from '../engine/random/machine.ts';
import { type RandomProgram, randomProgram, trainOf } from '../engine/random/program.ts';
import { listedTargets } from '../engine/random/sparse.ts';
import { isAsCompiled, randomState } from '../engine/random/state.ts';

/** What became of a random program under a random placement. */
export type PlacementOutcome =
  /** The placement does not matter. */
  | { readonly is: 'equal'; readonly cores: number; readonly cut: boolean }
  /** Its sums of floats depend on their order, a controller runs it, or it does not compile without its draws. */
  | { readonly is: 'skipped' }
  /** It cannot be spread in this way: the message says why. */
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'different'; readonly where: string; readonly placement: Placement };

/** The random program of a seed on one core, and on several under a random placement; or why there is none. */
export function placedProgramOf(
  seed: number,
): Placed | Exclude<PlacementOutcome, { is: 'equal' | 'different' }> {
  const random = randomProgram(seed, { onlyOneCore: false });
  const dice = new Dice(seed ^ 0x5bd1e995);
  if (random.hw.controller !== undefined) return { is: 'skipped' };
  // A full FIFO loses spikes or serves them while kernels run: this one never fills.
  const hw: HwModel = { ...random.hw, router: { ...random.hw.router, fifoDepth: 65_536, whenFull: 'drop' } };
  const program = programOf(random);
  const options = { precision: precisionOn(hw), seed };
  let image: Image;
  try {
    image = compile(program, hw, options);
  } catch (error) {
    // A sum of what rounds towards zero may leave the datapath where one of what rounds stochastically does not.
    if (error instanceof PlasticoreError) return { is: 'skipped' };
    throw error;
  }
  const facts = image.kernels.map(factsOf);
  const sumsFloats = hw.arithmetic === 'float32' && facts.some(({ reduces }) => reduces);
  if (sumsFloats) return { is: 'skipped' };
  const cores = dice.pick([1, 2, 2, 3, 4, 16]);
  const placement = randomPlacement(dice, image, cores);
  try {
    const system = compileSystem(program, roomy(hw), options, placement);
    const engine = dice.pick(['fast', 'fast', 'reference']);
    return { is: 'placed', random, image, cores, placement, system, engine };
  } catch (error) {
    if (error instanceof PlasticoreError) return { is: 'refused', message: error.message };
    throw error;
  }
}

interface Placed {
  readonly is: 'placed';
  readonly random: RandomProgram;
  readonly image: Image;
  readonly cores: number;
  readonly placement: Placement;
  readonly system: SystemImage;
  readonly engine: string;
}

/** Runs the random program of a seed on one core, and on several under a random placement. */
export function checkPlacementOf(seed: number): PlacementOutcome {
  const placed = placedProgramOf(seed);
  if (placed.is !== 'placed') return placed;
  const { random, image, cores, placement, system, engine } = placed;
  const several = new System(system, { engine });
  const one = createCore(image);
  fill(one, several, seed);
  const where = firstDifference(one, several, random);
  const cut = Object.values(placement).some(({ length }) => length > 1);
  return where === undefined ? { is: 'equal', cores, cut } : { is: 'different', where, placement };
}

function programOf({ spec, kernels }: RandomProgram): Program {
  const assembled = assemble(kernels.map(withoutDraws).map(textOf).join('\n'), 'rule.uc');
  return {
    spec,
    kernels: new Map(assembled.map((kernel) => [kernel.name, kernel])),
    sources: [],
    arrays: listedTargets(spec),
    locate: () => ({ file: 'random program' }),
  };
}

/** The same kernel with a constant in place of each random number, and rounding towards zero in place of stochastic. */
function withoutDraws(kernel: KernelText): KernelText {
  const lines = kernel.lines.map((line) =>
    line.replace(/^(\w+)\.sr /, '$1.rz ').replace(/^(?:rnd|draw|draw\.if) (r\d+),.*$/, 'ldi $1, 1'),
  );
  return { ...kernel, lines };
}

/** A core of the same kind with room for copies and partial sums, which need words of 32 bits. */
function roomy(hw: HwModel): HwModel {
  return { ...hw, banks: hw.banks.map((bank) => ({ ...bank, capacityBits: 2 ** 31 })) };
}

/** Populations are cut anywhere or between tiles, and their slices are on any core, several on one as well. */
function randomPlacement(dice: Dice, { populations, core: { lanes } }: Image, cores: number): Placement {
  const unit = dice.chance(0.6) ? lanes : 1;
  return Object.fromEntries(
    populations.map(({ name, size }) => {
      const last = Math.ceil(size / unit) - 1;
      const cuts = dice.chance(0.3) ? 0 : dice.whole(0, Math.min(4, last));
      const firsts = new Set([0, ...Array.from({ length: cuts }, () => unit * dice.whole(0, last))]);
      const starts = [...firsts].sort((a, b) => a - b);
      const slices = starts.map((first, at): Slice => {
        const end = starts[at + 1] ?? size;
        return { first, size: end - first, core: dice.whole(0, cores - 1) };
      });
      return [name, slices];
    }),
  );
}

/** Both start from the same random memory. */
export function fill(one: Core, several: Core, seed: number): void {
  one.restore(randomState(one.image, seed));
  for (const [index, field] of one.image.fields.entries()) {
    if (field.view !== undefined || isAsCompiled(field)) continue;
    const values = one.read(index).map(fitToField(field));
    for (const core of [one, several]) core.write(index, values);
  }
}

function firstDifference(one: Core, several: Core, { samples }: RandomProgram): string | undefined {
  const { populations, fields } = one.image;
  const compare = (): string | undefined => {
    for (const [population, { name }] of populations.entries()) {
      const [want, have] = [one, several].map((core) => core.spikesOf(population).join(' '));
      if (want !== have) return `spikes of ${name}: ${want} on one core, ${have} on several`;
    }
    for (const [index, { name }] of fields.entries()) {
      const [want, have] = [one.read(index), several.read(index)];
      const item = want.findIndex((value, at) => !Object.is(value + 0, (have[at] ?? 0) + 0));
      if (item >= 0) return `${name}[${item}] is ${want[item]} on one core, ${have[item]} on several`;
    }
    return undefined;
  };
  for (const [index, sample] of samples.entries()) {
    const { label, learn } = sample;
    const spikes = trainOf(sample, one.image);
    for (let step = -1; step < spikes.steps; step++) {
      const [want, have] = [one, several].map((core) =>
        faultOf(() => {
          if (step >= 0) return core.step();
          core.setEpoch(sample.epoch);
          return core.begin({ label, learn, steps: spikes.steps, spikes });
        }),
      );
      if (want !== undefined && have !== undefined) return undefined;
      if (want !== undefined || have !== undefined)
        return `sample ${index}, step ${step}: ${want ?? 'no error'} on one core, ${have ?? 'no error'} on several`;
      const difference = compare();
      if (difference !== undefined) return `sample ${index}, step ${step}: ${difference}`;
    }
  }
  return undefined;
}

/** The message with which something stops; undefined if it does not. */
export function faultOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof PlasticoreError) return error.message;
    throw error;
  }
}
