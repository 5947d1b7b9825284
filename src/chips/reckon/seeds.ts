import { type Core, stateFrom, tableOf } from '../api.ts';

/** The seed registers. Those of 30 bits hold the even neurons' generator in bits 14 to 0, the odd ones' in 29 to 15. */
export interface ReckonSeeds {
  /** 25 bits each. */
  readonly inputWeights: number;
  readonly recurrentWeights: number;
  /** 22 bits. */
  readonly outputWeights: number;
  /** 30 bits each. */
  readonly potentials: number;
  readonly inputTraces: number;
  readonly recurrentTraces: number;
  readonly outputTraces: number;
  /** 15 bits. */
  readonly outputs: number;
}

/** `bits[i]` is the bit of a seed that is y[first + i] of a generator's sequence; negative: before the first word. */
interface SeedOrder {
  readonly first: number;
  readonly bits: readonly number[];
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** y[-22] to y[-1] are bits 3 to 24, y[0] to y[2] bits 0 to 2. */
const ofWeights: SeedOrder = { first: -22, bits: [...range(3, 25), 0, 1, 2] };
/** y[0] is bit 0; the others precede it. */
const ofOutputWeights: SeedOrder = { first: -21, bits: [...range(1, 22), 0] };
const ofWideRounding: SeedOrder = { first: -14, bits: [...range(1, 15), 0] };
/** y[-14] to y[-8] are the odd bits, y[-7] to y[-1] the even ones from 2 on. */
const ofNarrowRounding: SeedOrder = { first: -14, bits: [1, 3, 5, 7, 9, 11, 13, 2, 4, 6, 8, 10, 12, 14, 0] };

/** Puts the declared generators into the states that the seeds stand for. */
export function loadReckonSeeds(core: Core, seeds: ReckonSeeds): void {
  const even = (seed: number): number => seed & 0x7fff;
  const odd = (seed: number): number => (seed >>> 15) & 0x7fff;
  const wanted: Readonly<Record<string, readonly [seed: number, order: SeedOrder]>> = tableOf({
    inputWeights: [seeds.inputWeights, ofWeights],
    recurrentWeights: [seeds.recurrentWeights, ofWeights],
    outputWeights: [seeds.outputWeights, ofOutputWeights],
    evenPotential: [even(seeds.potentials), ofWideRounding],
    oddPotential: [odd(seeds.potentials), ofWideRounding],
    evenInputTrace: [even(seeds.inputTraces), ofWideRounding],
    oddInputTrace: [odd(seeds.inputTraces), ofWideRounding],
    evenRecurrentTrace: [even(seeds.recurrentTraces), ofWideRounding],
    oddRecurrentTrace: [odd(seeds.recurrentTraces), ofWideRounding],
    evenOutputTrace: [even(seeds.outputTraces), ofNarrowRounding],
    oddOutputTrace: [odd(seeds.outputTraces), ofNarrowRounding],
    output: [seeds.outputs, ofNarrowRounding],
  });
  const state = core.save();
  const { lanes } = core.image.core;
  for (const [index, generator] of core.image.generators.entries()) {
    const found = wanted[generator.name];
    if (found === undefined) continue;
    const [seed, { first, bits }] = found;
    const values = bits.map((bit) => (seed >>> bit) & 1);
    state.generators[lanes + index] = stateFrom(generator, first, values);
  }
  core.restore(state);
}
