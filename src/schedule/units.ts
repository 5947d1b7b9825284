import type { HwModel } from '../hardware/index.ts';
import type { UnitDemand } from './demand.ts';

/** The places that the units of a lane have in the phases of a pipeline, which repeat every interval. */
export class UnitPlaces {
  readonly #units: HwModel['operations'];
  readonly #interval: number;
  /** By class and phase modulo the interval, the places taken. */
  readonly #taken = new Map<string, number>();

  constructor(units: HwModel['operations'], intervalCycles: number) {
    this.#units = units;
    this.#interval = intervalCycles;
  }

  /**
   * Takes the earliest places for an operation. Operations of one phase are chained.
   *
   * @param ready the first phase in which its operands are there
   * @returns the phase in which its result is there
   */
  place(asked: readonly UnitDemand[], ready: number): number {
    return asked.reduce((done, demand) => Math.max(done, this.#take(demand, ready)), ready);
  }

  #take({ class: kind, arithmetic, count }: UnitDemand, ready: number): number {
    const places = this.#units[arithmetic][kind]?.unitsPerLane ?? 1;
    let phase = ready;
    for (let left = count; left > 0; ) {
      const key = `${arithmetic} ${kind} ${phase % this.#interval}`;
      const taken = this.#taken.get(key) ?? 0;
      const free = Math.min(left, places - taken);
      if (free > 0) {
        this.#taken.set(key, taken + free);
        left -= free;
      }
      if (left > 0) phase += 1;
    }
    return phase;
  }
}
