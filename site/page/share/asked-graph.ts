/** A graph of NIR that a person gave the page, and what it does not say. */
import { type Signal, signal } from '@preact/signals';
import { unzipSync } from 'fflate';
import type { DroppedFile } from '../../shared/dropped-file.ts';
import type { GraphOptions, GraphView } from '../../shared/graphs.ts';

/** The frameworks whose graphs of NIR are known. The worker refuses any other. */
export const frameworks = ['snntorch', 'norse', 'sinabs', 'rockpool', 'spikingjelly'];
/** The choice of no framework. */
export const atItsWord = 'strict';
/** The kinds of input of a graph, in words. */
export const inputKinds = {
  spikes: 'spikes',
  values: 'a value in each step',
  constant: 'the same value in all steps',
} as const;
/** Steps of a sample of a graph, if nothing else is chosen. */
const usualSteps = 32;

export interface AskedGraph {
  readonly file: DroppedFile;
  /** What the file says. */
  readonly view: GraphView;
  /** What it does not say. The framework may also be {@link atItsWord}; undefined until it is known. */
  readonly options: GraphOptions;
}

/** The graph that was dropped last; it stays, so that what was said of it can be changed. */
export const asked: Signal<AskedGraph | undefined> = signal(undefined);

/** A graph among dropped files, alone or with samples for it. */
export function graphIn(
  files: readonly DroppedFile[],
): { readonly file: DroppedFile; readonly samples: DroppedFile | undefined } | undefined {
  const file = files.find(({ name }) => /\.nir$/i.test(name));
  const samples = files.find(isArchive);
  const isAll = files.length === (samples === undefined ? 1 : 2);
  return file === undefined || !isAll ? undefined : { file, samples };
}

/**
 * What is asked of a graph at first.
 *
 * @param before the graph before it: what was said of a file of the same name still holds
 */
export function askAbout(
  { file, samples }: NonNullable<ReturnType<typeof graphIn>>,
  view: GraphView,
  before: AskedGraph | undefined,
): AskedGraph {
  const same = before?.file.name === file.name ? before.options : undefined;
  return {
    file,
    view,
    options: { from: namedBy(file), steps: usualSteps, ...same, ...(samples !== undefined && { samples }) },
  };
}

/** Samples for a graph that has been dropped before them: one archive with an array `input`. */
export function samplesIn([file, ...others]: readonly DroppedFile[]): DroppedFile | undefined {
  if (file === undefined || others.length > 0 || !isArchive(file)) return undefined;
  return arraysIn(file).includes('input') ? file : undefined;
}

const isArchive = ({ name }: DroppedFile): boolean => /\.npz$/i.test(name);

/** The names of the arrays in an archive; none if it is damaged, which whoever reads it says. */
function arraysIn({ bytes }: DroppedFile): string[] {
  const names: string[] = [];
  try {
    unzipSync(bytes, {
      filter: ({ name }) => {
        names.push(name.replace(/\.npy$/, ''));
        return false;
      },
    });
  } catch {
    return [];
  }
  return names;
}

/** The framework in the name of a file. NIR itself has no place for it. */
export function namedBy({ name }: Pick<DroppedFile, 'name'>): string | undefined {
  return frameworks.find((framework) => name.toLowerCase().includes(framework));
}

/** Why a graph cannot be imported as it was asked for; undefined if it can. */
export function missingFor({ view, options }: AskedGraph): string | undefined {
  if (options.from === undefined)
    return 'Choose the framework that it is from: the file does not say, and a network that is read in another way may never spike.';
  if (options.samples !== undefined || view.takesDigits) return undefined;
  const axes = view.input.join(' x ');
  return `Drop samples for it: a .npz with an array input of samples x steps x ${axes}, and label if you have them. The digits do not fit.`;
}
