import { createCore, engineNames } from '../../src/engine/index.ts';
import type { CoreImage } from '../../src/image/index.ts';
import { indexOfField } from './core.ts';

/** The items of a field before the first sample, from both engines, which must agree. */
export function initialItems(image: CoreImage, field: string): number[] {
  const [first, ...others] = engineNames.map((name) => [
    ...createCore(image, { engine: name }).read(indexOfField(image, field)),
  ]);
  for (const other of others)
    if (JSON.stringify(other) !== JSON.stringify(first)) throw new Error(`the engines differ in ${field}`);
  return first ?? [];
}
