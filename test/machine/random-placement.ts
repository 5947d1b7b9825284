import { compile, compileCore } from '../../src/compiler/index.ts';
import {
  type Core,
  createCore,
  engineNames,
  type Processor,
  replayOf,
  type SampleStart,
} from '../../src/engine/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import {
  type CoreImage,
  factsOf,
  fitToField,
  type Image,
  isSpread,
  type PlacedCore,
  type Placement,
  type Slice,
} from '../../src/image/index.ts';
import { assemble } from '../../src/isa/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { createJointly } from '../../src/machine/joint-cores.ts';
import type { Program } from '../../src/program/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { type KernelText, textOf } from '../engine/random/kernel.ts';
import { precisionOn } from '../engine/random/machine.ts';
import {
  type RandomProgram,
  randomProgram,
  type Sample,
  stagesOf,
  trainOf,
} from '../engine/random/program.ts';
import { listedTargets } from '../engine/random/sparse.ts';
import { isAsCompiled, randomState } from '../engine/random/state.ts';
import { firstDifference as jsonDifference } from '../support/difference.ts';
import { targetsOf, withJoint } from './random-joint.ts';
import { roundMesh } from './round-mesh.ts';

/** What became of a random program under a random placement. */
export type PlacementOutcome =
  /** The placement does not matter, nor does the engine. */
  | {
      readonly is: 'equal';
      /** Whether a population is in several slices. */
      readonly cut: boolean;
      /** Whether a core runs a kernel over the weights of a projection of which it has no synapse. */
      readonly empty: boolean;
      /** Whether a joint core carries out jobs of several, where targets are listed or not; undefined if none does. */
      readonly joint: 'dense' | 'listed' | undefined;
    }
  /** Its sums of floats depend on their order, a controller runs it, or it does not compile without its draws. */
  | { readonly is: 'skipped' }
  /** It cannot be spread in this way: the message says why. */
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'different'; readonly where: string; readonly placement: Placement };

/** Changes the chip of several cores. @param compiled compiles the program for one under its placement, or throws */
export type Change = (hw: HwModel, compiled: (hw: HwModel) => Image) => HwModel;

/**
 * The random program of a seed on one core, and on several under a random placement; or why there is none.
 *
 * @param change of the several cores alone
 */
export function placedProgramOf(
  seed: number,
  change: Change = (hw) => hw,
): Placed | Exclude<PlacementOutcome, { is: 'equal' | 'different' }> {
  const drawn = randomProgram(seed);
  const dice = new Dice(seed ^ 0x5bd1e995);
  // Dice of their own: what else a seed stands for stays as it was.
  const shared = new Dice(seed ^ 0x71374491);
  const isJoint = drawn.hw.controller === undefined && shared.chance(0.15);
  const random = (isJoint ? withJoint(shared, drawn) : undefined) ?? drawn;
  if (random.hw.controller !== undefined) return { is: 'skipped' };
  // A full FIFO loses spikes or serves them while kernels run: this one never fills.
  const hw: HwModel = { ...random.hw, router: { ...random.hw.router, fifoDepth: 65_536, whenFull: 'drop' } };
  const program = programOf(random);
  const options = { precision: precisionOn(hw), seed, stages: stagesOf(program, seed) };
  let image: CoreImage;
  try {
    image = compileCore(program, hw, options);
  } catch (error) {
    // A sum of what rounds towards zero may leave the datapath where one of what rounds stochastically does not.
    if (error instanceof PlasticoreError) return { is: 'skipped' };
    throw error;
  }
  const facts = image.kernels.map(factsOf);
  const sumsFloats = hw.arithmetic === 'float32' && facts.some(({ reduces }) => reduces);
  if (sumsFloats) return { is: 'skipped' };
  const cores = dice.pick([1, 2, 2, 3, 4, 16]);
  const placement = apart(shared, randomPlacement(dice, image, cores), random, image.core.lanes);
  const compiled = (on: HwModel): Image => compile(program, on, options, { slices: placement });
  try {
    const system = compiled(change(roomy(hw, dice.chance(0.4)), compiled));
    return { is: 'placed', random, image, placement, system };
  } catch (error) {
    if (error instanceof PlasticoreError) return { is: 'refused', message: error.message };
    throw error;
  }
}

interface Placed {
  readonly is: 'placed';
  readonly random: RandomProgram;
  readonly image: CoreImage;
  readonly placement: Placement;
  readonly system: Image;
}

/** Runs the random program of a seed on one core, and on several under a random placement, on both engines. */
export function checkPlacementOf(seed: number): PlacementOutcome {
  const placed = placedProgramOf(seed);
  if (placed.is !== 'placed') return placed;
  const { random, image, placement, system } = placed;
  const several = engineNames.map((engine) => createMachine(system, { engine }));
  const one = createCore(image);
  for (const each of several) fill(one, each, seed);
  const where = firstDifference(one, several, random);
  const cut = Object.values(placement).some(({ length }) => length > 1);
  return where === undefined
    ? { is: 'equal', cut, empty: system.cores.some(hasNoWeights), joint: jointIn(system, random) }
    : { is: 'different', where, placement };
}

function hasNoWeights({ image: { kernels, projections } }: PlacedCore): boolean {
  return kernels.some(
    ({ domain, projection }) => domain === 'weights' && projections[projection ?? -1]?.weightRowLength === 0,
  );
}

