import type { ImageInstruction } from '../../../../image/index.ts';
import { type Interval, interval } from '../../../../isa/index.ts';
import type { Local } from '../../builder/index.ts';
import { elementBytes, partialSums } from '../../plan/memory/index.ts';
import type { Value } from '../ops/index.ts';
import type { GateCode } from './gate-code.ts';
import type { KernelFrame } from './kernel-frame.ts';
import { PortsCode } from './ports-code.ts';

/** Code of reduces: sums over a row, 16 partial ones for floats. */
export class ReduceCode {
  readonly #frame: KernelFrame;
  readonly #gates: GateCode;
  /** Sums of each reduce, by line. */
  readonly #sums = new Map<number, Local[]>();

  constructor(frame: KernelFrame, gates: GateCode) {
    this.#frame = frame;
    this.#gates = gates;
  }

  /** Scratch for the partial sums of a reduce of floats in scalar code. */
  #partials(line: number): number {
    return this.#frame.scratch.sums[line] ?? 0;
  }

  start(line: number): void {
    const { f } = this.#frame;
    const isReal = this.#frame.kernel.code[line]?.arithmetic === 'real';
    const isScalar = this.#frame.mode.mode === 'scalar';
    if (isReal && isScalar) {
      f.i32.const(this.#partials(line));
      f.i32.const(0);
      f.i32.const(4 * partialSums);
      f.memory.fill();
      return;
    }
    const count = isReal ? 4 : 1;
    const sums =
      this.#sums.get(line) ?? Array.from({ length: count }, () => f.local(isScalar ? 'i32' : 'v128'));
    this.#sums.set(line, sums);
    for (const sum of sums) {
      this.#frame.putZero(isScalar ? 'i32' : 'v128');
      f.set(sum);
    }
  }

  add(line: number, instruction: ImageInstruction, value: Value): void {
    const { f } = this.#frame;
    const isReal = instruction.arithmetic === 'real';
    const active = this.#gates.activeMask();
    if (this.#frame.mode.mode === 'scalar') {
      this.#reduceScalar(line, value, active, isReal);
      return;
    }
    const sums = this.#sums.get(line) ?? [];
    const sum = sums[isReal ? this.#frame.unroll % sums.length : 0];
    if (sum === undefined) throw new Error('no sum');
    f.get(sum);
    this.#frame.putNumber(value);
    if (active !== undefined) {
      f.get(active);
      f.v128.and();
    }
    if (isReal) f.f32x4.add();
    else {
      if (this.#frame.mode.mode === 'vector16') f.i32x4.extadd_pairwise_i16x8_s();
      f.i32x4.add();
    }
    f.set(sum);
  }

  #reduceScalar(line: number, value: Value, active: Local | undefined, isReal: boolean): void {
    const { f } = this.#frame;
    const add = (): void => {
      if (!isReal) {
        const sum = this.#sums.get(line)?.[0];
        if (sum === undefined) throw new Error('no sum');
        f.get(sum);
        f.get(value.local);
        f.i32.add();
        f.set(sum);
        return;
      }
      const address = f.local('i32');
      f.get(this.#frame.here().column);
      f.i32.const(15);
      f.i32.and();
      f.i32.const(2);
      f.i32.shl();
      f.tee(address);
      f.get(address);
      f.f32.load(this.#partials(line));
      f.get(value.local);
      f.f32.add();
      f.f32.store(this.#partials(line));
    };
    if (active === undefined) {
      add();
      return;
    }
    f.get(active);
    f.if(add);
  }

  /** Joins the partial sums by a tree and stores the sum into the pre-synaptic neuron's field. */
  finish(line: number, row: Local): void {
    const { f } = this.#frame;
    const instruction = this.#frame.kernel.code[line];
    const target = instruction?.operands[1];
    if (instruction === undefined || target?.is !== 'field') throw new Error('a reduce into nothing');
    const field = this.#frame.ports.field(target.field);
    const isReal = instruction.arithmetic === 'real';
    const sum = f.local(isReal ? 'f32' : 'i32');
    if (isReal) this.#putRealSum(line);
    else this.#putIntegerSum(line);
    f.set(sum);
    const scalar = new PortsCode(
      f,
      this.#frame.constants,
      this.#frame.context.image,
      this.#frame.context.map,
      'scalar',
    );
    const { element, address } = scalar.area(target.field);
    f.get(sum);
    scalar.fit(field, resultRange(instruction));
    f.set(sum);
    if (isReal) {
      f.get(sum);
      f.get(sum);
      f.f32.ne();
      f.if(() => {
        f.i32.const(this.#frame.index);
        f.i32.const(target.field);
        f.get(row);
        f.call(this.#frame.context.failNaN);
      });
    }
    scalar.store(
      target.field,
      { base: this.#frame.scaled(row, elementBytes[element]), offset: address },
      sum,
    );
  }

  #putIntegerSum(line: number): void {
    const { f } = this.#frame;
    const sum = this.#sums.get(line)?.[0];
    if (sum === undefined) throw new Error('no sum');
    f.get(sum);
    if (this.#frame.mode.mode === 'scalar') return;
    for (const lane of [0, 1, 2, 3]) {
      if (lane > 0) f.get(sum);
      f.i32x4.extract_lane(lane);
      if (lane > 0) f.i32.add();
    }
  }

  #putRealSum(line: number): void {
    const { f } = this.#frame;
    let sums = this.#sums.get(line);
    if (sums === undefined) {
      sums = [0, 1, 2, 3].map((quarter) => {
        const local = f.local('v128');
        f.i32.const(this.#partials(line) + 16 * quarter);
        f.v128.load();
        f.set(local);
        return local;
      });
    }
    const [first, second, third, fourth] = sums;
    if (!first || !second || !third || !fourth) throw new Error('no sums');
    const joined = f.local('v128');
    f.get(first);
    f.get(third);
    f.f32x4.add();
    f.get(second);
    f.get(fourth);
    f.f32x4.add();
    f.f32x4.add();
    f.set(joined);
    // Lanes 0 + 2 and 1 + 3, then their sum.
    f.get(joined);
    f.f32x4.extract_lane(0);
    f.get(joined);
    f.f32x4.extract_lane(2);
    f.f32.add();
    f.get(joined);
    f.f32x4.extract_lane(1);
    f.get(joined);
    f.f32x4.extract_lane(3);
    f.f32.add();
    f.f32.add();
  }
}

/** The range of an instruction's integer result, from the compiler's analysis. */
function resultRange({ low, high }: ImageInstruction): Interval | undefined {
  return low === undefined || high === undefined ? undefined : interval(low, high);
}
