import { describe, expect, test } from 'vitest';
import {
  classCounts,
  type Dataset,
  type EventSet,
  readShd,
  sampleEvents,
  shdDataset,
} from '../../../src/data/index.ts';
import { expectRejection } from '../../support/errors.ts';
import { type Content, hdf5File, type Storage } from '../../support/hdf5.ts';

type Contents = Readonly<Record<string, Content>>;

const file = (contents: Contents, name = 'a.h5') => ({ name, bytes: hdf5File(contents) });

/** Three samples of two classes; times of 1/2, 1/4, 1 and 2 s, as float16. */
function layout(storage: Storage = {}): Record<string, Content> {
  return {
    'spikes/times': {
      rows: [[0x3400, 0x3800], [0x3c00], [0x3400, 0x3400, 0x4000]],
      type: 'float16',
      storage,
    },
    'spikes/units': { rows: [[5, 699], [0], [1, 2, 3]], type: 'uint16', storage },
    labels: { values: [1, 0, 1], type: 'uint16', storage },
  };
}

const refused = (contents: Contents, ...parts: string[]) =>
  expectRejection(shdDataset('a', [file(contents), file(layout(), 'b.h5')]), 'data', 'a.h5', ...parts);

/** Samples as lists of [time, unit]. */
const samplesOf = (set: EventSet): number[][][] =>
  Array.from({ length: set.count }, (_, sample) => {
    const { times, units } = sampleEvents(set, sample);
    return Array.from(times, (time, index) => [time, units[index] ?? -1]);
  });

/**
 * `count` samples, one spike each whose unit is the sample's number; class `sample % 2`, speaker `sample % 5`,
 * recording `sample % 7`.
 */
function numbered(count: number, first = 0): Contents {
  const samples = Array.from({ length: count }, (_, index) => first + index);
  return {
    'spikes/times': { rows: samples.map(() => [0.5]), type: 'float32' },
    'spikes/units': { rows: samples.map((sample) => [sample]), type: 'int64' },
    labels: { values: samples.map((sample) => sample % 2), type: 'int64' },
    'extra/speaker': { values: samples.map((sample) => sample % 5), type: 'uint16' },
    'extra/recording': { values: samples.map((sample) => sample % 7), type: 'uint16' },
  };
}

const unitsOf = (set: EventSet) => samplesOf(set).map((spikes) => spikes[0]?.[1]);

describe('a file', () => {
  test.each([
    ['contiguous', {}],
    ['chunked', { chunk: 2 }],
    ['chunked and deflated', { chunk: 2, deflate: true }],
  ] as const)('%s', async (_name, storage) => {
    const { train, test: tested } = await shdDataset('a', [file(layout(storage)), file(layout(storage))]);
    expect(train).toMatchObject({ kind: 'events', inputs: 700, classes: 2, count: 3, speakers: undefined });
    expect(samplesOf(train)).toEqual([
      [
        [0.25, 5],
        [0.5, 699],
      ],
      [[1, 0]],
      [
        [0.25, 1],
        [0.25, 2],
        [2, 3],
      ],
    ]);
    expect([...train.labels]).toEqual([1, 0, 1]);
    expect(samplesOf(tested)).toEqual(samplesOf(train));
  });

  test('with names, speakers and those held out', async () => {
    const contents = await readShd(
      file({
        ...layout(),
        'extra/keys': { strings: ['zero', 'one', 'two'] },
        'extra/speaker': { values: [3, 0, 3], type: 'uint8' },
        'extra/held_out_speakers': { values: [3], type: 'uint16' },
        'extra/recording': { values: [70_000, 0, 12], type: 'uint32' },
      }),
    );
    expect(contents).toMatchObject({ keys: ['zero', 'one', 'two'], heldOut: [3], corrections: [] });
    expect([...(contents.speakers ?? [])]).toEqual([3, 0, 3]);
    expect([...(contents.recordings ?? [])]).toEqual([70_000, 0, 12]);
  });

  test('as many classes as have names, also where a class has no sample', async () => {
    const named = file({ ...layout(), 'extra/keys': { strings: ['zero', 'one', 'two'] } });
    expect((await shdDataset('a', [named, named])).train.classes).toBe(3);
  });

  test('another number of channels, where the file states it', async () => {
    const wide: Contents = {
      ...layout(),
      'spikes/units': { rows: [[1023, 0], [0], [1, 2, 3]], type: 'uint16' },
      'extra/channels': { values: [1024], type: 'uint16' },
    };
    expect((await shdDataset('a', [file(wide), file(wide)])).train.inputs).toBe(1024);
  });
});

