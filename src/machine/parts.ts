import type { Core } from '../engine/index.ts';
import {
  type DelayedSpikes,
  fitToField,
  type Image,
  type PartField,
  type PlacedCore,
  type SpreadImage,
  spikeKept,
  suppliedTo,
  unvisited,
  wholeItem,
} from '../image/index.ts';
import { at, numberAt } from '../text/index.ts';
import type { StepClock } from './step-clock.ts';

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

/** The values that cores send each other: copies of fields, partial sums, the results of tests. Each is a packet. */
export class Exchange {
  readonly #image: Image;
  readonly #cores: readonly Core[];
  readonly #clock: StepClock | undefined;
  readonly parts: FieldParts;

  constructor(system: SpreadImage, cores: readonly Core[], clock: StepClock | undefined) {
    this.#image = system;
    this.#cores = cores;
    this.#clock = clock;
    this.parts = new FieldParts(system, cores);
  }

  /** Sends the items of a field that change their copies: those of which its bank then holds something else. */
  send(field: number, to: readonly PartField[]): void {
    this.#clock?.work();
    const values = this.parts.read(field);
    const isFaulty = at(this.#image.fields, field).faulty === true;
    for (const { core: index, field: copy } of to) {
      const core = at(this.#cores, index);
      const before = core.readHeld(copy);
      if (isFaulty) core.write(copy, values);
      const after = isFaulty ? core.readHeld(copy) : values;
      let isChanged = false;
      for (const { core: from, items } of this.parts.homes(field)) {
        let changed = 0;
        for (const item of items) if (before[item] !== after[item]) changed += 1;
        this.#clock?.send(from, index, changed, 'values');
        if (changed > 0) isChanged = true;
      }
      if (isChanged && !isFaulty) core.write(copy, values);
    }
    this.#clock?.endPhase();
  }

  /** Empties partial sums: no row has been visited. */
  empty(sums: readonly PartField[]): void {
    for (const { core: index, field } of sums) {
      const core = at(this.#cores, index);
      core.write(field, new Float64Array(at(core.image.fields, field).count).fill(unvisited));
    }
  }

  /**
   * Adds up the partial sums of the visited rows and stores them. Integers are exact, as on one core; floats have been
   * rounded on each core.
   */
  sum(field: number, sums: readonly PartField[]): void {
    this.#clock?.work();
    const values = this.parts.read(field);
    const total = new Float64Array(values.length);
    const visited = new Uint8Array(values.length);
    const homes = this.parts.homes(field);
    for (const { core, field: part } of sums) {
      const partial = at(this.#cores, core).read(part);
      for (const { core: home, items } of homes) {
        let sent = 0;
        for (const item of items) {
          const sum = partial[item] ?? unvisited;
          if (sum === unvisited) continue;
          total[item] = numberAt(total, item) + sum;
          visited[item] = 1;
          sent += 1;
        }
        this.#clock?.send(core, home, sent, 'values');
      }
    }
    const toField = fitToField(at(this.#image.fields, field));
    for (const [item, isVisited] of visited.entries())
      if (isVisited === 1) values[item] = toField(numberAt(total, item));
    this.parts.store(field, values);
    this.#clock?.endPhase();
  }

  /** Whether any item of a field is set, as a gate tests it: |x| >= 1. Each core tells all others of its own items. */
  isAnySet(field: number): boolean {
    this.#clock?.work();
    const homes = new Set(this.parts.homes(field).map(({ core }) => core));
    for (const from of homes) for (const to of this.#cores.keys()) this.#clock?.send(from, to, 1, 'values');
    this.#clock?.endPhase();
    return this.parts.read(field).some((value) => Math.abs(value) >= 1);
  }
}
