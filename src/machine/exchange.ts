import type { Core } from '../engine/index.ts';
import { fitToField, type Image, type PartField, type SpreadImage, unvisited } from '../image/index.ts';
import { at, numberAt } from '../text/index.ts';
import { FieldParts } from './parts.ts';
import type { StepClock } from './step-clock.ts';

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
