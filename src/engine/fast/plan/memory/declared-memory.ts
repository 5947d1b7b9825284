import type { Generator } from '../../../../hardware/index.ts';
import { type BoundKernel, type CoreImage, factsOf, plainActions } from '../../../../image/index.ts';
import { advanceState, bitsFrom } from '../../../../random/index.ts';
import { vectorBits, vectorBytes } from '../../../../wasm/index.ts';
import { neuronBits } from '../../../spike-address.ts';

/** Where the generators that the hw-model declares lie in the linear memory. */
export interface DeclaredMap {
  readonly generators: readonly DeclaredArea[];
  /** Bits that are all zero, as many as the longest advance: the words of a draw whose predicate does not hold. */
  readonly zeros: number;
}

/**
 * A stretch of a generator's bit sequence, and an i32: eight times the address, plus the bit, where the word under way
 * starts. At least 128 bits before it are kept. Vectors of 128 bits obey the recurrence too, at its distances: it may
 * be squared seven times.
 */
export interface DeclaredArea {
  readonly position: number;
  readonly bits: number;
  readonly vectors: number;
}

/** Vectors that are made at once. */
const batch = 64;

/** @param kernels which may each draw several times from a generator before they use the first word */
export function mapDeclared(
  generators: readonly Generator[],
  kernels: readonly BoundKernel[],
  take: (bytes: number) => number,
): DeclaredMap {
  const longest = Math.max(0, ...generators.map(({ bitsPerAdvance }) => bitsPerAdvance));
  return {
    generators: generators.map(({ far, bitsPerAdvance }, index) => {
      const draws = kernels.map(
        (kernel) => factsOf(kernel).drawsFrom.filter((from) => from === index).length,
      );
      const ahead = Math.max(1, ...draws) * bitsPerAdvance;
      const vectors = far + 2 * Math.ceil(ahead / vectorBits) + batch;
      return { position: take(4), bits: take(vectors * vectorBytes), vectors };
    }),
    // A word is read with the seven bytes behind its first.
    zeros: take(longest / 8 + 8),
  };
}

/** Fills a generator's stretch from its state. */
export function loadDeclared(
  buffer: ArrayBuffer,
  area: DeclaredArea,
  generator: Generator,
  state: number,
): void {
  const before = advanceState(generator, state, -vectorBits);
  const bits = bitsFrom(generator, before, area.vectors * vectorBits);
  const bytes = new Uint8Array(buffer, area.bits, area.vectors * vectorBytes);
  for (let first = 0; first < bits.length; first += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte |= (bits[first + bit] ?? 0) << bit;
    bytes[first >> 3] = byte;
  }
  new Int32Array(buffer, area.position, 1)[0] = 8 * area.bits + vectorBits;
}

/** The `far` bits before the word under way, the earliest in bit 0. */
export function stateOfDeclared(buffer: ArrayBuffer, area: DeclaredArea, { far }: Generator): number {
  const bytes = new Uint8Array(buffer);
  const position = new Uint32Array(buffer, area.position, 1)[0] ?? 0;
  let state = 0;
  for (let i = 0; i < far; i++) {
    const place = position - far + i;
    state += (((bytes[Math.floor(place / 8)] ?? 0) >> (place & 7)) & 1) * 2 ** i;
  }
  return state;
}

/** Where the spikes of a population are kept from one step to the next. */
export interface PreviousSpikes {
  /** A byte for each neuron: whether it has spiked in this step. */
  readonly flags: number;
  /** The spikes of the previous step: their number, then the neurons in ascending order, u32 each. */
  readonly list: number;
  readonly size: number;
  /** For each neuron, its last spike in this step with its value, u32; undefined if spikes carry no values. */
  readonly values: number | undefined;
  /** The bits of a spike that are its neuron. */
  readonly neuronMask: number;
}

/** For each population, room for its spikes of the previous step; undefined where no list takes them. */
export function mapPrevious(
  image: CoreImage,
  take: (bytes: number) => number,
): readonly (PreviousSpikes | undefined)[] {
  const { sample, tick, delayed } = image.events;
  const delivered = new Set(
    plainActions([...sample, ...tick]).map((action) => {
      if (action.does === 'deliver' && action.spikes === 'previous') return action.population;
      return action.does === 'keep' && action.from === 'previous'
        ? delayed[action.delayed]?.population
        : undefined;
    }),
  );
  return image.populations.map(({ size, payload }, population) =>
    delivered.has(population)
      ? {
          flags: take(size),
          list: take(4 * (size + 1)),
          size,
          values: payload && take(4 * size),
          neuronMask: 2 ** (payload?.shift ?? neuronBits) - 1,
        }
      : undefined,
  );
}
