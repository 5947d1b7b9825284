import { describe, expect, test } from 'vitest';
import {
  type CueAccumulation,
  cueAccumulation,
  cueAccumulationMs,
  defaultCueAccumulation,
  type EventSet,
  sampleEvents,
} from '../../../src/data/index.ts';
import { hash32, streams } from '../../../src/random/index.ts';

const task: CueAccumulation = { ...defaultCueAccumulation, trainSamples: 60, testSamples: 40 };

/** Spikes of a sample as [ms, channel]. */
function spikesOf(set: EventSet, sample: number): [number, number][] {
  const { times, units } = sampleEvents(set, sample);
  return Array.from(times, (time, index) => [Math.floor(time * 1000), units[index] ?? -1]);
}

/** From which side each cue of a sample comes, by the channels that spike in it; undefined where both or none do. */
function sidesOf(set: EventSet, sample: number): (number | undefined)[] {
  return Array.from({ length: task.cues }, (_, cue) => {
    const spikes = spikesOf(set, sample).filter(([ms]) => ms >= 150 * cue + 50 && ms < 150 * cue + 150);
    const sides = [0, 1].filter((side) => spikes.some(([, channel]) => Math.floor(channel / 10) === side));
    return sides.length === 1 ? sides[0] : undefined;
  });
}

describe('cue accumulation', () => {
  const { train, test: tested } = cueAccumulation(task);

  test('has the channels, classes, samples and length that are asked for', () => {
    expect([train.count, tested.count]).toEqual([60, 40]);
    for (const set of [train, tested]) {
      expect([set.inputs, set.classes, set.labels.length]).toEqual([40, 2, set.count]);
      for (let sample = 0; sample < set.count; sample++) {
        const spikes = spikesOf(set, sample);
        const times = spikes.map(([ms]) => ms);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(new Set(spikes.map(([ms, channel]) => 40 * ms + channel)).size).toBe(spikes.length);
        expect(Math.max(...times)).toBeLessThan(2250);
        expect(Math.max(...spikes.map(([, channel]) => channel))).toBeLessThan(40);
      }
    }
    // 7 x (50 + 100) + 1050 + 150
    expect(cueAccumulationMs(task)).toBe(2250);
  });

  test('the label is the side of most cues, each of one side', () => {
    for (const set of [train, tested]) {
      for (let sample = 0; sample < set.count; sample++) {
        const sides = sidesOf(set, sample);
        expect(sides).not.toContain(undefined);
        const right = sides.filter((side) => side === 1).length;
        expect(set.labels[sample]).toBe(right > 3 ? 1 : 0);
      }
      expect(new Set(set.labels)).toEqual(new Set([0, 1]));
    }
  });

  test('sides spike in their cues only, the third group in the recall only', () => {
    for (let sample = 0; sample < train.count; sample++) {
      for (const [ms, channel] of spikesOf(train, sample)) {
        const group = Math.floor(channel / 10);
        if (group < 2) expect(ms < 1050 && ms % 150 >= 50).toBe(true);
        if (group === 2) expect(ms).toBeGreaterThanOrEqual(2100);
      }
    }
  });

  test('the rates are those asked for', () => {
    const count = (isOf: (ms: number, channel: number) => boolean) =>
      [...Array(train.count).keys()].reduce(
        (sum, sample) => sum + spikesOf(train, sample).filter(([ms, channel]) => isOf(ms, channel)).length,
        0,
      );
    // Ten channels, sixty samples: expected numbers of spikes, within five standard deviations of a Poisson process.
    for (const [spikes, expected] of [
      [count((_, channel) => channel < 20), 60 * 10 * 0.7 * 40],
      [count((_, channel) => channel >= 20 && channel < 30), 60 * 10 * 0.15 * 40],
      [count((_, channel) => channel >= 30), 60 * 10 * 2.25 * 10],
    ] as const) {
      expect(Math.abs(spikes - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  test('a preferred side has seven of ten cues', () => {
    const many = cueAccumulation({ ...task, trainSamples: 400 }).train;
    const preferred = [...Array(400).keys()].map((sample) => {
      const right = sidesOf(many, sample).filter((side) => side === 1).length;
      return Math.max(right, 7 - right);
    });
    const mean = preferred.reduce((sum, cues) => sum + cues, 0) / 400;
    // The mean of max(k, 7 - k) for k binomial in 7 cues with 0.7: sum C(7, k) 0.7^k 0.3^(7-k) max(k, 7 - k) = 5.0916.
    expect(Math.abs(mean - 5.0916)).toBeLessThan(0.25);
  });

  test('is the same each time, prefixes included; the two sets differ', () => {
    expect(cueAccumulation(task).train).toEqual(train);
    const fewer = cueAccumulation({ ...task, trainSamples: 3 }).train;
    for (let sample = 0; sample < 3; sample++)
      expect(spikesOf(fewer, sample)).toEqual(spikesOf(train, sample));
    expect(spikesOf(tested, 0)).not.toEqual(spikesOf(train, 0));
  });

  test('a channel spikes where the hash of set, sample, millisecond and channel is below its rate', () => {
    const spikes = new Set(spikesOf(tested, 7).map(([ms, channel]) => 40 * ms + channel));
    for (let ms = 0; ms < 2250; ms++) {
      for (let channel = 30; channel < 40; channel++) {
        const isBelow = hash32(1, streams.task, 7, 1 + ms, channel) < 0.01 * 2 ** 32;
        expect(spikes.has(40 * ms + channel)).toBe(isBelow);
      }
    }
  });

  test('without noise, delay or pauses nothing but cues and recall is left', () => {
    const bare = {
      ...task,
      noiseHz: 0,
      delayMs: 0,
      pauseMs: 0,
      cueHz: 1000,
      channelsPerGroup: 1,
      trainSamples: 5,
    };
    const { train: set } = cueAccumulation(bare);
    for (let sample = 0; sample < 5; sample++) {
      const spikes = spikesOf(set, sample);
      expect(spikes.length).toBe(850);
      expect(spikes.filter(([, channel]) => channel === 2).map(([ms]) => ms)).toEqual(
        Array.from({ length: 150 }, (_, ms) => 700 + ms),
      );
    }
  });
});
