import { drawPackets, isLost, type LostPackets, type SpreadImage } from '../image/index.ts';
import { at } from '../text/index.ts';
import type { PopulationSpikes } from './step-spikes.ts';

/** By population: the index of each neuron's core; undefined for the input, whose spikes the host sends. */
export function homesOf({ populations, input, placement, cores }: SpreadImage): (Uint16Array | undefined)[] {
  return populations.map(({ name, size }, population) => {
    if (population === input) return undefined;
    const homes = new Uint16Array(size);
    for (const { first, size: count, core } of placement[name] ?? [])
      homes.fill(
        cores.findIndex(({ number }) => number === core),
        first,
        first + count,
      );
    return homes;
  });
}

/** Which spikes are lost between cores: see `src/image/lost-packets.ts`. Cores are named by index. */
export class LostSpikes {
  readonly #packets: LostPackets;
  readonly #below: number;
  /** By core: its number on the chip. */
  readonly #numbers: readonly number[];
  /** By population: the core of each neuron; undefined for the input, whose spikes the host sends. */
  readonly #homes: readonly (Uint16Array | undefined)[];
  /** How many samples and steps have begun: the machine's own state. */
  draws = 0;

  constructor(
    packets: LostPackets,
    { cores }: Pick<SpreadImage, 'cores'>,
    homes: readonly (Uint16Array | undefined)[],
  ) {
    this.#packets = packets;
    this.#below = packets.rate * 2 ** 32;
    this.#numbers = cores.map(({ number }) => number);
    this.#homes = homes;
  }

  /** A sample or a step begins. */
  draw(): void {
    this.draws = (this.draws + 1) >>> 0;
  }

  /** The hash of spikes that travel together; of those that have waited for a delay, they did so when it began. */
  drawnFor(population: number, kind: PopulationSpikes['kind']): number {
    const ago = typeof kind === 'number' ? kind : 0;
    const draws = (this.draws - ago) >>> 0;
    return drawPackets(this.#packets, draws, population, kind === 'emitted' ? 'emitted' : 'previous');
  }

  /** Whether a neuron's spike does not arrive on a core. */
  isLost(drawn: number, population: number, neuron: number, core: number): boolean {
    const homes = this.#homes[population];
    if (homes === undefined || homes[neuron] === core) return false;
    return isLost(drawn, neuron, at(this.#numbers, core), this.#below);
  }
}
