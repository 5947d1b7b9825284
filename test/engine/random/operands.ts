import type { HwModel } from '../../../src/hardware/index.ts';
import {
  type Compute,
  clamp,
  integerRange,
  join,
  type NumberKind,
  type Overflow,
  type ValueRange,
  valueRange,
} from '../../../src/isa/index.ts';
import type { Dice } from './dice.ts';
import type { KnownParameter, Network } from './network.ts';

/** An operand as text, and what is known of its value. */
export interface Source {
  readonly text: string;
  readonly range: ValueRange | undefined;
  readonly isUniform: boolean;
  readonly isOfTile?: boolean | undefined;
  readonly isOfRow?: boolean | undefined;
  /** Bounds of a constant, which the bounds of a clip obey on floats too. */
  readonly least: number;
  readonly most: number;
}

/** Constants for a program's kernels: numbers that suit the datapath, and the program's parameters. */
export class ConstantDice {
  readonly #dice: Dice;
  readonly #hw: HwModel;
  readonly #network: Network;

  constructor(dice: Dice, hw: HwModel, network: Network) {
    this.#dice = dice;
    this.#hw = hw;
    this.#network = network;
  }

  /** A constant of a kind of number. */
  constant(kind: NumberKind, isFloat: boolean): Source {
    const parameters = this.#parameters(({ use }) => use === 'value' || use === 'signedShift');
    if (kind !== 'flag' && parameters.length > 0 && this.#dice.chance(0.2)) {
      return this.#parameter(this.#dice.pick(parameters), isFloat);
    }
    const value = kind === 'flag' ? this.#dice.whole(0, 1) : this.#number();
    return constantSource(String(value), value, value, isFloat);
  }

  #parameters(isWanted: (parameter: KnownParameter) => boolean): KnownParameter[] {
    return this.#network.known.parameters.filter(isWanted);
  }

  #parameter({ name, low, high }: KnownParameter, isFloat: boolean): Source {
    return constantSource(`#${name}`, low, high, isFloat);
  }

  /** Small numbers, powers of two and their neighbours, and now and then the largest. */
  #number(): number {
    const power = 2 ** this.#dice.whole(0, this.#hw.datapathBits - 1) + this.#dice.whole(-1, 1);
    const small = this.#dice.whole(-9, 9);
    const lowest = -(2 ** (this.#hw.datapathBits - 1));
    const value = this.#dice.pick([0, small, small, power, -power, lowest, this.#dice.whole(-200, 200)]);
    return clamp(value, -(2 ** 31), 2 ** 31 - 1) + 0;
  }

  /** A shift's amount or a draw's width. Products are shifted far, so that they fit. */
  amount(mnemonic: string): Source {
    const isSigned = mnemonic.startsWith('sra') || mnemonic.startsWith('mulsra');
    const parameters = this.#parameters(({ use }) => use === 'shift' || (isSigned && use === 'signedShift'));
    if (parameters.length > 0 && this.#dice.chance(0.35)) {
      return this.#parameter(this.#dice.pick(parameters), false);
    }
    const most = this.#dice.pick([3, 8, 15, this.#hw.datapathBits - 1, 31]);
    const least = isSigned && this.#dice.chance(0.2) ? -4 : mnemonic.startsWith('mulsra') ? most >> 1 : 0;
    const value = this.#dice.whole(least, Math.min(31, most));
    return constantSource(String(value), value, value, false);
  }
}

/** The range of an operation's exact result: of the whole ranges, and of each end of every parameter's schedule. */
export function exactRange(effect: Compute, sources: readonly Source[]): ValueRange {
  const ranges = sources.flatMap(({ range }) => range ?? []);
  if (ranges.length < sources.length) return valueRange(0, 1);
  const scheduled = sources.reduce<ValueRange[][]>(
    (all, { range, least, most }) => {
      const ends = range && least > -Infinity ? [valueRange(least, least), valueRange(most, most)] : [range];
      return all.flatMap((before) => ends.map((end) => [...before, end ?? valueRange(0, 0)]));
    },
    [[]],
  );
  return scheduled.map((all) => effect.range(all)).reduce(join, effect.range(ranges));
}

/** The range of a result of which `exact` is the range before saturating or wrapping; undefined if not allowed. */
export function fittedRange(
  exact: ValueRange,
  overflow: Overflow,
  { datapathBits }: HwModel,
): ValueRange | undefined {
  const { low, high } = integerRange(datapathBits, true);
  const isInside = exact.low >= low && exact.high <= high;
  if (overflow === 'saturate') return valueRange(clamp(exact.low, low, high), clamp(exact.high, low, high));
  if (isInside) return exact;
  return overflow === 'wrap' ? valueRange(low, high) : undefined;
}

function constantSource(text: string, least: number, most: number, isFloat: boolean): Source {
  return { text, range: isFloat ? undefined : valueRange(least, most), isUniform: true, least, most };
}
