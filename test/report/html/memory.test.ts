import { describe, expect, test } from 'vitest';
import { deploy, parseSettings } from '../../../src/experiment/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { fieldBits } from '../../../src/report/html/sections/memory.ts';
import { memoryOf } from '../../../src/report/index.ts';
import { handMadeReport } from './hand-made.ts';

const memoryAt = (precision: string, ...set: readonly string[]) =>
  memoryOf(
    deploy(
      {
        program: { name: 'mnist-snn', from: '' },
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
    const memory = memoryAt(precision, ...set);
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
});
