import { expect, test, vi } from 'vitest';

// What is calculated by hand for the reference engine holds for the fast one: the same tests, driven by the other engine.

vi.mock('../../../src/engine/index.ts', async (original) => {
  const engines = await original<typeof import('../../../src/engine/index.ts')>();
  return { ...engines, ReferenceCore: engines.FastCore };
});

await import('../reference/fifo.test.ts');
await import('../reference/float.test.ts');
await import('../reference/gates.test.ts');
await import('../reference/hand-network.test.ts');
await import('../reference/lists.test.ts');
await import('../reference/records.test.ts');
await import('../reference/state.test.ts');

const { handCore, handEngine } = await import('../reference/hand-network.ts');

test('the fast engine is the one that runs', () => {
  expect(handEngine(handCore()).engine).toBe('fast');
});
