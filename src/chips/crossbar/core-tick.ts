import type { FunctionBuilder, Local, Value } from '../../wasm/index.ts';
import * as wasm from '../../wasm/index.ts';
import {
  axonBytes,
  type ChipMemory,
  coreBytes,
  groupsOfVector,
  half,
  planeBytes,
  planeOf,
  type RecordName,
  type RuleName,
  recordBytes,
} from './chip-memory.ts';
import { axonTypes, neurons } from './contents.ts';

const { forever, i8x16, i16x8, i32, i32x4, i64, max, min, v128, vectorBytes, whileBelow } = wasm;

/** What a function that runs a tick of a core can take: the widths of lanes. Without weights, no axon is active. */
export interface LaneWidths {
  readonly potentials: 16 | 32;
  readonly weights: 8 | 16 | undefined;
}

/** The parameters that the neurons of a chip share. */
export interface NeuronTraits {
  /** The width of a potential, which wraps. */
  readonly potentialBits: number;
  /** Whether any neuron is reset, rather than its threshold subtracted. */
  readonly clears: boolean;
}

/** The parameters of the function: a core, the part of the list of active axons that is its own, and where bits go. */
export type CoreParams = Readonly<Record<'core' | 'first' | 'last' | 'spikes', Local<'i32'>>>;

/** The largest bound of potentials that lanes of 16 bits hold, and that do not wrap. */
export function largestNarrow(potentialBits: number): number {
  return 2 ** (Math.min(potentialBits, 16) - 1) - 1;
}

/** Neurons of which each byte of a vector of a row has a bit: see `packCrossbar`. */
const groupSize = 16;
/** Vectors that are added up at once: with as many weights and masks, they fit into 16 registers. */
const sumsAtOnce = 4;

/**
 * Writes a function that runs a tick of a core: it adds the weights of the active axons to the potentials of the
 * neurons that are connected to them, updates all neurons as kernel `decide` of the program does, and sets the
 * bits of those that spike.
 */
export function writeCoreTick(
  f: FunctionBuilder,
  memory: ChipMemory,
  traits: NeuronTraits,
  widths: LaneWidths,
  params: CoreParams,
): void {
  new CoreTick(f, memory, traits, widths, params).write();
}

/** The code for one function. A `place` is the number of eight neurons of the core. */
class CoreTick {
  readonly #f: FunctionBuilder;
  readonly #memory: ChipMemory;
  readonly #potentialBits: number;
  readonly #clears: boolean;
  readonly #weights: LaneWidths['weights'];
  readonly #params: CoreParams;
  readonly #isWide: boolean;
  readonly #none: Local<'v128'>;
  readonly #sums: readonly Local<'v128'>[];
  /** The bits of 64 neurons that spike. */
  readonly #spiking: Local<'i64'>;
  readonly #record: Local<'i32'>;
  /** Where the core's potentials and rules are. */
  readonly #own: Local<'i32'>;
  readonly #rules: Local<'i32'>;
  /** What shows how far potentials are from zero, or whether they are at rest. */
  readonly #seen: Local<'v128'>;
  /** All bits are set if the upper bits of potentials are kept. */
  readonly #hasUpper: Local<'v128'>;

