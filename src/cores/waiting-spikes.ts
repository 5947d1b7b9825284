import type { SystemImage } from '../compiler/index.ts';
import { at } from '../engine/index.ts';
import { type DelayedSpikes, type Image, spikeKept } from '../image/index.ts';
import type { Parts } from './parts.ts';

/**
 * The spikes that wait for delays. They do so on the cores that hold the synapses, in rings that are fields; what they hold
 * is listed here as well, so that no core is asked for them in each step.
 */
export class WaitingSpikes {
  readonly #image: Image;
  readonly #parts: Parts;
  /** By population with delays: the neurons of each row of its ring, ascending. */
  readonly #rows: ArrayLike<number>[][];

  constructor({ whole }: SystemImage, parts: Parts) {
    this.#image = whole;
    this.#parts = parts;
    this.#rows = whole.events.delayed.map(() => []);
    this.read();
  }

  /** Lists what the rings hold. */
  read(): void {
    for (const [delayed, { population, field, lists }] of this.#image.events.delayed.entries()) {
      const flags = this.#parts.read(field);
      const own = at(this.#image.populations, population);
      const { size } = own;
      this.#rows[delayed] = Array.from({ length: rowsOf(lists) }, (_, row) => {
        const first = row * size;
        return Array.from({ length: size }, (_, neuron) => neuron).flatMap((neuron) => {
          const kept = flags[first + neuron] ?? 0;
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

  /** The spikes of a step wait. @param neurons ascending, each once */
  keep(delayed: number, step: number, neurons: ArrayLike<number>): void {
    const rows = at(this.#rows, delayed);
    rows[step % rows.length] = neurons;
  }
}

function rowsOf(lists: DelayedSpikes['lists']): number {
  return lists.at(-1)?.delay ?? 1;
}