describe('spikes of all samples in one array', () => {
  const joined: Contents = {
    'spikes/times': { values: [0x3400, 0x3800, 0x3400, 0x3400, 0x4000], type: 'float16' },
    'spikes/units': { values: [5, 699, 1, 2, 3], type: 'uint16' },
    'spikes/offsets': { values: [0, 2, 2, 5], type: 'uint32' },
    labels: { values: [1, 0, 1], type: 'uint16' },
  };

  test('positions divide them among samples', async () => {
    const { train } = await shdDataset('a', [file(joined), file(joined)]);
    expect(samplesOf(train).map((sample) => sample.map(([, unit]) => unit))).toEqual([
      [5, 699],
      [],
      [1, 2, 3],
    ]);
    expect(samplesOf(train)[2]?.map(([time]) => time)).toEqual([0.25, 0.25, 2]);
  });

  test('positions that do not ascend to the end, and units beyond the channels, are refused', async () => {
    const offsets = (values: number[], type: 'int16' | 'float32' = 'int16'): Contents => ({
      ...joined,
      'spikes/offsets': { values, type },
    });
    const expected = "'spikes/offsets': expected ascending positions from 0 to 5";
    await refused(offsets([0, 2, 1, 5]), expected, "the number of spikes in 'spikes/times'");
    await refused(offsets([0, 2, 2.5, 5], 'float32'), expected);
    await refused(offsets([0, 2, 2, 6]), expected);
    const { 'spikes/offsets': _, ...others } = joined;
    const lengths: Content = { values: [2, 0, 3], type: 'uint32' };
    await refused({ ...others, 'spikes/lengths': lengths }, "'spikes/offsets' expected");
    await refused(offsets([0, 2, 5]), "'spikes/offsets' has 3 positions; 4 expected, by 'labels'");
    const units: Content = { values: [5, 699, 1, 2, 700], type: 'uint16' };
    await refused({ ...joined, 'spikes/units': units }, 'sample 2 has a spike of unit 700');
  });
});

describe('corrections are counted', () => {
  const corrected = async (contents: Contents) => {
    const { train, corrections } = await shdDataset('a', [
      file({ ...layout(), ...contents }),
      file(layout()),
    ]);
    return { samples: samplesOf(train), corrections };
  };

  test('samples out of order are sorted; spikes of one time keep their order', async () => {
    const { samples, corrections } = await corrected({
      'spikes/times': { rows: [[2, 1], [1], [2, 1, 1]], type: 'float64' },
    });
    expect(samples).toEqual([
      [
        [1, 699],
        [2, 5],
      ],
      [[1, 0]],
      [
        [1, 2],
        [1, 3],
        [2, 1],
      ],
    ]);
    expect(corrections).toEqual(['a.h5: 2 samples not in the order of time: sorted (the first sample 0)']);
  });

  test('spikes without a time are dropped, and samples that become empty are reported', async () => {
    // -1 s, not a number, infinite.
    const { samples, corrections } = await corrected({
      'spikes/times': { rows: [[0x3c00, 0x3c00], [0xbc00], [0x7e00, 0x3800, 0x7c00]], type: 'float16' },
    });
    expect(samples[1]).toEqual([]);
    expect(samples[2]).toEqual([[0.5, 2]]);
    expect(corrections).toEqual([
      'a.h5: 3 spikes with a negative, infinite or missing time: dropped (the first in sample 1)',
      'a.h5: 1 sample without a spike: kept (the first sample 1)',
    ]);
  });
});

