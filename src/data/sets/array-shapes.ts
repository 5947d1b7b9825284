import { PlasticoreError } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';

/** The labels of samples without any. */
export const unlabelled = (count: number) => ({ classes: 0, labels: new Uint8Array(count) });

/** The shape of an array of at least so many axes. */
export function shapeOf(source: ArrayFile, name: string, least: number, expected: string): readonly number[] {
  const shape = source.shape(name);
  if (shape.length >= least && !source.isRagged(name) && shape.every((length) => length > 0)) return shape;
  throw new PlasticoreError('data', `'${name}' has the shape ${shown(shape)}, expected ${expected}`, {
    file: source.file,
  });
}

export function shown(shape: readonly number[]): string {
  return shape.length === 0 ? 'of a single number' : shape.join(' x ');
}

/** Where rows of these lengths begin and end, one after the other. */
export function spans(lengths: readonly number[]): {
  offsets: Uint32Array;
  starts: Uint32Array;
  ends: Uint32Array;
} {
  const offsets = new Uint32Array(lengths.length + 1);
  for (const [row, length] of lengths.entries()) offsets[row + 1] = (offsets[row] ?? 0) + length;
  return { offsets, starts: offsets.slice(0, -1), ends: offsets.slice(1) };
}
