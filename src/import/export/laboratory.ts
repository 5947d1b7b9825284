import type { Processor } from '../../engine/index.ts';
import { neuronOf, populationOf } from '../../engine/index.ts';
import { neuronIn } from '../../image/index.ts';

/**
 * A core for experiments, which find out how a program's neurons behave, whatever their microcode. All weights are zero
 * unless an experiment sets them.
 */
export class Laboratory {
  readonly core: Processor;
  /** Steps before an experiment, so that parts of a program that start later have started. */
  readonly #before: number;

  constructor(core: Processor) {
    this.core = core;
    this.#before = Math.min(16, Math.floor((core.image.steps - 1) / 2));
    for (const { name } of core.image.projections) this.setWeights(name, 0);
  }

  /** The longest experiment, in steps. */
  get steps(): number {
    return this.core.image.steps - this.#before - 1;
  }

  field(name: string): number {
    return this.core.image.fields.findIndex((field) => field.name === name);
  }

  /** Sets all weights of a projection, if it has any. */
  setWeights(projection: string, weight: number): void {
    const { fields } = this.core.image;
    const shadow = this.field(`${projection}.shadow`);
    const index = shadow >= 0 ? shadow : this.field(`${projection}.weight`);
    const field = fields[index];
    if (field === undefined) return;
    const dropped = shadow < 0 ? 0 : (fields[this.field(`${projection}.weight`)]?.view?.droppedBits ?? 0);
    this.core.write(index, new Float64Array(field.count).fill(weight * 2 ** dropped));
  }

  /** Begins an experiment. A step with fields far below the threshold clears all traces of earlier spikes. */
  begin(...fields: readonly number[]): void {
    const { core } = this;
    core.begin({ label: 0, learn: false, steps: core.image.steps });
    for (let step = 0; step < this.#before; step++) core.step();
    for (const index of fields) {
      const { count = 0, bits = 16 } = core.image.fields[index] ?? {};
      core.write(index, new Float64Array(count).fill(-(2 ** (bits - 2))));
    }
    core.step();
  }

  /** Runs one step, and returns the neurons of a population that spiked. */
  step(population: number): ReadonlySet<number> {
    const { core } = this;
    const count = core.step();
    const owner = core.image.populations[population];
    const spiked = new Set<number>();
    for (const address of core.emitted.subarray(0, count))
      if (owner !== undefined && populationOf(address) === population)
        spiked.add(neuronIn(owner, neuronOf(address)));
    return spiked;
  }
}
