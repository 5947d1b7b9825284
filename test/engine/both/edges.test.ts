import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { edgeKernels } from '../../../scripts/edge-kernels.ts';
import { createEncoder, readNpz } from '../../../src/data/index.ts';
import { engineNames, presented, runSample } from '../../../src/engine/index.ts';
import { findFile } from '../../../src/fs/index.ts';
import { loadCore } from '../../../src/library/index.ts';
import { hash32 } from '../../../src/random/index.ts';
import { at } from '../../../src/text/index.ts';
import { valuesOf } from '../../support/core.ts';

/*
 * The layer of lifetime-edges that is not learnt, against its definition in plain loops: neurons that fade by half,
 * count crossings of a threshold up to 2, and pools of 4 x 4 counts.
 */
const [side, window, channels, steps] = [28, 5, 16, 8];
const places = (side - window + 1) / 2;
const kernels = edgeKernels().data;

const picture = Uint8Array.from({ length: side * side }, (_, pixel) => {
  const [row, column] = [Math.floor(pixel / side), pixel % side];
  const isStroke = Math.abs(row - column) < 3 || (column > 18 && column < 22);
  return isStroke ? 150 + (hash32(pixel) % 100) : 0;
});

/** Counts of edges and lines at each place, from spikes by step. */
function countsOf(spikes: readonly ReadonlySet<number>[]): number[][][] {
  return plane(places, (row, column, channel) => {
    let [v, count] = [0, 0];
    for (const step of spikes) {
      v -= Math.floor(v / 2);
      for (let y = 0; y < window; y++)
        for (let x = 0; x < window; x++)
          if (step.has((2 * row + y) * side + 2 * column + x))
            v += Number(at(kernels, (y * window + x) * channels + channel));
      if (v < 76) continue;
      v -= 76;
      count = Math.min(count + 1, 2);
    }
    return count;
  });
}

function plane(
  size: number,
  valueAt: (row: number, column: number, channel: number) => number,
): number[][][] {
  return Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) =>
      Array.from({ length: channels }, (_, channel) => valueAt(row, column, channel)),
    ),
  );
}

it('has the kernels that the script makes', () => {
  const bytes = readFileSync(new URL('../../../programs/lifetime-edges.npz', import.meta.url));
  expect(readNpz(bytes, 'lifetime-edges.npz').get('edges')).toEqual(edgeKernels());
  for (let channel = 0; channel < channels; channel++) {
    const kernel = [...kernels].filter((_, index) => index % channels === channel).map(Number);
    // Rounding moves each of 25 weights by half at most.
    expect(Math.abs(kernel.reduce((sum, weight) => sum + Math.abs(weight), 0) - 256)).toBeLessThanOrEqual(
      12.5,
    );
    expect(Math.abs(kernel.reduce((sum, weight) => sum + weight, 0))).toBeLessThanOrEqual(12.5);
  }
  // An upright edge: bright on the right.
  expect([0, 2, 4].map((column) => Math.sign(Number(at(kernels, column * channels))))).toEqual([-1, 0, 1]);
});

describe.each(engineNames)('edges on the %s engine', (engine) => {
  it.each(['mp16-8', 'mp8-4'])('are counted and pooled as defined at %s', (precision) => {
    const core = loadCore('lifetime-edges', { on: 'large', precision, engine }, findFile).machine;
    const { offsets, indices } = createEncoder('bernoulli').encode(
      picture,
      { seed: 1, epoch: 0, sample: 0 },
      steps,
    );
    const spikes = Array.from(
      { length: steps },
      (_, step) => new Set(indices.subarray(offsets[step], offsets[step + 1])),
    );
    const again = createEncoder('bernoulli').encode(picture, { seed: 1, epoch: 0, sample: 0 }, steps);
    runSample(core, presented(core.image, again), { label: 0, learn: false });
    const counts = countsOf(spikes);
    expect(valuesOf(core, 'edge.count')).toEqual(counts.flat(2));
    const pooled = plane(5, (row, column, channel) => {
      let sum = 0;
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++) sum += at(at(at(counts, 2 * row + y), 2 * column + x), channel);
      return sum;
    });
    expect(valuesOf(core, 'pooled.value')).toEqual(pooled.flat(2));
    expect(Math.max(...pooled.flat(2))).toBeGreaterThan(8);
  });
});
