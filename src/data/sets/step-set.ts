import { addAt, at, PlasticoreError, unravelIndex } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';
import { shapeOf, spans, unlabelled } from './array-shapes.ts';
import type { EventSet } from './dataset.ts';
import { type FeatureRange, toPixels, usualRange } from './embedded.ts';

const mostSpikes = 2 ** 29;

/**
 * Spikes in time steps: their numbers.
 *
 * @throws PlasticoreError `data` for arrays that hold something else
 */
export function stepSet(source: ArrayFile, name: string, part: string): EventSet {
  const counts = (items: ArrayLike<number>, place: (index: number) => string) => {
    for (let index = 0; index < items.length; index++) {
      const spikes = at(items, index);
      if (Number.isInteger(spikes) && spikes >= 0 && spikes <= 255) continue;
      throw new PlasticoreError(
        'data',
        `${place(index)} is ${spikes}; a number of spikes expected, 0 to 255`,
        {
          file: source.file,
          hint: 'other numbers are features, samples x channels, which an encoder turns into spikes',
        },
      );
    }
    return items;
  };
  return inSteps(source, name, part, counts, false);
}

/**
 * Values in time steps: each above 0, as a feature, is one spike that carries it.
 *
 * @throws PlasticoreError `data` for numbers outside the range
 */
export function valueSet(
  source: ArrayFile,
  name: string,
  part: string,
  range: FeatureRange = usualRange(source, name),
): EventSet {
  const features = (items: ArrayLike<number>, place: (index: number) => string) =>
    toPixels(items, range, source.file, place);
  return inSteps(source, name, part, features, true);
}

/**
 * What a set becomes when each step of its recordings is a sample: a core that keeps its state from one sample to the
 * next is shown the recordings as they were, and is asked in each step.
 */
export function stepByStep({ count, steps = 1, times, starts, ends }: EventSet) {
  const lengths = new Array<number>(count * steps).fill(0);
  for (let recording = 0; recording < count; recording++)
    for (const step of times.subarray(starts[recording], ends[recording]))
      addAt(lengths, recording * steps + step, 1);
  const { starts: first, ends: last } = spans(lengths);
  const one = { steps: 1, times: new Float32Array(times.length), starts: first, ends: last };
  return { ...one, count: count * steps, recordingSteps: steps, ...unlabelled(count * steps) };
}

/**
 * @param read the numbers of a sample, step by step; it is given their place in the array by index
 * @param areValues whether a number is what a spike carries; otherwise, it is a number of spikes
 */
function inSteps(
  source: ArrayFile,
  name: string,
  part: string,
  read: (items: ArrayLike<number>, place: (index: number) => string) => ArrayLike<number>,
  areValues: boolean,
): EventSet {
  const [count = 0, steps = 0, ...rest] = shapeOf(source, name, 3, 'samples x steps x channels');
  const inputs = rest.reduce((product, length) => product * length, 1);
  const visit = (each: (sample: number, index: number, spikes: number, value: number) => void) =>
    source.eachItem(name, (sample, items) => {
      const place = (index: number) =>
        `${name}[${[sample, ...unravelIndex(index, [steps, ...rest])].join(', ')}]`;
      const numbers = read(items, place);
      for (let index = 0; index < numbers.length; index++) {
        const value = numbers[index] ?? 0;
        if (value > 0) each(sample, index, areValues ? 1 : value, value);
      }
    });
  const lengths = new Array<number>(count).fill(0);
  visit((sample, _index, spikes) => addAt(lengths, sample, spikes));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total > mostSpikes)
    throw new PlasticoreError('data', `'${name}' has ${total} spikes, at most ${mostSpikes} expected`, {
      file: source.file,
    });
  const { starts, ends } = spans(lengths);
  const [times, units] = [new Float32Array(total), new Uint16Array(total)];
  const values = areValues ? new Uint8Array(total) : undefined;
  let next = 0;
  visit((_sample, index, spikes, value) => {
    times.fill(Math.floor(index / inputs), next, next + spikes);
    units.fill(index % inputs, next, next + spikes);
    values?.fill(value, next, next + spikes);
    next += spikes;
  });
  const events = { inputs, steps, times, units, ...(values && { values }), starts, ends };
  return { kind: 'events', name: part, count, ...events, speakers: undefined, ...unlabelled(count) };
}
