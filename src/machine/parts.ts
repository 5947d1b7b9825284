import type { Core } from '../engine/index.ts';
import {
  type DelayedSpikes,
  type Image,
  type PlacedCore,
  type SpreadImage,
  spikeKept,
  suppliedTo,
  wholeItem,
} from '../image/index.ts';
import { at, numberAt } from '../text/index.ts';

/** A field of the whole program on one core. */
interface Share {
  readonly core: number;
  /** Index in the core's image. */
  readonly field: number;
  /** For each item on the core, its number in the whole field. */
  readonly items: Uint32Array;
  readonly isCopy: boolean;
}

/** The fields of a program, which lie on several cores. */
export class FieldParts {
  readonly #cores: readonly Core[];
  readonly #counts: readonly number[];
  readonly #shares: readonly (readonly Share[])[];
  readonly #homes: readonly (readonly Share[])[];

  constructor({ fields, cores: parts }: Pick<Image, 'fields' | 'cores'>, cores: readonly Core[]) {
    this.#cores = cores;
    this.#counts = fields.map(({ count }) => count);
    const shares: Share[][] = fields.map(() => []);
    for (const [core, part] of parts.entries()) {
      for (const [field, own] of part.fields.entries())
        if (own !== undefined)
          shares[own.field]?.push({ core, field, items: itemsOf(part, field), isCopy: own.isCopy });
    }
    this.#shares = shares;
    this.#homes = shares.map((all) => all.filter(({ isCopy }) => !isCopy));
  }

  /** All items of a field. */
  read(field: number): Float64Array {
    const values = new Float64Array(numberAt(this.#counts, field));
    for (const { core, field: local, items } of this.homes(field)) {
      const part = at(this.#cores, core).read(local);
      for (const [place, item] of items.entries()) values[item] = numberAt(part, place);
    }
    return values;
  }

  /** Writes the items of a field wherever they are, copies included. */
  write(field: number, values: ArrayLike<number>): void {
    this.#put(at(this.#shares, field), values);
  }

  /** Writes the items of a field where they live. */
  store(field: number, values: ArrayLike<number>): void {
    this.#put(this.homes(field), values);
  }

  /** Where the items of a field live. */
  homes(field: number): readonly Share[] {
    return at(this.#homes, field);
  }

  #put(shares: readonly Share[], values: ArrayLike<number>): void {
    for (const { core, field, items } of shares)
      at(this.#cores, core).write(
        field,
        Float64Array.from(items, (item) => values[item] ?? 0),
      );
  }
}

function itemsOf({ image, fields }: PlacedCore, field: number): Uint32Array {
  const part = fields[field];
  if (part === undefined) return new Uint32Array();
  if (part.items !== undefined) return part.items;
  return Uint32Array.from({ length: image.fields[field]?.count ?? 0 }, (_, item) => wholeItem(part, item));
}

/**
 * The spikes that wait for delays. They wait on the cores that hold the synapses, in rings that are fields; this list
 * repeats the rings' contents, so that no core need be asked in each step.
 */
export class WaitingOnCores {
  readonly #image: Image;
  readonly #parts: FieldParts;
  /** By population with delays: the neurons of each row of its ring, ascending. */
  readonly #rows: ArrayLike<number>[][];

  constructor(image: SpreadImage, parts: FieldParts) {
    this.#image = image;
    this.#parts = parts;
    this.#rows = image.events.delayed.map(() => []);
    this.read();
  }

  /** Reads the contents of the rings. */
  read(): void {
    for (const [delayed, { population, field, lists }] of this.#image.events.delayed.entries()) {
      const flags = this.#parts.read(field);
      const own = at(this.#image.populations, population);
      const size = suppliedTo(own);
      this.#rows[delayed] = Array.from({ length: rowsOf(lists) }, (_, row) => {
        const first = row * size;
        return Array.from({ length: size }, (_, neuron) => neuron).flatMap((neuron) => {
          const kept = numberAt(flags, first + neuron);
          return kept === 0 ? [] : [spikeKept(own, neuron, kept)];
        });
      });
    }
  }

  /** The neurons whose spikes have waited for a delay in a step. */
  due(delayed: number, delay: number, step: number): ArrayLike<number> {
    const rows = at(this.#rows, delayed);
    return step < delay ? [] : (rows[(step - delay) % rows.length] ?? []);
  }

  /**
   * Adds the spikes of a step.
   *
   * @param neurons ascending, each once
   */
  keep(delayed: number, step: number, neurons: ArrayLike<number>): void {
    const rows = at(this.#rows, delayed);
    rows[step % rows.length] = neurons;
  }
}

function rowsOf(lists: DelayedSpikes['lists']): number {
  return lists.at(-1)?.delay ?? 1;
}
