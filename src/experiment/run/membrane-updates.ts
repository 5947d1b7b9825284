import type { Processor } from '../../engine/index.ts';
import type { ProgramView } from '../../image/index.ts';
import { membranesOf } from '../../report/index.ts';

/** Counts in how many steps neurons change their potentials; the first step of a sample counts for all of them. */
export class MembraneUpdates {
  readonly #machine: Processor;
  readonly #membranes: readonly { readonly population: number; readonly field: number }[];
  /** The potentials after the step before; none at the start of a sample. */
  readonly #before: Float64Array[] = [];
  /** So far, by population. */
  readonly counts: number[];

  constructor(machine: Processor, counts: readonly number[] = noUpdates(machine.image)) {
    this.#machine = machine;
    this.#membranes = membranesOf(machine.image);
    this.counts = [...counts];
  }

  /** Before the first step of a sample. */
  begin(): void {
    this.#before.length = 0;
  }

  /** After each step. */
  step(): void {
    for (const [index, { population, field }] of this.#membranes.entries()) {
      const now = this.#machine.read(field);
      const before = this.#before[index];
      let updates = before === undefined ? now.length : 0;
      if (before !== undefined)
        for (let neuron = 0; neuron < now.length; neuron++) updates += Number(now[neuron] !== before[neuron]);
      this.counts[population] = (this.counts[population] ?? 0) + updates;
      this.#before[index] = now;
    }
  }
}

const noUpdates = ({ populations }: ProgramView): number[] => populations.map(() => 0);
