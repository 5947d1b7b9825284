import { PlasticoreError, wordAt } from '../../text/index.ts';
import type { ArrayFile } from '../formats/array-file.ts';
import { shapeOf, spans, unlabelled, unravelIndex } from './array-shapes.ts';
import type { EventSet } from './dataset.ts';
import { type FeatureRange, toPixels, usualRange } from './embedded.ts';

const mostSpikes = 2 ** 29;

/**
 * Spikes in time steps: their numbers.
 *
 * @throws PlasticoreError `data` for arrays that hold something else
 */
export function stepSet(source: ArrayFile, name: string, part: string): EventSet {
  const [count = 0, steps = 0, ...rest] = shapeOf(source, name, 3, 'samples x steps x channels');
  const inputs = rest.reduce((product, length) => product * length, 1);
  const lengths: number[] = [];
  source.eachItem(name, (sample, items) => {
    lengths[sample] = 0;
    for (let index = 0; index < items.length; index++) {
      const spikes = items[index] ?? 0;
      if (spikes === 0) continue;
      if (!Number.isInteger(spikes) || spikes < 0 || spikes > 255)
        throw new PlasticoreError(
          'data',
          `${name}[${[sample, ...unravelIndex(index, [steps, ...rest])].join(', ')}] is ${spikes}; a number of spikes expected, 0 to 255`,
          {
            file: source.file,
            hint: 'other numbers are features, samples x channels, which an encoder turns into spikes',
          },
        );
      lengths[sample] += spikes;
    }
  });
  const total = lengths.reduce((sum, length) => sum + length, 0);
  checkCount(source, name, total);
  const { starts, ends } = spans(lengths);
  const times = new Float32Array(total);
  const units = new Uint16Array(total);
  source.eachItem(name, (sample, items) => {
    let at = wordAt(starts, sample);
    for (let index = 0; index < items.length; index++) {
      const next = at + (items[index] ?? 0);
      if (next === at) continue;
      times.fill(Math.floor(index / inputs), at, next);
      units.fill(index % inputs, at, next);
      at = next;
    }
  });
  return eventSet(part, count, { inputs, steps, times, units, starts, ends });
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
  const [count = 0, steps = 0, ...rest] = shapeOf(source, name, 3, 'samples x steps x channels');
  const inputs = rest.reduce((product, length) => product * length, 1);
  const lengths: number[] = [];
  const visit = (each: (sample: number, features: Uint8Array) => void) =>
    source.eachItem(name, (sample, items) => {
      const place = (index: number) =>
        `${name}[${[sample, ...unravelIndex(index, [steps, ...rest])].join(', ')}]`;
      each(sample, toPixels(items, range, source.file, place));
    });
  visit((sample, features) => {
    lengths[sample] = features.reduce((sum, value) => sum + Number(value > 0), 0);
  });
  const { offsets, starts, ends } = spans(lengths);
  const total = offsets.at(-1) ?? 0;
  checkCount(source, name, total);
  const [times, units, values] = [new Float32Array(total), new Uint16Array(total), new Uint8Array(total)];
  visit((sample, features) => {
    let at = wordAt(starts, sample);
    for (const [index, value] of features.entries()) {
      if (value === 0) continue;
      times[at] = Math.floor(index / inputs);
      units[at] = index % inputs;
      values[at] = value;
      at += 1;
    }
  });
  return eventSet(part, count, { inputs, steps, times, units, values, starts, ends });
}

/** Events without labels and speakers. */
function eventSet(
  name: string,
  count: number,
  events: Pick<EventSet, 'inputs' | 'steps' | 'times' | 'units' | 'values' | 'starts' | 'ends'>,
): EventSet {
  return { kind: 'events', name, count, ...events, speakers: undefined, ...unlabelled(count) };
}

function checkCount(source: ArrayFile, name: string, total: number): void {
  if (total <= mostSpikes) return;
  throw new PlasticoreError('data', `'${name}' has ${total} spikes, at most ${mostSpikes} expected`, {
    file: source.file,
  });
}
