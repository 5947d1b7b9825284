import * as z from 'zod';
import {
  defaultMackeyGlass as chaos,
  cueAccumulationMs,
  defaultCueAccumulation as cues,
} from '../../data/index.ts';
import { between, key, strictObject, wanted, whole } from '../../text/index.ts';

const count = (what: string, value: number) => whole(what, 1, 2 ** 20).default(value);
const ms = (what: string, low: number, value: number) => whole(`${what} in ms`, low, 2 ** 20).default(value);
/** At most once in a ms. */
const hz = (what: string, value: number) => between(what, 0, 1000, ' Hz').default(value);

/** Ten minutes. Beyond that, 32-bit floats no longer resolve single milliseconds. */
const longestMs = 600_000;

const cueAccumulation = strictObject({
  trainSamples: key(count('a number of samples', cues.trainSamples), 'Samples to train on.', 200),
  testSamples: key(count('a number of samples', cues.testSamples), 'Samples to test on.', 1000),
  cues: key(whole('a number of cues', 1, 2 ** 10).default(cues.cues), 'Cues in a sample.', 7),
  cueMs: key(ms('the length of a cue', 1, cues.cueMs), 'Length of a cue in ms.', 100),
  pauseMs: key(ms('the pause before a cue', 0, cues.pauseMs), 'Pause before each cue in ms.', 50),
  delayMs: key(
    ms('the delay after the last cue', 0, cues.delayMs),
    'Delay from the last cue to the recall in ms.',
    500,
  ),
  recallMs: key(ms('the length of the recall', 1, cues.recallMs), 'Length of the recall in ms.', 150),
  channelsPerGroup: key(
    whole('a number of channels', 1, 2 ** 12).default(cues.channelsPerGroup),
    'Channels in each of the four groups: left, right, recall, noise.',
    10,
  ),
  cueHz: key(
    hz('the rate of a channel', cues.cueHz),
    'Firing rate in Hz of a channel while its cue, or the recall, is on.',
    40,
  ),
  noiseHz: key(
    hz('the rate of a channel', cues.noiseHz),
    'Firing rate in Hz of a noise channel, at all times.',
    10,
  ),
  minorityShare: key(
    between('a share of the cues', 0, 0.5).default(cues.minorityShare),
    'Probability that a cue comes from the side that its sample does not prefer.',
    0.3,
  ),
}).superRefine((task, { addIssue }) => {
  const ms = cueAccumulationMs(task);
  if (ms <= longestMs) return;
  addIssue({
    code: 'custom',
    message: `expected samples of at most ${longestMs} ms, found ${ms}: cues, pauses, delay and recall together`,
  });
});

const spontaneous = strictObject({
  samples: key(whole('a number of samples', 1, 2 ** 20).default(10), 'Samples to run.', 10),
});

const samples = (value: number) => whole('a number of samples', 1, 2 ** 17).default(value);

const chaotic = strictObject({
  trainSamples: key(samples(chaos.trainSamples), 'Samples to train on.', 4000),
  testSamples: key(samples(chaos.testSamples), 'Samples to test on, which follow.', 1000),
  tau: key(whole('a delay', 1, 100).default(chaos.tau), 'The delay of the equation; chaotic from 17.', 17),
  taps: key(
    whole('a number of values', 1, 2 ** 10).default(chaos.taps),
    'Values of the past that a sample shows, as inputs of 0 to 255; one more input is always 255.',
    16,
  ),
  every: key(
    whole('a distance', 1, 2 ** 10).default(chaos.every),
    'Units of time from one of these values to the next.',
    2,
  ),
  ahead: key(
    whole('a distance', 1, 2 ** 10).default(chaos.ahead),
    'How far ahead the requested value lies, in units of time.',
    6,
  ),
  bits: key(
    whole('a number of bits', 2, 16).default(chaos.bits),
    'Width in bits of the answer: levels from 0.1 to 1.6. The `regression` of the program takes at least as many.',
    12,
  ),
});

/** Tasks with generated samples, by name. */
export const taskDescriptions = {
  cueAccumulation:
    'Cues come from the left or the right, and after a delay the recall asks from which side more came (Bellec et al., Nature Communications 11:3625, 2020).',
  mackeyGlass:
    'Predicts a chaotic series (Mackey and Glass, Science 197:287, 1977), for a program with a `regression`: the report has sMAPE and R2 in place of an accuracy.',
  spontaneousActivity:
    'Nothing is presented and nothing is asked: the network runs by itself, and the report has no accuracy.',
} as const;

/** `task:` A task with generated samples. */
export const taskSection = z.union(
  [
    strictObject({
      cueAccumulation: key(cueAccumulation, taskDescriptions.cueAccumulation, { trainSamples: 200, cues: 7 }),
    }),
    strictObject({
      mackeyGlass: key(chaotic, taskDescriptions.mackeyGlass, { trainSamples: 4000, ahead: 6 }),
    }),
    strictObject({
      spontaneousActivity: key(spontaneous, taskDescriptions.spontaneousActivity, { samples: 10 }),
    }),
  ],
  { error: wanted('{cueAccumulation: {...}}, {mackeyGlass: {...}} or {spontaneousActivity: {samples: 10}}') },
);
