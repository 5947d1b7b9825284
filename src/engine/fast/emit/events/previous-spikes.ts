import {
  type FunctionBuilder,
  type I32,
  i32,
  memory,
  type Statement,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { PreviousSpikes } from '../../plan/memory/previous-spikes.ts';

/** No neuron has spiked in this step, nor in the one before. */
export function forgetSpikes(f: FunctionBuilder, { flags, list, size }: PreviousSpikes): void {
  f.do(memory.fill(flags, 0, size), i32.store(0, 0, list));
}

/** A neuron has spiked in this step. */
export function keepSpike({ flags }: PreviousSpikes, neuron: I32): Statement {
  return i32.store8(neuron, 1, flags);
}

/** A step begins: the neurons that spiked in the last one, each once and in ascending order, become the list. */
export function turnSpikes(f: FunctionBuilder, { flags, list, size }: PreviousSpikes): void {
  const neuron = f.keep(i32.const(0));
  const bytes = f.keep(i32.const(0));
  whileBelow(f, neuron, size, 1, () => {
    f.if(i32.load8_u(neuron, flags), () => {
      f.do(i32.store(bytes, neuron, list + 4));
      f.set(bytes, bytes.plus(4));
    });
  });
  f.do(i32.store(0, bytes.shiftRight(2), list), memory.fill(flags, 0, size));
}