/** Whether joint cores serve a system, and whether they do for listed targets. */
function jointIn(system: Image, { spec }: RandomProgram): 'dense' | 'listed' | undefined {
  if (targetsOf(spec).size === 0 || !isSpread(system) || createJointly(system) === undefined)
    return undefined;
  const isListed = Object.values(spec.projections).some(({ connect }) => connect !== 'dense');
  return isListed ? 'listed' : 'dense';
}

function programOf({ spec, kernels }: RandomProgram): Program {
  const assembled = assemble(kernels.map(thatMayBeSpread).map(textOf).join('\n'), 'rule.uc');
  return {
    spec,
    kernels: new Map(assembled.map((kernel) => [kernel.name, kernel])),
    sources: [],
    arrays: listedTargets(spec),
    locate: () => ({ file: 'random program' }),
  };
}

/**
 * The same kernel with a constant in place of each random number, rounding towards zero in place of stochastic, and
 * sums in place of the largest of a row, which has to be on one core.
 */
function thatMayBeSpread(kernel: KernelText): KernelText {
  const lines = kernel.lines.map((line) =>
    line
      .replace(/^(\w+)\.sr /, '$1.rz ')
      .replace(/^(?:rnd|draw|draw\.if) (r\d+),.*$/, 'ldi $1, 1')
      .replace(/^reduce\.max /, 'reduce '),
  );
  return { ...kernel, lines };
}

const { chip } = roundMesh();

/**
 * A core of the same kind with room for copies and partial sums, which need words of 32 bits; sixteen of them on a
 * mesh, which takes time, if `isOnMesh`.
 */
export function roomy(hw: HwModel, isOnMesh: boolean): HwModel {
  const banks = hw.banks.map((bank) => ({ ...bank, capacityBits: 2 ** 31 }));
  if (!isOnMesh || chip === undefined) return { ...hw, banks };
  return { ...hw, banks, chip: { ...chip, mesh: { ...chip.mesh, coresPerTile: 4 }, delivery: 'phases' } };
}

/** Populations are cut anywhere or between tiles, and their slices are on any core, several on one as well. */
function randomPlacement(dice: Dice, { populations, core: { lanes } }: CoreImage, cores: number): Placement {
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

/** Lays the slices of populations that joint cores may serve on cores of their own, two at least. */
function apart(dice: Dice, placement: Placement, { spec }: RandomProgram, lanes: number): Placement {
  const targets = [...targetsOf(spec)].flatMap((target) => {
    const slices = placement[target] ?? [];
    const { size = 0 } = spec.populations[target] ?? {};
    if (size < 2) return [];
    const middle = size > lanes ? lanes : 1;
    const two = [
      { first: 0, size: middle },
      { first: middle, size: size - middle },
    ];
    const first = dice.whole(0, 2);
    const several = slices.length > 1 ? slices : two;
    return [[target, several.map((slice, at) => ({ ...slice, core: first + at }))] as const];
  });
  return { ...placement, ...Object.fromEntries(targets) };
}

/** Both start from the same random memory. */
export function fill(one: Core, several: Processor, seed: number): void {
  one.restore(randomState(one.image, seed));
  for (const [index, field] of one.image.fields.entries()) {
    if (field.view !== undefined || isAsCompiled(field)) continue;
    const values = one.read(index).map(fitToField(field));
    for (const core of [one, several]) core.write(index, values);
  }
}

function firstDifference(
  one: Core,
  several: readonly Machine[],
  { samples }: RandomProgram,
): string | undefined {
  const [first, ...others] = several;
  if (first === undefined) return undefined;
  for (const [index, { presentation, epoch }] of presentations(one, samples)) {
    const { steps } = presentation;
    for (let step = -1; step < steps; step++) {
      const [want, ...have] = [one, ...several].map((core) =>
        faultOf(() => {
          if (step >= 0) return core.step();
          core.setEpoch(epoch);
          return core.begin(presentation);
        }),
      );
      const at = `sample ${index}, step ${step}: `;
      if (want !== undefined && have.every((fault) => fault !== undefined)) return undefined;
      for (const fault of have)
        if (want !== undefined || fault !== undefined)
          return `${at}${want ?? 'no error'} on one core, ${fault ?? 'no error'} on several`;
      const difference =
        placementDifference(one, first) ??
        others.map((other) => engineDifference(first, other)).find((found) => found !== undefined);
      if (difference !== undefined) return `${at}${difference}`;
    }
  }
  return undefined;
}

/** The samples, each again if a core that has learned it asks for that. */
export function* presentations(one: Processor, samples: readonly Sample[]) {
  for (const [index, sample] of samples.entries()) {
    const { label, learn, epoch } = sample;
    const spikes = trainOf(sample, one.image);
    let presentation: SampleStart | undefined = { label, learn, steps: spikes.steps, spikes };
    while (presentation !== undefined) {
      yield [index, { presentation, epoch }] as const;
      presentation = replayOf(one, presentation);
    }
  }
}

/** Where what a program computes depends on where its neurons are. */
function placementDifference(one: Core, several: Machine): string | undefined {
  const { populations, fields } = one.image;
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
}

/** Where two engines differ: in what several cores hold, have counted, or have been busy. */
export function engineDifference(one: Machine, other: Machine): string | undefined {
  const [want, have] = [one, other].map((system) => ({
    counters: system.counters(),
    busyCycles: system.busyCycles(),
    cores: system.cores.map((core) => ({
      state: core.save(),
      counters: core.counters(),
      busyCycles: core.busyCycles(),
    })),
  }));
  const difference = jsonDifference(want, have);
  return difference && `${other.engine} engine, ${difference} (expected by the ${one.engine} engine)`;
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
