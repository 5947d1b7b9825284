import { expect, test } from 'vitest';
import { expectedText, readObserved } from '../../src/rtl/index.ts';
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

test('a bank may have more words than a call takes arguments', () => {
  const usedWords = 300_000;
  const core = {
    image: { banks: [{ usedWords, wordBits: 2 }], epochs: [0], replays: false },
    busyCycles: () => 0,
    setEpoch: () => undefined,
    begin: () => undefined,
    stepsDone: 0,
    save: () => ({ banks: [new Uint32Array(usedWords / 16)], generators: new Uint32Array() }),
  } as unknown as Parameters<typeof expectedText>[0];
  const text = expectedText(core, [{ interval: 0, label: 0, learn: false, inputs: [] }], () => true);
  expect(text.split('\n').filter((line) => line.startsWith('word '))).toHaveLength(usedWords);
});
