import { expect, test } from 'vitest';
import { batchMemory } from '../../src/report/batch-memory.ts';

/** The network of the thesis' table. */
const printed = { inputs: 150, hidden: 256, outputs: 20, isRecurrent: true, batch: 128, steps: 10 };

test('the sections of the published table, to the byte', () => {
  const { sections } = batchMemory(printed);
  expect(sections.map(({ bytes, fp32Bytes }) => [bytes, fp32Bytes])).toEqual([
    [311_812, 831_496],
    [15_364, 40_968],
    [8, 20],
    [14_842_624, 39_537_664],
    [749_376, 2_728_256],
    [2560, 10_240],
    [11_520, 40_960],
    [160_128, 438_272],
  ]);
});

test('the sums, and what the thesis prints in their place', () => {
  const { sections, bases } = batchMemory(printed);
  expect(bases[0]).toMatchObject({ bytes: 16_093_392, fp32Bytes: 43_627_876 });
  // The thesis prints 831 494 and 10 420 bytes of FP32 for two sections, and the sums of what it prints: its sums are
  // off by no more than these slips, and by 6 bytes of integers.
  const [hidden, , , , , error] = sections;
  expect([hidden?.fp32Bytes, error?.fp32Bytes]).toEqual([831_494 + 2, 10_420 - 180]);
  expect(43_628_054 - 43_627_876).toBe(180 - 2);
  expect(16_093_386 - (bases[0]?.bytes ?? 0)).toBe(-6);
});

test.each([
  // Savings by hand from the elements: a trace for each synapse, for each input, and with one copy of FP32 weights.
  [{ ...printed, inputs: 175 }, [63.0, 53.2, 52.4]],
  [{ ...printed, inputs: 175, batch: 1 }, [64.8, 63.6, 47.9]],
  [{ inputs: 784, hidden: 100, outputs: 10, isRecurrent: false, batch: 128, steps: 20 }, [62.7, 51.3, 50.9]],
])('what %o saves on each basis', (network, percents) => {
  const saved = batchMemory(network).bases.flatMap(({ bytes, fp32Bytes }) =>
    fp32Bytes === undefined ? [] : [Number((100 * (1 - bytes / fp32Bytes)).toFixed(1))],
  );
  expect(saved).toEqual(percents);
});

test('histories of neurons take 0.56 MB where traces of synapses take 30.8', () => {
  const { bases } = batchMemory({
    ...{ inputs: 784, hidden: 100, outputs: 10, isRecurrent: false, batch: 128, steps: 20 },
  });
  // 79 400 weights of 16 + 8 + 32 bits; 784 + 2 x 100 + 10 histories of 20 bits; 35 bits a hidden neuron, 32 an output.
  const bits = 79_400 * 56 + (784 + 200 + 10) * 20 + 100 * 35 + 10 * 32 + 4 * 16 + 63;
  expect(bases.map(({ bytes }) => bytes)).toEqual([30_832_898, 20_883_650, 20_883_650, Math.ceil(bits / 8)]);
});
