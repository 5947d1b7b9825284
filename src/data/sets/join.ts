import { PlasticoreError } from '../../text/index.ts';
import type { Dataset, EventSet, LabelledSet, Labels } from './dataset.ts';

/**
 * Concatenates the samples of two sets of the same kind and inputs; labels of both count from the same 0.
 *
 * @throws PlasticoreError `data` for sets that do not go together
 */
export function joinSets(first: LabelledSet, second: LabelledSet, name: string): LabelledSet {
  const classes = Math.max(first.classes, second.classes);
  const shapeOf = ({ kind, inputs, ...set }: LabelledSet): string =>
    `${inputs} ${kind === 'features' ? 'features' : 'channels'}${'steps' in set && set.steps !== undefined ? ` in ${set.steps} steps` : ''}`;
  if (shapeOf(first) !== shapeOf(second))
    throw new PlasticoreError('data', `has ${shapeOf(second)}, ${shapeOf(first)} expected`, { file: name });
  const origins = first.origins && second.origins && [...first.origins, ...second.origins];
  if (first.kind === 'events' && second.kind === 'events')
    return joinEvents(first.name, { ...first, classes, origins }, second);
  if (first.kind === 'events' || second.kind === 'events') throw new Error('sets of two kinds of one shape');
  return {
    ...first,
    classes,
    origins,
    count: first.count + second.count,
    values: joined(Uint8Array, first.values, second.values),
    labels: joinedLabels(classes, first, second),
  };
}

/**
 * Concatenates data sets of one kind, set by set. One alone stays what it is.
 *
 * @param all at least one
 * @throws PlasticoreError `data` for those that do not go together
 */
export function joinDatasets(all: readonly Dataset[]): Dataset {
  const [first, ...others] = all;
  if (first === undefined) throw new Error('no data set to join');
  if (others.length === 0) return first;
  const joinAll = (set: 'train' | 'test') =>
    others.reduce((sum, other) => joinSets(sum, other[set], other.name), first[set]);
  const firstOf = (set: 'train' | 'test', index: number) =>
    all.slice(0, index).reduce((sum, data) => sum + data[set].count, 0);
  return {
    ...first,
    name: [...new Set(all.map(({ name }) => name))].join(' and '),
    description: all.map(({ description }) => description).join('; '),
    train: joinAll('train'),
    test: joinAll('test'),
    corrections: all.flatMap(({ corrections = [] }) => corrections),
    sources: all.map((_, index) => ({ train: firstOf('train', index), test: firstOf('test', index) })),
  };
}

/** Concatenates the samples of two sets with the same channels and classes. */
export function joinEvents(name: string, first: EventSet, second: EventSet): EventSet {
  const moved = (positions: Uint32Array) => positions.map((position) => position + first.times.length);
  return {
    ...first,
    name,
    count: first.count + second.count,
    times: joined(Float32Array, first.times, second.times),
    units: joined(Uint16Array, first.units, second.units),
    values: first.values && second.values && joined(Uint8Array, first.values, second.values),
    labels: joinedLabels(first.classes, first, second),
    starts: joined(Uint32Array, first.starts, moved(second.starts)),
    ends: joined(Uint32Array, first.ends, moved(second.ends)),
    speakers: first.speakers && second.speakers && joined(Uint16Array, first.speakers, second.speakers),
    recordings:
      first.recordings && second.recordings && joined(Uint32Array, first.recordings, second.recordings),
  };
}

function joinedLabels(classes: number, first: LabelledSet, second: LabelledSet): Labels {
  return joined<Labels>(classes <= 256 ? Uint8Array : Uint16Array, first.labels, second.labels);
}

function joined<Items extends Uint8Array | Uint16Array | Uint32Array | Float32Array>(
  Kind: new (length: number) => Items,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Items {
  const all = new Kind(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
