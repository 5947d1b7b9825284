import { at } from '../arrays/index.ts';
import { type DelayedSpikes, type Image, type SpreadImage, spikeKept, suppliedTo } from '../image/index.ts';
import type { Parts } from './parts.ts';

/**
 * The spikes that wait for delays. They wait on the cores that hold the synapses, in rings that are fields; this list
 * repeats the rings' contents, so that no core need be asked in each step.
 */
export class WaitingSpikes {
  readonly #image: Image;
  readonly #parts: Parts;
  /** By population with delays: the neurons of each row of its ring, ascending. */
  readonly #rows: ArrayLike<number>[][];

  constructor(image: SpreadImage, parts: Parts) {
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
