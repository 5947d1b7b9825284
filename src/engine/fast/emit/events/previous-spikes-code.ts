import { type FunctionBuilder, type Local, whileLess } from '../../builder/index.ts';
import type { PreviousSpikes } from '../../plan/memory/index.ts';

/** No neuron has spiked in this step, nor in the one before. */
export function forgetSpikes(f: FunctionBuilder, { flags, list, size }: PreviousSpikes): void {
  clearFlags(f, flags, size);
  f.i32.const(0);
  f.i32.const(0);
  f.i32.store(list);
}

function clearFlags(f: FunctionBuilder, flags: number, size: number): void {
  f.i32.const(flags);
  f.i32.const(0);
  f.i32.const(size);
  f.memory.fill();
}

/** A neuron has spiked in this step. */
export function keepSpike(f: FunctionBuilder, { flags }: PreviousSpikes, neuron: Local): void {
  f.get(neuron);
  f.i32.const(1);
  f.i32.store8(flags);
}

/** A step begins: the spikes of the last one become those of the previous step. */
export function turnSpikes(f: FunctionBuilder, { flags, list, size }: PreviousSpikes): void {
  const neuron = f.local('i32');
  const next = f.local('i32');
  for (const local of [neuron, next]) {
    f.i32.const(0);
    f.set(local);
  }
  whileLess(f, neuron, size, 1, () => {
    f.get(neuron);
    f.i32.load8_u(flags);
    f.if(() => {
      f.get(next);
      f.get(neuron);
      f.i32.store(list + 4);
      f.get(next);
      f.i32.const(4);
      f.i32.add();
      f.set(next);
    });
  });
  f.i32.const(0);
  f.get(next);
  f.i32.const(2);
  f.i32.shr_u();
  f.i32.store(list);
  clearFlags(f, flags, size);
}
