import { signedBits } from '../plan/widths.ts';
import type { LaneText, Wire } from './lane-text.ts';
import type { Taps } from './taps.ts';
import { vector } from './verilog.ts';

/** A value in the lanes, and where in the pipeline it is. */
export interface CarriedValue {
  readonly wire: Wire;
  /**
   * The phase whose logic computes it. It is in registers in the next `intervalCycles` phases, and carried on from
   * there. Undefined if it does not change during a pass.
   */
  readonly phase: number | undefined;
  /** Whether the wire is a register already, loaded at the end of that phase. */
  readonly isRegister?: boolean;
}

/**
 * Carries values from the phase that computes them to later ones, each in one register for each interval that it
 * lives.
 */
export class Carrier {
  readonly #lanes: LaneText;
  readonly #taps: Taps;
  readonly #interval: number;
  /** Registers that carry values on, by the name of the value, as many as there are. */
  readonly #carried = new Map<string, number>();
  /** The value that a name had first: a copy has its name, and is made again where it is. */
  readonly #origins = new Map<string, CarriedValue>();

  constructor(lanes: LaneText, taps: Taps, intervalCycles: number) {
    this.#lanes = lanes;
    this.#taps = taps;
    this.#interval = intervalCycles;
  }

  /** A value as a phase reads it: from the logic of the same phase, or from the register that has carried it there. */
  at(value: CarriedValue | undefined, phase: number): Wire {
    if (value === undefined) throw new Error('an operand without a value');
    const { wire } = value;
    const { phase: made, isRegister = false } = this.#origins.get(wire.text) ?? value;
    if (!this.#origins.has(wire.text)) this.#origins.set(wire.text, value);
    if (made === undefined || wire.values !== undefined) return wire;
    const steps = Math.ceil((phase - made) / this.#interval);
    if (steps <= 0) return wire;
    const have = this.#carried.get(wire.text) ?? (isRegister ? 1 : 0);
    const named = (count: number): string =>
      count === 0 || (isRegister && count === 1) ? wire.text : `${wire.text}_h${count}`;
    for (let count = have + 1; count <= steps; count++) {
      const enable = this.#taps.at('valid', 2 + made + (count - 1) * this.#interval);
      this.#lanes.lines.push(
        `reg signed ${vector(signedBits(wire.range))} ${named(count)};`,
        `always @(posedge clk) if (${enable}) ${named(count)} <= ${named(count - 1)};`,
      );
      this.#carried.set(wire.text, count);
    }
    return { ...wire, text: named(steps) };
  }
}
