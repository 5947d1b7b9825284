import { expect, test } from 'vitest';
import { readObserved } from '../../src/rtl/index.ts';
import { expectError } from '../support/errors.ts';

const image = { banks: [{ usedWords: 2, wordBits: 16 }] } as unknown as Parameters<typeof readObserved>[1];

test('what a bench has observed', () => {
  const text = 'sample\nspike 1 4\nstep 12\nstep 3\nword 0 0 0102\nword 0 1 ffff\nend\n';
  expect(readObserved(text, image)).toEqual([
    { cycles: [12, 3], spikes: [[[1, 4]], []], banks: [Uint32Array.of(0xffff0102)] },
  ]);
});

test.each([
  ['sample\nunknown bank state: what is written\n', 'after the reset, an unknown value reached bank state'],
  ['sample\nstep 3\nword 0 0 01x2\nend\n', 'word 0 of a bank has unknown bits: 01x2'],
  ['sample\nstep 3\nfault\n', 'the FIFO was full while a kernel pushed spikes, and too many wait already'],
  ['sample\nstep 3\n', 'the simulation ended in sample 0'],
])('%j is refused', (text, said) => {
  expectError(() => readObserved(text, image), 'run', said);
});
