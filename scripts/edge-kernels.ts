import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NdArray, writeNpz } from '../src/data/index.ts';

// npx tsx scripts/edge-kernels.ts: writes the fixed weights of program lifetime-edges, programs/lifetime-edges.npz.

const window = 5;
const orientations = 8;

/**
 * Kernels of 5 x 5 for a single channel: eight edges (a Gaussian's derivative) at multiples of 45 degrees, then eight
 * lines (its second derivative) at multiples of 22.5. Each is less its mean, and its magnitudes sum to 256 before they
 * are rounded.
 *
 * @returns integers of shape rows x columns x 1 x kernels, as the weights of a convolution
 */
export function edgeKernels(): NdArray {
  const kernels = Array.from({ length: 2 * orientations }, (_, kernel) => scaled(kernelAt(kernel)));
  const data = new Int8Array(window * window * kernels.length);
  for (const [kernel, values] of kernels.entries())
    for (const [place, value] of values.entries()) data[place * kernels.length + kernel] = value;
  return { shape: [window, window, 1, kernels.length], data };
}

/** A kernel before it is scaled, row by row. */
function kernelAt(kernel: number): number[] {
  const isEdge = kernel < orientations;
  const angle = isEdge
    ? (2 * Math.PI * kernel) / orientations
    : (Math.PI * (kernel - orientations)) / orientations;
  return Array.from({ length: window * window }, (_, place) => {
    const [x, y] = [(place % window) - 2, Math.floor(place / window) - 2];
    const across = x * Math.cos(angle) + y * Math.sin(angle);
    const along = -x * Math.sin(angle) + y * Math.cos(angle);
    return isEdge
      ? across * Math.exp(-(across ** 2 + along ** 2) / (2 * (5 / 3) ** 2))
      : (1 - across ** 2) * Math.exp(-(across ** 2) / 2) * Math.exp(-(along ** 2) / 8);
  });
}

function scaled(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const magnitude = centred.reduce((sum, value) => sum + Math.abs(value), 0);
  // Math.round gives -0 for small negative values.
  return centred.map((value) => Math.round((256 * value) / magnitude) + 0);
}

const [, script] = process.argv;
if (script === fileURLToPath(import.meta.url))
  writeFileSync(
    join(import.meta.dirname, '..', 'programs', 'lifetime-edges.npz'),
    writeNpz({ edges: edgeKernels() }),
  );