describe('what cannot be corrected is refused', () => {
  test.each(['spikes/times', 'spikes/units', 'labels'])('without %s', async (path) => {
    const { [path]: _, ...rest } = layout();
    await refused(rest, `no data set '${path}'`, 'the layout of SHD is expected');
  });

  test('a unit beyond the channels', async () => {
    const beyond: Content = { rows: [[5, 6], [0], [1, 2, 700]], type: 'uint16' };
    await refused({ ...layout(), 'spikes/units': beyond }, 'sample 2 has a spike of unit 700', '0..699');
    const negative: Content = { rows: [[5, -6], [0], [1, 2, 3]], type: 'int64' };
    await refused({ ...layout(), 'spikes/units': negative }, 'sample 0 has a spike of unit -6');
  });

  test('a label beyond the classes, and one that is not a number', async () => {
    const keys: Content = { strings: ['zero', 'one'] };
    const labels = (...values: number[]): Content => ({ values, type: 'int64' });
    await refused({ ...layout(), 'extra/keys': keys, labels: labels(0, 2, 1) }, 'label 1 is 2', '0..1');
    await refused({ ...layout(), labels: labels(0, 0, -1) }, 'label 2 is -1', '0..1');
    await refused({ ...layout(), labels: labels(0, 0, 2 ** 40) }, `label 2 is ${2 ** 40}`);
  });

  test('parts of different lengths', async () => {
    const units: Content = { rows: [[5, 6], [0], [1, 2]], type: 'uint16' };
    await refused({ ...layout(), 'spikes/units': units }, 'sample 2 has 3 times and 2 units');
    const short: Content = { rows: [[5, 6], [0]], type: 'uint16' };
    await refused({ ...layout(), 'spikes/units': short }, "'spikes/units' has 2 samples, 'labels' has 3");
    const speaker: Content = { values: [1], type: 'uint16' };
    await refused({ ...layout(), 'extra/speaker': speaker }, "'extra/speaker' has 1 samples");
    await refused({ ...layout(), 'extra/recording': speaker }, "'extra/recording' has 1 samples");
  });

  test('times that are not floating-point numbers, speakers and channels that do not exist, no samples', async () => {
    const whole: Content = { rows: [[1, 2], [3], [4, 5, 6]], type: 'uint32' };
    await refused(
      { ...layout(), 'spikes/times': whole },
      "'spikes/times': times in seconds expected, floating-point numbers",
    );
    const speaker: Content = { values: [0, -1, 0], type: 'int32' };
    await refused({ ...layout(), 'extra/speaker': speaker }, 'sample 1 is of speaker -1');
    await refused({ ...layout(), 'extra/recording': speaker }, 'sample 1 is recording -1', '0..4294967295');
    const channels: Content = { values: [0], type: 'int32' };
    await refused({ ...layout(), 'extra/channels': channels }, "'extra/channels' is 0");
    const none: Contents = {
      'spikes/times': { rows: [], type: 'float32' },
      'spikes/units': { rows: [], type: 'uint16' },
      labels: { values: [], type: 'uint16' },
    };
    await refused(none, 'holds no samples');
  });

  test('two files that do not belong together', async () => {
    const other = (contents: Contents) =>
      shdDataset('a', [
        file({ ...layout(), ...contents }),
        file({ ...layout(), 'extra/keys': keysB }, 'b.h5'),
      ]);
    const keysB: Content = { strings: ['null', 'eins'] };
    const keysA: Content = { strings: ['zero', 'one'] };
    await expectRejection(other({ 'extra/keys': keysA }), 'data', 'b.h5', 'null, eins', 'zero, one');
    const channels: Content = { values: [800], type: 'uint16' };
    await expectRejection(other({ 'extra/channels': channels }), 'data', 'b.h5', '700 channels found, 800');
  });
});