  constructor(
    f: FunctionBuilder,
    memory: ChipMemory,
    { potentialBits, clears }: NeuronTraits,
    { potentials, weights }: LaneWidths,
    params: CoreParams,
  ) {
    this.#f = f;
    this.#memory = memory;
    this.#potentialBits = potentialBits;
    this.#clears = clears;
    this.#weights = weights;
    this.#params = params;
    this.#isWide = potentials === 32;
    [this.#none, this.#seen, this.#hasUpper] = [f.local('v128'), f.local('v128'), f.local('v128')];
    this.#sums = Array.from({ length: sumsAtOnce }, () => f.local('v128'));
    this.#spiking = f.local('i64');
    this.#record = f.keep(params.core.times(coreBytes.records));
    this.#own = f.keep(params.core.times(planeBytes));
    this.#rules = f.keep(this.#field('rules'));
  }

  write(): void {
    const f = this.#f;
    if (this.#isWide) {
      const hasUpper = this.#field('bound').isAbove(largestNarrow(this.#potentialBits));
      f.set(this.#hasUpper, i16x8.splat(i32.sub(0, hasUpper)));
    }
    const atOnce = this.#weights === 16 ? sumsAtOnce / 2 : sumsAtOnce;
    for (let group = 0; group < neurons / groupSize; group += atOnce) this.#writeGroups(group, atOnce);
    if (this.#isWide) this.#setField('bound', max(boundOf(f, this.#seen), this.#field('least')));
    if (this.#weights === undefined) this.#setField('isAtRest', v128.any_true(this.#seen).isZero());
  }

  /** Adds weights and updates neurons, for some groups of those at hand. */
  #writeGroups(first: number, count: number): void {
    const f = this.#f;
    if (this.#weights !== undefined) {
      const [at, last, piece] = [f.keep(this.#params.first.plus(0)), this.#params.last, f.local('i32')];
      // More axons than the lanes of weights can add come in pieces.
      forever(f, (leaveIf) => {
        f.set(piece, at.plus(this.#field('most')));
        leaveIf(piece.isAtLeast(last));
        this.#addWeights(at, piece, first);
        for (let vector = 0; vector < 2 * count; vector++) {
          const sum = f.keep(this.#sumOf(vector));
          const place = 2 * first + vector;
          this.#setPotentials(
            place,
            this.#parts.map((part) => this.#lanes.add(this.#potential(place, part), this.#spread(sum, part))),
          );
        }
      });
      this.#addWeights(at, last, first);
    }
    const [spiking, groupsOfWord] = [this.#spiking, 64 / groupSize];
    for (let group = 0; group < count; group++) {
      const [low = this.#none, high = this.#none] = [0, 1].map((side) =>
        this.#update(2 * (first + group) + side, 2 * group + side),
      );
      const spikes = f.keep(i8x16.narrow_i16x8_s(low, high));
      const mask = i64.extend_i32_u(i8x16.bitmask(spikes));
      const part = (first + group) % groupsOfWord;
      f.set(spiking, part === 0 ? mask : i64.or(spiking, i64.shl(mask, BigInt(groupSize * part))));
      if (part < groupsOfWord - 1) continue;
      f.do(i64.store(this.#params.spikes, spiking, (groupSize * (first + group - part)) / 8));
    }
  }

  /** Adds up the weights of a part of the list of active axons. `at` becomes its end. */
  #addWeights(at: Local<'i32'>, end: Local<'i32'>, firstGroup: number): void {
    const f = this.#f;
    const isBytes = this.#weights === 8;
    const vectors = isBytes ? 1 : 2;
    for (const sum of this.#sums) f.set(sum, this.#none);
    whileBelow(f, at, end, axonBytes, () => {
      const ofVector = firstGroup % groupsOfVector;
      const side = (firstGroup - ofVector) / groupsOfVector;
      const bits = v128.load(i32.load(at, 0), this.#memory.crossbar + vectorBytes * side);
      const row = f.keep(ofVector === 0 ? bits : i16x8.shl(bits, ofVector));
      // The weights of all types are together for each half of the neurons.
      const weights = f.keep(i32.load(at, 4));
      const ofSide = this.#memory.weights + side * half * axonTypes * (isBytes ? 1 : 2);
      for (const [part, sum] of this.#sums.entries()) {
        // The sign of a byte is the bit of its neuron; adding a byte to itself brings up the next one.
        const isFirst = part % vectors === 0;
        if (part > 0 && isFirst) f.set(row, i8x16.add(row, row));
        const mask = i8x16.gt_s(this.#none, row);
        const weight = v128.load(weights, ofSide + vectorBytes * (vectors * ofVector + part));
        f.set(
          sum,
          isBytes
            ? i8x16.add(sum, v128.and(weight, mask))
            : i16x8.add(sum, v128.and(weight, extend16[isFirst ? 0 : 1](mask))),
        );
      }
    });
  }

  /** The sums of eight neurons, in lanes of 16 bits. */
  #sumOf(vector: number): Value<'v128'> {
    if (this.#weights === 16) return this.#sums[vector] ?? this.#none;
    return extend16[vector % 2 === 0 ? 0 : 1](this.#sums[vector >> 1] ?? this.#none);
  }

  /** Updates eight neurons. Returns the mask of those that spike. */
  #update(place: number, vector: number): Value<'v128'> {
    const f = this.#f;
    const lanes = this.#lanes;
    const leak = this.#rule('leak', place);
    const change = f.keep(this.#weights === undefined ? leak : i16x8.add(leak, this.#sumOf(vector)));
    const rule = (name: RuleName): Local<'v128'> => f.keep(this.#rule(name, place));
    const [above, below] = [rule('above'), rule('below')];
    const clears = this.#clears ? rule('clears') : undefined;
    const updated = this.#parts.map((part) => {
      const before = f.keep(this.#potential(place, part));
      const moved = f.keep(this.#wrapped(lanes.add(before, this.#spread(change, part))));
      const spikes = f.keep(lanes.gt_s(moved, this.#spread(above, part)));
      const falls = f.keep(lanes.gt_s(this.#spread(below, part), moved));
      const kept =
        clears === undefined
          ? moved
          : v128.andnot(moved, v128.and(v128.or(spikes, falls), this.#spread(clears, part)));
      const more = v128.or(
        v128.and(spikes, this.#after('afterAbove', place, part)),
        v128.and(falls, this.#after('afterBelow', place, part)),
      );
      const next = f.keep(this.#wrapped(lanes.add(kept, more)));
      if (this.#isWide) f.set(this.#seen, v128.or(this.#seen, v128.xor(next, i32x4.shr_s(next, 31))));
      else if (this.#weights === undefined)
        f.set(this.#seen, v128.or(this.#seen, v128.or(v128.xor(next, before), spikes)));
      return { next, spikes };
    });
    this.#setPotentials(
      place,
      updated.map(({ next }) => next),
    );
    const [low = this.#none, high = this.#none] = updated.map(({ spikes }) => spikes);
    return this.#isWide ? i16x8.narrow_i32x4_s(low, high) : low;
  }

  get #lanes(): typeof i16x8 | typeof i32x4 {
    return this.#isWide ? i32x4 : i16x8;
  }

  /** The vectors of eight neurons: one of 16 bits, or two of 32. */
  get #parts(): readonly (0 | 1)[] {
    return this.#isWide ? [0, 1] : [0];
  }

  /** A part of lanes of 16 bits. */
  #spread(value: Local<'v128'>, part: 0 | 1): Value<'v128'> {
    return this.#isWide ? extend32[part](value) : value;
  }

  #wrapped(value: Value<'v128'>): Value<'v128'> {
    // Lanes of 16 bits are only taken where no potential wraps.
    return this.#isWide ? wrapped(value, this.#potentialBits) : value;
  }

  #rule(name: RuleName, place: number): Value<'v128'> {
    return v128.load(this.#rules, this.#memory.rules + planeOf(name) + vectorBytes * place);
  }

  #after(name: 'afterAbove' | 'afterBelow', place: number, part: 0 | 1): Value<'v128'> {
    const low = this.#rule(name, place);
    return this.#isWide ? joined(low, this.#rule(`${name}Upper`, place), part) : low;
  }

  #potential(place: number, part: 0 | 1): Value<'v128'> {
    const load = (region: number): Value<'v128'> => v128.load(this.#own, region + vectorBytes * place);
    const { potentials, upper } = this.#memory;
    if (!this.#isWide) return load(potentials);
    const low = this.#f.keep(load(potentials));
    return joined(low, v128.bitselect(load(upper), i16x8.shr_s(low, 15), this.#hasUpper), part);
  }

  #setPotentials(place: number, values: readonly Value<'v128'>[]): void {
    const f = this.#f;
    const { potentials, upper } = this.#memory;
    const store = (region: number, value: Value<'v128'>): void =>
      f.do(v128.store(this.#own, value, region + vectorBytes * place));
    const [low = this.#none, high] = values.map((value) => f.keep(value));
    if (high === undefined) {
      store(potentials, low);
      return;
    }
    const below = f.keep(i32x4.splat(i32.const(0xffff)));
    store(potentials, i16x8.narrow_i32x4_u(v128.and(low, below), v128.and(high, below)));
    store(upper, i16x8.narrow_i32x4_s(i32x4.shr_s(low, 16), i32x4.shr_s(high, 16)));
  }

  #field(name: RecordName): Value<'i32'> {
    return i32.load(this.#record, this.#memory.records + recordBytes[name]);
  }

  #setField(name: RecordName, value: Value<'i32'>): void {
    this.#f.do(i32.store(this.#record, value, this.#memory.records + recordBytes[name]));
  }
}

const extend16 = [i16x8.extend_low_i8x16_s, i16x8.extend_high_i8x16_s] as const;
const extend32 = [i32x4.extend_low_i16x8_s, i32x4.extend_high_i16x8_s] as const;
const extend32u = [i32x4.extend_low_i16x8_u, i32x4.extend_high_i16x8_u] as const;

/** Four numbers of 32 bits from their halves. */
function joined(low: Value<'v128'>, upper: Value<'v128'>, part: 0 | 1): Value<'v128'> {
  return v128.or(extend32u[part](low), i32x4.shl(extend32[part](upper), 16));
}

/** Keeps the low bits of each lane of 32, signed. */
function wrapped(value: Value<'v128'>, bits: number): Value<'v128'> {
  return i32x4.shr_s(i32x4.shl(value, 32 - bits), 32 - bits);
}

/** A bound of numbers, from all bits that are set in any of them, or clear in a negative one. */
function boundOf(f: FunctionBuilder, seen: Local<'v128'>): Value<'i32'> {
  const bits = [0, 1, 2, 3].map((lane) => i32x4.extract_lane(seen, lane));
  const all = bits.reduce((some, more) => some.or(more));
  return min(f.keep(all), 2 ** 30).plus(1);
}
