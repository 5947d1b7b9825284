import { expect, test } from 'vitest';
import { denseSynapses, potentialsOf, recurrent, sparse, sparseSynapses } from '../machine/recurrent.ts';
import { hashOf, runNative } from './native-network.ts';

test.each([
  ['recurrent-1024', () => recurrent(4), () => ({ ...denseSynapses(), targets: undefined })],
  ['sparse-16k', () => sparse(16), sparseSynapses],
])('%s in C spikes alike, and has the same potentials', (_, start, data) => {
  const native = runNative(data(), 40, 2);
  if (native === undefined) return;
  const system = start();
  const own = native.map(() => {
    let spikes = 0;
    for (let step = 0; step < 40; step++) spikes += system.step();
    return { spikes, hash: hashOf(potentialsOf(system)) };
  });
  expect(native.map(({ spikes, hash }) => ({ spikes, hash }))).toEqual(own);
  expect(own[2]?.spikes).toBeGreaterThan(1000);
});
