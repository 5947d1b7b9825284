import { combine, hash32, streams } from '../../random/index.ts';
import type { Dataset, EventSet } from './dataset.ts';

/** Parameters of a cue accumulation task, in samples and milliseconds. */
export interface CueAccumulation {
  readonly trainSamples: number;
  readonly testSamples: number;
  readonly cues: number;
  /** Before each cue there is a pause. */
  readonly cueMs: number;
  readonly pauseMs: number;
  /** Time from the last cue to the recall, in which the answer is expected, and the length of the recall. */
  readonly delayMs: number;
  readonly recallMs: number;
  /** Channels in each of the four groups: left, right, recall, noise. */
  readonly channelsPerGroup: number;
  /** Rate of a channel while its cue, or the recall, is on. */
  readonly cueHz: number;
  /** Rate of a noise channel, at all times. */
  readonly noiseHz: number;
  /** Probability that a cue is on the side that the sample does not prefer. */
  readonly minorityShare: number;
}

/** As in Bellec et al., with the longest of their delays, rounded: 2.25 s in total, including a delay of 1.05 s. */
export const defaultCueAccumulation: CueAccumulation = {
  trainSamples: 200,
  testSamples: 1000,
  cues: 7,
  cueMs: 100,
  pauseMs: 50,
  delayMs: 1050,
  recallMs: 150,
  channelsPerGroup: 10,
  cueHz: 40,
  noiseHz: 10,
  minorityShare: 0.3,
};

const sides = 2;
const groups = 4;
const recallGroup = 2;
const noiseGroup = 3;

/** Duration of a sample, in ms. */
export function cueAccumulationMs({ cues, cueMs, pauseMs, delayMs, recallMs }: CueAccumulation): number {
  return cues * (pauseMs + cueMs) + delayMs + recallMs;
}

/**
 * Generates a task that requires memory over seconds: cues come from the left or the right, and after a delay the
 * recall asks which side had more (class 0 left, 1 right; a tie, possible for an even number of cues, counts as left).
 *
 * Four groups of channels fire at random, at most once per millisecond: the left group during cues from the left, the
 * right group during cues from the right, the third group during the recall, and the noise group all the time. Each
 * sample prefers a side. A task always gives the same samples; the samples of the two sets are independent.
 *
 * Source: G. Bellec et al., A solution to the learning dilemma for recurrent networks of spiking neurons, Nature
 * Communications 11:3625, 2020 (evidence accumulation), after Morcos and Harvey, Nature Neuroscience 19, 2016.
 */
export function cueAccumulation(task: CueAccumulation): Dataset<EventSet> {
  const { trainSamples, testSamples, cues, cueMs, delayMs } = task;
  return {
    name: 'cue-accumulation',
    description: `generated: ${cues} cues of ${cueMs} ms from the left or the right, a delay of ${delayMs} ms, a recall; ${trainSamples} samples for training and ${testSamples} for testing`,
    train: generate(task, 'train', 0, trainSamples),
    test: generate(task, 'test', 1, testSamples),
  };
}

function generate(task: CueAccumulation, name: string, set: number, count: number): EventSet {
  const samples = Array.from({ length: count }, (_, sample) =>
    drawSample(task, hash32(set, streams.task, sample)),
  );
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let end = 0;
  for (const [index, { units }] of samples.entries()) {
    starts[index] = end;
    end += units.length;
    ends[index] = end;
  }
  const times = new Float32Array(end);
  const units = new Uint16Array(end);
  for (const [index, sample] of samples.entries()) {
    // The middle of a millisecond stays in its bin even if a float rounds a time of several minutes.
    times.set(
      sample.ms.map((ms) => (ms + 0.5) / 1000),
      starts[index],
    );
    units.set(sample.units, starts[index]);
  }
  return {
    kind: 'events',
    name,
    inputs: groups * task.channelsPerGroup,
    classes: sides,
    count,
    labels: Uint8Array.from(samples, ({ label }) => label),
    times,
    units,
    starts,
    ends,
    speakers: undefined,
  };
}

/** Draws a sample's cues, then each channel in each millisecond. */
function drawSample(task: CueAccumulation, prefix: number) {
  const { cues, cueMs, pauseMs, recallMs, channelsPerGroup, cueHz, noiseHz, minorityShare } = task;
  const ofCues = combine(prefix, 0);
  const isOfRight = isBelow(0.5, combine(ofCues, cues)) ? 1 - minorityShare : minorityShare;
  const sideOf = Array.from({ length: cues }, (_, cue) => Number(isBelow(isOfRight, combine(ofCues, cue))));
  const fromRight = sideOf.reduce((sum, side) => sum + side, 0);
  const length = cueAccumulationMs(task);
  const ms: number[] = [];
  const units: number[] = [];
  for (let now = 0; now < length; now++) {
    const ofNow = combine(prefix, 1 + now);
    const isCue = now % (pauseMs + cueMs) >= pauseMs;
    const side = isCue ? sideOf[Math.floor(now / (pauseMs + cueMs))] : undefined;
    for (let group = 0; group < groups; group++) {
      const isOn = group === side || (group === recallGroup && now >= length - recallMs);
      const hz = group === noiseGroup ? noiseHz : isOn ? cueHz : 0;
      if (hz === 0) continue;
      for (let channel = group * channelsPerGroup; channel < (group + 1) * channelsPerGroup; channel++) {
        if (!isBelow(hz / 1000, combine(ofNow, channel))) continue;
        ms.push(now);
        units.push(channel);
      }
    }
  }
  return { label: Number(fromRight > cues / 2), ms, units };
}

/** Whether a random word falls into the share of all words that corresponds to a probability. */
function isBelow(probability: number, word: number): boolean {
  return word < probability * 2 ** 32;
}