describe('training and test set', () => {
  const numbers = (set: EventSet) => unitsOf(set).sort((a, b) => (a ?? 0) - (b ?? 0));

  test('of one file: a fixed stratified fifth is the test set', async () => {
    const load = (): Promise<Dataset<EventSet>> => shdDataset('a', [file(numbered(30))]);
    const { train, test: tested, description } = await load();
    expect([train.count, tested.count]).toEqual([24, 6]);
    expect(classCounts(tested)).toEqual([3, 3]);
    expect([...numbers(train), ...numbers(tested)].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([
      ...Array(30).keys(),
    ]);
    // What belongs to a sample stays with it.
    for (const set of [train, tested]) {
      expect([...set.labels]).toEqual(unitsOf(set).map((unit) => (unit ?? 0) % 2));
      expect([...(set.speakers ?? [])]).toEqual(unitsOf(set).map((unit) => (unit ?? 0) % 5));
      expect([...(set.recordings ?? [])]).toEqual(unitsOf(set).map((unit) => (unit ?? 0) % 7));
    }
    expect(unitsOf((await load()).test)).toEqual(unitsOf(tested));
    expect(description).toBe('a.h5: a fixed stratified split, 24 for training and 6 for testing');
    await expectRejection(shdDataset('a', [file(numbered(2))]), 'data', '2 samples are too few');
  });

  const two = [file(numbered(20), 'a.h5'), file(numbered(10, 20), 'b.h5')] as const;
  const holdOut = (...speakers: number[]) => ({ holdOut: { speakers } });

  test('of two files together: the samples of some speakers are the test set, in their order', async () => {
    const { train, test: tested, description } = await shdDataset('a', two, holdOut(1, 4));
    expect(unitsOf(tested)).toEqual([1, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 29]);
    expect(unitsOf(train)).toEqual([0, 2, 3, 5, 7, 8, 10, 12, 13, 15, 17, 18, 20, 22, 23, 25, 27, 28]);
    for (const set of [train, tested]) {
      expect([...set.labels]).toEqual(unitsOf(set).map((unit) => (unit ?? 0) % 2));
      expect([...(set.recordings ?? [])]).toEqual(unitsOf(set).map((unit) => (unit ?? 0) % 7));
    }
    expect(description).toBe('a.h5 and b.h5: 30 samples, speakers 1, 4 held out for testing');
    expect(unitsOf((await shdDataset('a', [two[0]], holdOut(0))).test)).toEqual([0, 5, 10, 15]);
  });

  test('the speakers that the file lists', async () => {
    const listing = { ...numbered(20), 'extra/held_out_speakers': { values: [2], type: 'uint16' } as const };
    const split = { holdOut: { speakers: 'file' } } as const;
    const { test: tested } = await shdDataset('a', [file(listing), two[1]], split);
    expect(unitsOf(tested)).toEqual([2, 7, 12, 17, 22, 27]);
    await expectRejection(shdDataset('a', two, split), 'data', 'a.h5', 'extra/held_out_speakers', '[4, 5]');
  });

  test('speakers that do not exist, all speakers, or a file that states none', async () => {
    await expectRejection(
      shdDataset('a', two, holdOut(1, 9)),
      'data',
      'a.h5',
      'no samples of speaker 9',
      'speakers: 0, 1, 2, 3, 4',
    );
    await expectRejection(shdDataset('a', two, holdOut(0, 1, 2, 3, 4)), 'data', 'every speaker is held out');
    await expectRejection(
      shdDataset('a', [file(layout()), file(layout())], holdOut(0)),
      'data',
      'does not identify speakers',
    );
  });
});
