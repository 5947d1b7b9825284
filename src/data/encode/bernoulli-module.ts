import { goldenRatio, mixMultipliers } from '../../random/index.ts';
import {
  type FunctionBuilder,
  forEachBit,
  i8x16,
  i32,
  i32x4,
  increase,
  type Local,
  ModuleBuilder,
  type Value,
  v128,
  vectorBytes,
  whileBelow,
} from '../../wasm/index.ts';

/** Byte addresses of the module's arrays in linear memory. */
export interface BernoulliMemory {
  /** In: a feature for each input, one byte each, padded with zeros to a whole vector. */
  readonly values: number;
  /** Out: `steps + 1` positions in `indices`, 32 bits each. */
  readonly offsets: number;
  /** Out: the inputs that spike, 32 bits each. */
  readonly indices: number;
  /** Inputs with a feature above 0: their indices, features and parts of the hash, 32 bits each. */
  readonly active: { readonly indices: number; readonly values: number; readonly words: number };
  readonly bytes: number;
}

/** The feature that would spike in every step: the share of it is the probability of a spike. */
export type FeatureShare = 255 | 256;

/** The memory for at most this many inputs and steps. */
export function bernoulliMemory(inputs: number, steps: number): BernoulliMemory {
  let bytes = compactingShuffles.length;
  const take = (size: number): number => {
    const at = bytes;
    // Vectors are read and written whole, so every array has room for one more vector at its end.
    bytes += Math.ceil(size / vectorBytes) * vectorBytes + vectorBytes;
    return at;
  };
  return {
    values: take(inputs),
    offsets: take(4 * (steps + 1)),
    indices: take(4 * inputs * steps),
    active: { indices: take(4 * inputs), values: take(4 * inputs), words: take(4 * inputs) },
    bytes,
  };
}

/**
 * For each of the 16 masks of four lanes, the bytes of the lanes in the mask, in order. `i8x16.swizzle` by a row moves
 * these lanes to the front. The table is at the start of the memory.
 */
export const compactingShuffles = Uint8Array.from({ length: 16 * vectorBytes }, (_, at) => {
  const mask = Math.floor(at / vectorBytes);
  const lanes = [0, 1, 2, 3].filter((lane) => ((mask >>> lane) & 1) === 1);
  const lane = lanes[Math.floor((at % vectorBytes) / 4)];
  return lane === undefined ? 0 : 4 * lane + (at % 4);
});

/**
 * The Bernoulli encoder in WebAssembly, four inputs at a time. Its export `encode(inputs, prefix, steps)` takes the
 * hash of everything before the step, and leaves the spike train in {@link BernoulliMemory}.
 */
export function bernoulliModule(memory: BernoulliMemory, of: FeatureShare): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory('host', 'memory', 1);
  const encode = module.function(
    'encode',
    { params: ['i32', 'i32', 'i32'], results: [] },
    (f, inputs, prefix, steps) => {
      const end = writeListing(f, memory, inputs, of);
      const [step, spikes] = [f.local('i32'), f.local('i32')];
      f.do(i32.store(0, 0, memory.offsets));
      whileBelow(f, step, steps, 1, () => {
        writeStep(f, memory, end, f.keep(stepWord(f, prefix, step)), spikes, bitsOf(of));
        f.do(i32.store(step.shiftLeft(2), spikes.shiftRight(2), memory.offsets + 4));
      });
    },
  );
  module.export('encode', encode);
  return module.toBytes();
}

/** Lists the inputs whose features are above 0. The variable holds the size of the list in bytes. */
function writeListing(
  f: FunctionBuilder,
  { values, active }: BernoulliMemory,
  inputs: Local<'i32'>,
  of: FeatureShare,
): Local<'i32'> {
  const [block, end, isActive] = [f.local('i32'), f.local('i32'), f.local('i32')];
  whileBelow(f, block, inputs, vectorBytes, () => {
    const features = v128.load(block, values);
    f.set(isActive, i8x16.bitmask(i8x16.ne(features, v128.const(new Uint8Array(vectorBytes)))));
    forEachBit(f, isActive, () => {
      const input = f.keep(block.plus(i32.ctz(isActive)));
      f.do(
        i32.store(end, input, active.indices),
        i32.store(end, boundOf(i32.load8_u(input, values), of), active.values),
        i32.store(end, input.plus(1).times(goldenRatio | 0), active.words),
      );
      increase(f, end, 4);
    });
  });
  // Beyond the last input, the lanes of a vector have feature 0, and no hash is below 0.
  f.do(v128.store(end, v128.const(new Uint8Array(vectorBytes)), active.values));
  return end;
}

/** The bits of a hash that are compared with the bound of a feature. */
function bitsOf(of: FeatureShare): number {
  return of === 256 ? 8 : 24;
}

/**
 * The number below which these bits are if the input spikes: feature / 256 of 2^8, or feature / 255 of 2^24, which is
 * rounded up.
 */
function boundOf(feature: Value<'i32'>, of: FeatureShare): Value<'i32'> {
  return of === 256
    ? feature
    : feature
        .shiftLeft(bitsOf(of))
        .plus(of - 1)
        .dividedBy(of);
}

/** `combine(prefix, step)` of the hash, in every lane. */
function stepWord(f: FunctionBuilder, prefix: Local<'i32'>, step: Local<'i32'>): Value<'v128'> {
  return mixed(f, i32x4.splat(i32.xor(prefix, step.plus(1).times(goldenRatio | 0))));
}

/** Appends the inputs that spike in one step: the top bits of their hash are below the bound of their feature. */
function writeStep(
  f: FunctionBuilder,
  { indices, active }: BernoulliMemory,
  end: Local<'i32'>,
  prefix: Local<'v128'>,
  spikes: Local<'i32'>,
  bits: number,
): void {
  const at = f.local('i32');
  const mask = f.local('i32');
  f.set(at, 0);
  whileBelow(f, at, end, vectorBytes, () => {
    const word = mixed(f, v128.xor(prefix, v128.load(at, active.words)));
    f.set(mask, i32x4.bitmask(i32x4.lt_s(i32x4.shr_u(word, 32 - bits), v128.load(at, active.values))));
    // The lanes that spike move to the front. Those behind them are overwritten later, or lie past the end.
    const spiking = i8x16.swizzle(v128.load(at, active.indices), v128.load(mask.times(vectorBytes)));
    f.do(v128.store(spikes, spiking, indices));
    increase(f, spikes, i32.popcnt(mask).shiftLeft(2));
  });
}

/** `mix` of `random/mix.ts` in each lane. */
function mixed(f: FunctionBuilder, word: Value<'v128'>): Value<'v128'> {
  const a = f.keep(word);
  const b = f.keep(i32x4.mul(v128.xor(a, i32x4.shr_u(a, 16)), splat(mixMultipliers[0])));
  const c = f.keep(i32x4.mul(v128.xor(b, i32x4.shr_u(b, 13)), splat(mixMultipliers[1])));
  return v128.xor(c, i32x4.shr_u(c, 16));
}

function splat(word: number): Value<'v128'> {
  return i32x4.splat(word | 0);
}
