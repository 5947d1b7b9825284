import { at, PlasticoreError, wordAt } from '../../text/index.ts';
import { shown, spans } from '../sets/array-shapes.ts';
import type { EventSet } from '../sets/dataset.ts';
import type { ArrayFile } from './array-file.ts';

/** The arrays that hold spikes with their times, by name. */
export interface SpikeArrays {
  /** A row of times for each sample, or a list of all of them. */
  readonly times: string;
  /** Channels, in the same layout. */
  readonly units: string;
  /** Of lists: the position of each sample's first spike, and the end. */
  readonly offsets?: string | undefined;
}

export interface SpikeTimes {
  readonly times: Float32Array;
  readonly units: Uint16Array;
  /** One entry more than there are samples. */
  readonly offsets: Uint32Array;
}

/**
 * Reads spikes with their times.
 *
 * @param channels units are below it
 * @param seconds what 1 stands for in times
 * @param hint helps with a unit out of range
 * @throws PlasticoreError `data` for arrays that do not belong together, and for a unit out of range
 */
export function readSpikes(
  source: ArrayFile,
  names: SpikeArrays,
  channels: number,
  seconds = 1,
  hint?: string,
): SpikeTimes {
  const fail = (message: string, help?: string) =>
    new PlasticoreError('data', message, { file: source.file, hint: help });
  const timeRows = rowsOf(source, names.times, names.offsets);
  const unitRows = rowsOf(source, names.units, names.offsets);
  const { offsets } = timeRows;
  const count = offsets.length - 1;
  if (unitRows.offsets.length - 1 !== count)
    throw fail(`'${names.units}' has ${unitRows.offsets.length - 1} samples, '${names.times}' has ${count}`);
  const lengthIn = (rows: Rows, sample: number) =>
    wordAt(rows.offsets, sample + 1) - wordAt(rows.offsets, sample);
  for (let sample = 0; sample < count; sample++) {
    const [length, units] = [lengthIn(timeRows, sample), lengthIn(unitRows, sample)];
    if (length !== units) throw fail(`sample ${sample} has ${length} times and ${units} units`);
  }
  const total = wordAt(offsets, count);
  const [times, units] = [new Float32Array(total), new Uint16Array(total)];
  timeRows.each((sample, values) => {
    const first = wordAt(offsets, sample);
    for (let spike = 0; spike < values.length; spike++) times[first + spike] = at(values, spike) * seconds;
  });
  unitRows.each((sample, values) => {
    for (let spike = 0; spike < values.length; spike++) {
      const unit = at(values, spike);
      if (!Number.isInteger(unit) || unit < 0 || unit >= channels)
        throw fail(
          `sample ${sample} has a spike of unit ${unit} in '${names.units}'; an integer in 0..${channels - 1} expected`,
          hint,
        );
    }
    units.set(values, offsets[sample]);
  });
  return { times, units, offsets };
}

/** Numbers of samples; sample i has those from `offsets[i]` up to `offsets[i + 1]`. */
interface Rows {
  readonly offsets: Uint32Array;
  /** Visits the numbers of each sample, which are valid until `visit` returns. */
  each(visit: (sample: number, values: ArrayLike<number>) => void): void;
}

function rowsOf(source: ArrayFile, name: string, offsetsName: string | undefined): Rows {
  if (source.isRagged(name)) {
    const lengths: number[] = [];
    source.eachItem(name, (sample, values) => {
      lengths[sample] = values.length;
    });
    return { offsets: spans(lengths).offsets, each: (visit) => source.eachItem(name, visit) };
  }
  const shape = source.shape(name);
  if (shape.length !== 1)
    throw new PlasticoreError(
      'data',
      `'${name}' has the shape ${shown(shape)}; a list of all spikes expected`,
      { file: source.file },
    );
  const values = Float64Array.from(source.numbers(name));
  const offsets = offsetsIn(source, name, values.length, offsetsName);
  return {
    offsets,
    each(visit) {
      for (let sample = 0; sample < offsets.length - 1; sample++)
        visit(sample, values.subarray(offsets[sample], offsets[sample + 1]));
    },
  };
}

/** Where the numbers of each sample begin in a list. */
function offsetsIn(source: ArrayFile, name: string, total: number, offsets: string | undefined): Uint32Array {
  const fail = (message: string, hint?: string) =>
    new PlasticoreError('data', message, { file: source.file, hint });
  if (offsets === undefined)
    throw fail(
      `'${name}' has the spikes of all samples in one list`,
      'offsets: the name of the array with the position of the first spike of each sample, and the end',
    );
  const given = Float64Array.from(source.numbers(offsets));
  const isAscending = given.every(
    (offset, index) => Number.isInteger(offset) && offset >= (given[index - 1] ?? 0),
  );
  if (given.length >= 2 && given[0] === 0 && isAscending && given.at(-1) === total)
    return Uint32Array.from(given);
  throw fail(
    `'${offsets}': expected ascending positions from 0 to ${total}, the number of spikes in '${name}'`,
    'sample i has the spikes from offsets[i] up to offsets[i + 1]',
  );
}

/** Drops spikes without a valid time, and sorts the others; says what was wrong. */
export function putRight({
  times,
  units,
  offsets,
}: SpikeTimes): Spiking & { readonly corrections: readonly string[] } {
  const count = offsets.length - 1;
  const starts = offsets.slice(0, count);
  const ends = offsets.slice(1);
  const dropped = new Tally();
  const unsorted = new Tally();
  const empty = new Tally();
  for (let sample = 0; sample < count; sample++) {
    const start = starts[sample] ?? 0;
    const end = ends[sample] ?? 0;
    let kept = start;
    let latest = 0;
    let isSorted = true;
    for (let spike = start; spike < end; spike++) {
      const time = times[spike] ?? 0;
      if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) continue;
      isSorted &&= time >= latest;
      latest = time;
      times[kept] = time;
      units[kept] = units[spike] ?? 0;
      kept += 1;
    }
    ends[sample] = kept;
    dropped.add(sample, end - kept);
    if (!isSorted) {
      sort(times.subarray(start, kept), units.subarray(start, kept));
      unsorted.add(sample);
    }
    if (kept === start) empty.add(sample);
  }
  const corrections = [
    dropped.tell('spike', 'with a negative, infinite or missing time: dropped'),
    unsorted.tell('sample', 'not in the order of time: sorted'),
    empty.tell('sample', 'without a spike: kept'),
  ];
  return { times, units, starts, ends, corrections: corrections.flat() };
}

export type Spiking = Pick<EventSet, 'times' | 'units' | 'starts' | 'ends'>;

/** Sorts by time; spikes at the same time keep their order. */
function sort(times: Float32Array, units: Uint16Array): void {
  const before = { times: times.slice(), units: units.slice() };
  const order = Uint32Array.from(times.keys()).sort(
    (a, b) => (before.times[a] ?? 0) - (before.times[b] ?? 0) || a - b,
  );
  order.forEach((from, to) => {
    times[to] = before.times[from] ?? 0;
    units[to] = before.units[from] ?? 0;
  });
}

/** Counts faults, and remembers the first one. */
class Tally {
  #count = 0;
  #first = 0;

  add(sample: number, count = 1): void {
    if (this.#count === 0) this.#first = sample;
    this.#count += count;
  }

  tell(what: string, fault: string): string[] {
    if (this.#count === 0) return [];
    const first = what === 'sample' ? `sample ${this.#first}` : `in sample ${this.#first}`;
    return [`${this.#count} ${what}${this.#count === 1 ? '' : 's'} ${fault} (the first ${first})`];
  }
}
