/** A graph of NIR that a person gave the page, and what it does not say. */
import { type Signal, signal } from '@preact/signals';
import type { DroppedFile } from '../../shared/protocol.ts';

/** The frameworks whose graphs of NIR are known. The worker refuses any other. */
export const frameworks = ['snntorch', 'norse', 'sinabs', 'rockpool', 'spikingjelly'];
/** The choice of no framework. */
export const atItsWord = 'strict';
/** Steps of a sample of a graph, if nothing else is chosen. */
export const usualSteps = 32;

export interface AskedGraph {
  readonly file: DroppedFile;
  readonly samples: DroppedFile | undefined;
  /** The framework that wrote it, or {@link atItsWord}; undefined until it is known. */
  readonly from: string | undefined;
  readonly steps: number;
}

/** The graph that was dropped last; it stays, so that what was said of it can be changed. */
export const asked: Signal<AskedGraph | undefined> = signal(undefined);

/**
 * A graph among dropped files, alone or with samples for it.
 *
 * @param before the graph before it: what was said of a file of the same name still holds
 */
export function graphIn(
  files: readonly DroppedFile[],
  before: AskedGraph | undefined,
): AskedGraph | undefined {
  const file = files.find(({ name }) => /\.nir$/i.test(name));
  const samples = files.find(({ name }) => /\.npz$/i.test(name));
  const isAll = files.length === (samples === undefined ? 1 : 2);
  if (file === undefined || !isAll) return undefined;
  const same = before?.file.name === file.name ? before : undefined;
  return { file, samples, from: same?.from ?? namedBy(file), steps: same?.steps ?? usualSteps };
}

/** The framework in the name of a file. NIR itself has no place for it. */
export function namedBy({ name }: Pick<DroppedFile, 'name'>): string | undefined {
  return frameworks.find((framework) => name.toLowerCase().includes(framework));
}
