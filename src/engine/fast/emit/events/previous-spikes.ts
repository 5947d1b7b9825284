import { type FunctionBuilder, i32, type Local, memory, whileBelow } from '../../../../wasm/index.ts';
import type { PreviousSpikes } from '../../plan/memory/previous-spikes.ts';

/** No neuron has spiked in this step, nor in the one before. */
export function forgetSpikes(f: FunctionBuilder, { flags, list, size }: PreviousSpikes): void {
  f.do(memory.fill(flags, 0, size), i32.store(0, 0, list));
}

/** A neuron has spiked in this step. */
export function keepSpike(f: FunctionBuilder, kept: PreviousSpikes, spike: Local<'i32'>): void {
  const { flags, values, neuronMask } = kept;
  if (values === undefined) {
    f.do(i32.store8(spike, 1, flags));
    return;
  }
  const neuron = f.keep(spike.and(neuronMask));
  f.do(i32.store8(neuron, 1, flags), i32.store(neuron.shiftLeft(2), spike, values));
}

/** A step begins: the neurons that spiked in the last one, each once and in ascending order, become the list. */
export function turnSpikes(f: FunctionBuilder, { flags, values, list, size }: PreviousSpikes): void {
  const neuron = f.keep(i32.const(0));
  const bytes = f.keep(i32.const(0));
  whileBelow(f, neuron, size, 1, () => {
    f.if(i32.load8_u(neuron, flags), () => {
      const spike = values === undefined ? neuron : i32.load(neuron.shiftLeft(2), values);
      f.do(i32.store(bytes, spike, list + 4));
      f.set(bytes, bytes.plus(4));
    });
  });
  f.do(i32.store(0, bytes.shiftRight(2), list), memory.fill(flags, 0, size));
}
