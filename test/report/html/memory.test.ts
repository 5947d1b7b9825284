import { describe, expect, test } from 'vitest';
import { deploy, parseSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { fieldBits } from '../../../src/report/html/sections/memory.ts';
import { memoryOf } from '../../../src/report/index.ts';
import { handMadeReport } from './hand-made.ts';

const memoryAt = (precision: string, set: readonly string[], program = 'mnist-snn') =>
  memoryOf(
    deploy(
      {
        program: { name: program, from: '' },
        hw: { name: 'reference', from: '' },
        precision,
        seed: 1,
        settings: parseSettings(set),
      },
      findFile,
    ).image,
  );

describe('bits by field on each basis', () => {
  test('copies beside shadow weights, or weights cut from them', () => {
    const { fields } = handMadeReport().memory;
    const bits = (on: 'training' | 'inference', copies: 'stored' | 'sliced') =>
      Object.fromEntries(fieldBits(fields, on, copies));
    expect(bits('training', 'stored')).toEqual({ 'in.shadow': 512, 'in.weight': 256, 'hidden.v': 32 });
    expect(bits('training', 'sliced')).toEqual({ 'in.shadow': 512, 'hidden.v': 32 });
    expect(bits('inference', 'stored')).toEqual({ 'in.weight': 256, 'hidden.v': 32 });
    expect(bits('inference', 'sliced')).toEqual({ 'in.shadow': 512, 'hidden.v': 32 });
  });

  test.each([
    ['mp16-8', []],
    ['mp16-8', ['hw.inferenceWeights=sliced']],
    ['mp8-4', []],
    ['mp8-8', []],
    ['mp16-16', []],
    ['fp32', []],
  ])('add up to what savings are computed from: %s %s', (precision, set) => {
    const memory = memoryAt(precision, set);
    const compared = memory.savings.filter(({ basis }) => basis === 'training' || basis === 'inference');
    expect(compared.length).toBeGreaterThan(1);
    for (const { basis, inferenceWeights, bits } of compared) {
      const on = basis === 'training' ? 'training' : 'inference';
      const fields = fieldBits(memory.fields, on, inferenceWeights);
      expect([basis, inferenceWeights, [...fields.values()].reduce((a, b) => a + b, 0)]).toEqual([
        basis,
        inferenceWeights,
        bits,
      ]);
    }
  });

  // Only learning reads the 1 x 256 weights of mnist-stdp's inhibitor, and the 10 x 10 among outputs of speech-snn.
  test.each([
    ['mnist-stdp', 'inhibitorToHidden.weight', 2048],
    ['speech-snn', 'outputToOutput.weight', 800],
  ])('inference alone holds no projection that only learning needs: %s', (program, weights, bits) => {
    for (const set of [[], ['hw.inferenceWeights=sliced']])
      for (const precision of ['mp16-8', 'mp8-8']) {
        const { fields, savings, inferenceBits } = memoryAt(precision, set, program);
        expect(fieldBits(fields, 'training', 'stored').get(weights)).toBe(bits);
        const sums = (['stored', 'sliced'] as const).map((copies) => {
          const held = fieldBits(fields, 'inference', copies);
          expect(held.has(weights)).toBe(false);
          const sum = [...held.values()].reduce((a, b) => a + b, 0);
          const saving = savings.find(
            ({ basis, inferenceWeights }) => basis === 'inference' && inferenceWeights === copies,
          );
          if (saving !== undefined) expect(saving.bits).toBe(sum);
          return sum;
        });
        // What the compiler allocates for the one way that the core has.
        expect(sums).toContain(inferenceBits);
      }
  });
});
