import { hostScalars } from '../../../../isa/index.ts';
import {
  call,
  type FunctionHandle,
  i32,
  i32x4,
  type ModuleBuilder,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../../wasm/index.ts';
import type { MemoryMap } from '../../plan/memory/memory-map.ts';
import { zeroVector } from '../body/context.ts';
import { StoredI32 } from './stored-i32.ts';

/*
 * A sample whose spikes are known before it begins: a call from JavaScript takes longer than a small step, and a look
 * at a spike there longer than its row here.
 */

/** Vectors of neurons that are checked at a time. */
const vectors = 4;

/** Words behind a list of neurons that its check clears. */
export const clearedWords = (vectors * vectorBytes) / 4;

/** A function (address of neurons, u32 each; their number; size): whether any of them is not below the size. */
export function writeExceeds(module: ModuleBuilder): FunctionHandle<readonly ['i32', 'i32', 'i32']> {
  return module.function(
    'exceeds',
    { params: ['i32', 'i32', 'i32'], results: ['i32'] },
    (f, next, count, size) => {
      const end = f.keep(next.plus(count.shiftLeft(2)));
      const places = Array.from({ length: vectors }, (_, vector) => vector * vectorBytes);
      f.do(...places.map((place) => v128.store(end, zeroVector(), place)));
      const highest = places.map((place) => ({ place, local: f.local('v128') }));
      whileBelow(f, next, end, vectors * vectorBytes, () => {
        for (const { place, local } of highest) f.set(local, i32x4.max_u(local, v128.load(next, place)));
      });
      const limit = f.keep(i32x4.splat(size));
      const exceeding = highest.map(({ local }) => i32x4.ge_u(local, limit));
      f.return(v128.any_true(exceeding.reduce((some, others) => v128.or(some, others))));
    },
  );
}

/**
 * A function (address of neurons, address of offsets, next step, steps): runs the steps from the next one on. Step t
 * has the neurons from offset t up to, not including, offset t + 1.
 */
export function writeFinish(
  module: ModuleBuilder,
  map: MemoryMap,
  step: FunctionHandle<readonly []>,
): FunctionHandle<readonly ['i32', 'i32', 'i32', 'i32']> {
  const now = new StoredI32(map.host + 4 * hostScalars.indexOf('step'));
  const [first, count] = [new StoredI32(map.input), new StoredI32(map.input + 4)];
  return module.function(
    'finish',
    { params: ['i32', 'i32', 'i32', 'i32'], results: [] },
    (f, neurons, offsets, next, steps) => {
      whileBelow(f, next, steps, 1, () => {
        const offset = f.keep(offsets.plus(next.shiftLeft(2)));
        const from = f.keep(i32.load(offset));
        const to = i32.load(offset, 4);
        f.do(now.set(next), first.set(neurons.plus(from.shiftLeft(2))), count.set(to.minus(from)));
        f.drop(call(step));
      });
    },
  );
}
