import { describe, expect, test } from 'vitest';
import { FastCore } from '../../../src/engine/index.ts';
import { memoryOf } from '../../../src/report/index.ts';
import { compileProgram } from '../../bench/deployment.ts';
import { linearBytes } from '../../support/linear-memory.ts';
import { inThorough } from '../../support/thorough.ts';

/** FIFO, counters, the input spikes of a sample and what belongs to the input population; whole pages of 64 KiB. */
const constantBytes = 4 * 65_536;

/*
 * mnist-snn has 784 + 10 weights for each hidden neuron: with 16-bit shadow and 8-bit inference weights 2382 bytes.
 * They lie unpacked as they are, but for rows of ten that are padded to 16: 18 bytes. Beside them a neuron has 6 bytes
 * of masks for its column, 6 for its place in a row of weights, 4 in a list of spikes, 4 behind the end, and a flag
 * takes a byte: 40 bytes of 2382 are less than 2 %.
 */
const forNeurons = 1.02;

describe.each([
  ['mp16-8', forNeurons],
  // Inference weights of 4 bits lie in bytes: 24 bits in place of 20.
  ['mp16-4', (24 / 20) * forNeurons],
] as const)('the memory of a run at %s', (precision, most) => {
  test.each(inThorough([64, 256, 1024, 4096], [64, 256, 1024]))(
    'is the image and a constant, with %i hidden neurons',
    (hidden) => {
      const banks = ['weight', 'shadow', 'state'].map((bank) => `hw.banks.${bank}.capacityBits=${2 ** 26}`);
      const image = compileProgram(
        'mnist-snn',
        [`program.populations.hidden.size=${hidden}`, ...banks],
        precision,
      );
      const imageBytes = memoryOf(image).totalBits / 8;
      expect(imageBytes).toBeGreaterThan(784 * hidden * 2);
      const bytes = linearBytes(() => new FastCore(image));
      expect(bytes).toBeGreaterThan(imageBytes);
      expect(bytes).toBeLessThanOrEqual(most * imageBytes + constantBytes);
    },
  );
});
