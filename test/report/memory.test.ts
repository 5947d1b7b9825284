import { describe, expect, test } from 'vitest';
import { deploy, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { type Basis, fp32Sizes, memoryOf } from '../../src/report/index.ts';
import { memoryTables, plain } from '../../src/report/node.ts';

const imageOf = (precision: string, ...set: readonly string[]) =>
  compiled('mnist-snn', 'reference', precision, set);

const compiled = (program: string, hw: string, precision: string, set: readonly string[] = []) =>
  deploy(
    {
      program: { name: program, from: '' },
      hw: { name: hw, from: '' },
      precision,
      seed: 1,
      settings: parseSettings(set),
    },
    findFile,
  ).image;

/*
 * By hand, for 784-256-10.
 * Weights: 784 x 256 + 256 x 10 = 203 264.
 * States at 4 and 8 bits: 784 x 8 (trace) + 256 x (16 + 8 + 1 + 16 + 8) (v, trace, box, feedback, signal)
 *   + 10 x (16 + 8) (v, signal) = 6272 + 12 544 + 240 = 19 056.
 * FP32 states: 784 x 32 + 256 x (4 x 32 + 1) + 10 x 64 = 25 088 + 33 024 + 640 = 58 752: the box is a flag.
 */
const weights = 203_264;
const states = 19_056;
const fp32States = 58_752;
/**
 * A hidden neuron's gathered error, which this core stores (16 bits, 32 at FP32) and a prototype keeps in a register.
 */
const feedback = { bits: 256 * 16, fp32Bits: 256 * 32 };

describe('memory of mnist-snn', () => {
  test('in all, and for inference', () => {
    const memory = memoryOf(imageOf('mp16-8'));
    expect(memory.totalBits).toBe(24 * weights + states);
    // Inference needs the 8-bit copies and the membranes, 256 x 16 + 10 x 16.
    expect(memory.inferenceBits).toBe(8 * weights + 4096 + 160);
    expect(memory.fields.find(({ name }) => name === 'inputToHidden.shadow')).toEqual({
      name: 'inputToHidden.shadow',
      bank: 'shadow',
      bitsPerItem: 16,
      count: 784 * 256,
      totalBits: 784 * 256 * 16,
      allocatedBits: 784 * 256 * 16,
      neededFor: 'learning',
    });
    // A row of ten 8-bit weights takes a word of 128 bits; 784 traces of 8 bits take 25 words of 256.
    expect(memory.fields.find(({ name }) => name === 'hiddenToOutput.weight')?.allocatedBits).toBe(256 * 128);
    expect(memory.fields.find(({ name }) => name === 'input.trace')?.allocatedBits).toBe(25 * 256);
  });

  test('of a sliced core: no copies, and inference needs the shadow weights', () => {
    const memory = memoryOf(imageOf('mp16-8', 'hw.inferenceWeights=sliced'));
    expect(memory.totalBits).toBe(16 * weights + states);
    expect(memory.inferenceBits).toBe(16 * weights + 4256);
    expect(memory.fields.find(({ name }) => name === 'inputToHidden.weight')).toMatchObject({
      bank: null,
      totalBits: 0,
    });
  });

  test('FP32 is what the compiler allocates for the baseline', () => {
    const expected = { weights: 32 * weights, states: fp32States };
    expect(fp32Sizes(imageOf('mp16-8'))).toMatchObject(expected);
    expect(fp32Sizes(imageOf('mp8-4'))).toMatchObject(expected);
    const baseline = memoryOf(imageOf('fp32'));
    expect(baseline.totalBits).toBe(32 * weights + fp32States);
    expect(baseline.savings.find(({ basis }) => basis === 'training')?.ratio).toBe(0);
  });

  const saved = (precision: string, basis: Basis, copies: 'stored' | 'sliced') => {
    const found = memoryOf(imageOf(precision)).savings.find(
      (saving) => saving.basis === basis && saving.inferenceWeights === copies,
    );
    if (found === undefined) throw new Error(`no saving ${basis}, ${copies}`);
    return found;
  };

  test.each([
    // What a weight takes, and the percentages of the recipe: weights alone, with states, against stored gradients.
    ['mp16-8', 'sliced', 16, 50, 50.2, 75.0],
    ['mp16-4', 'stored', 20, 37.5, 37.8, 68.8],
    ['mp16-8', 'stored', 24, 25, 25.4, 62.5],
    ['mp8-4', 'stored', 12, 62.5, 62.6, 81.2],
  ] as const)('savings of %s, %s', (precision, copies, bits, alone, withStates, gradients) => {
    const all = bits * weights + states;
    const fp32 = 32 * weights + fp32States;
    expect(saved(precision, 'weights', copies)).toMatchObject({
      bits: bits * weights,
      fp32Bits: 32 * weights,
      ratio: 1 - bits / 32,
    });
    expect(saved(precision, 'training', copies)).toMatchObject({ bits: all, fp32Bits: fp32 });
    const withGradients = saved(precision, 'training, FP32 with gradients', copies);
    expect(withGradients).toMatchObject({ bits: all, fp32Bits: fp32 + 32 * weights });
    expect(saved(precision, 'weights, FP32 with gradients', copies).ratio).toBe(1 - bits / 64);

    // Ours are the recipe's figures but for two that are a tenth lower, 62.5 (8 + 4) and 68.7 (16 + 4): the recipe's
    // are reached where hidden.feedback is not stored.
    const percent = (ratio: number) => Number((100 * ratio).toFixed(1));
    const without = (extra: number) => 1 - (all - feedback.bits) / (fp32 - feedback.fp32Bits + extra);
    expect(100 * saved(precision, 'weights', copies).ratio).toBe(alone);
    expect(percent(without(0))).toBe(withStates);
    expect(percent(without(32 * weights))).toBe(gradients);
    expect(percent(saved(precision, 'training', copies).ratio)).toBe(
      precision === 'mp8-4' ? 62.5 : withStates,
    );
    expect(percent(withGradients.ratio)).toBe(precision === 'mp16-4' ? 68.7 : gradients);
  });

  test('inference alone with 8 bits saves 75 %', () => {
    expect(saved('mp16-8', 'inference weights', 'stored').ratio).toBe(0.75);
  });

  test('where no bit is dropped there is nothing to store', () => {
    const variants = memoryOf(imageOf('mp8-8')).savings.map(({ inferenceWeights }) => inferenceWeights);
    expect(new Set(variants)).toEqual(new Set(['sliced']));
  });

  test('is printed with a column for each precision', () => {
    const all = ['mp8-4', 'mp16-8'].map((precision) => ({ precision, memory: memoryOf(imageOf(precision)) }));
    const lines = memoryTables(all, plain)
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(['bits per item', 'bank', 'needed for', 'items', 'mp8-4', 'mp16-8']);
    expect(lines).toContainEqual(['inputToHidden.weight', 'weight', 'inference', '200 704', '4', '8']);
    expect(lines).toContainEqual(['bits in all', '2 458 224', '4 897 392']);
    expect(lines).toContainEqual(['training', 'stored', '62.5 %', '25.4 %']);
  });

  test.each(['odin', 'reckon'])('%s has no float32 baseline, and saves nothing against it', (chip) => {
    const memory = memoryOf(compiled(chip, chip, 'own'));
    expect(memory.totalBits).toBeGreaterThan(0);
    expect(memory.savings).toEqual([]);
    const text = memoryTables([{ precision: 'own', memory }], plain);
    expect(text).toContain('bits in all');
    expect(text).not.toContain('saved');
  });
});
