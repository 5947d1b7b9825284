import type { ImageOperand } from '../../../../image/index.ts';
import { valueRange } from '../../../../isa/index.ts';
import { known } from '../../../../text/index.ts';
import { f32, f32x4, i32, type Local } from '../../../../wasm/index.ts';
import type { LinePlan } from '../../plan/analysis/lines.ts';
import { type Constant, type LaneValue, numberConstant } from '../ops/scalar-code.ts';
import { groupOf, type KernelContext } from './context.ts';

/**
 * Values of a kernel's lines, by the line that computes them (a register that is written twice holds two), in scopes: a
 * vector looks in its own scope first, then in those of its row, tile and run.
 */
export class Values {
  readonly #outer: readonly Values[];
  readonly #byLine = new Map<number, LaneValue>();

  constructor(...outer: readonly Values[]) {
    this.#outer = outer;
  }

  get(line: number): LaneValue {
    return known(this.#holding(line) ?? this.#byLine, line);
  }

  /** The values of the innermost scope that has one for a line. */
  #holding(line: number): ReadonlyMap<number, LaneValue> | undefined {
    if (this.#byLine.has(line)) return this.#byLine;
    return this.#outer.map((outer) => outer.#holding(line)).find((values) => values !== undefined);
  }

  set(line: number, value: LaneValue): void {
    this.#byLine.set(line, value);
  }

  /** Records the variable of a line's result: an integer within the line's range, or a real. */
  setLocal({ line, range }: LinePlan, local: Local, isReal = false): void {
    this.set(line, { local, isReal, isMask: false, range: isReal ? undefined : range, constant: undefined });
  }
}

/** The value of an operand of a line. */
export function operandValue(
  k: KernelContext,
  values: Values,
  line: LinePlan,
  operand: ImageOperand | undefined,
  isReal: boolean,
): LaneValue {
  switch (operand?.is) {
    case 'register':
      return values.get(known(line.definitions, operand.register));
    case 'number':
      return constantValue(k, numberConstant(operand.value), isReal);
    case 'parameter': {
      const fixed = k.version.get(operand.parameter);
      if (fixed !== undefined) return constantValue(k, numberConstant(fixed), isReal);
      const scheduled = k.module.image.parameters[operand.parameter]?.values ?? [0];
      const address = k.module.map.parameters + 4 * operand.parameter;
      const value = () => i32.load(0, address);
      return constantValue(k, { low: Math.min(...scheduled), high: Math.max(...scheduled), value }, isReal);
    }
    default:
      throw new Error('expected an operand that is a value');
  }
}

function constantValue({ preamble, piece }: KernelContext, constant: Constant, isReal: boolean): LaneValue {
  const isOne = piece.lanes === 'one';
  const inLanes = () => {
    if (!isReal) return isOne ? constant.value() : groupOf(piece.lanes).splat(constant.value());
    const real = f32.convert_i32_s(constant.value());
    return isOne ? real : f32x4.splat(real);
  };
  const range = isReal ? undefined : valueRange(constant.low, constant.high);
  return {
    local: preamble.keep<'i32' | 'f32' | 'v128'>(inLanes()),
    isReal,
    isMask: false,
    range,
    constant,
  };
}
