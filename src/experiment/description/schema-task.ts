import { z } from 'zod';
import { cueAccumulationMs, defaultCueAccumulation as cues } from '../../data/index.ts';
import { found, strictObject, whole } from '../../text/index.ts';

const count = (what: string, value: number) => whole(1, 2 ** 20, what).default(value);
const ms = (what: string, low: number, value: number) => whole(low, 2 ** 20, `${what} in ms`).default(value);
const hz = (what: string, value: number) =>
  z
    .number({ error: ({ input }) => `expected ${what} in Hz, found ${found(input)}` })
    .min(0, { error: ({ input }) => `expected ${what} of at least 0 Hz, found ${found(input)}` })
    .max(1000, {
      error: ({ input }) => `expected ${what} of at most 1000 Hz, once in a ms, found ${found(input)}`,
    })
    .default(value);

/** Ten minutes: floats of 32 bits tell the milliseconds of much longer samples apart no more. */
const longestMs = 600_000;

const cueAccumulation = strictObject({
  trainSamples: count('a number of samples', cues.trainSamples),
  testSamples: count('a number of samples', cues.testSamples),
  cues: whole(1, 2 ** 10, 'a number of cues').default(cues.cues),
  cueMs: ms('the length of a cue', 1, cues.cueMs),
  pauseMs: ms('the pause before a cue', 0, cues.pauseMs),
  delayMs: ms('the delay after the last cue', 0, cues.delayMs),
  recallMs: ms('the length of the recall', 1, cues.recallMs),
  channelsPerGroup: whole(1, 2 ** 12, 'a number of channels')
    .default(cues.channelsPerGroup)
    .describe('Channels of each of the four groups: left, right, recall, noise'),
  cueHz: hz('the rate of a channel', cues.cueHz).describe('Of a channel while its cue, or the recall, is on'),
  noiseHz: hz('the rate of a channel', cues.noiseHz).describe('Of a channel of the fourth group, always'),
  minorityShare: z
    .number({ error: ({ input }) => `expected a share of the cues, found ${found(input)}` })
    .min(0, { error: ({ input }) => `expected a share of at least 0, found ${found(input)}` })
    .max(0.5, { error: ({ input }) => `expected a share of at most a half, found ${found(input)}` })
    .default(cues.minorityShare)
    .describe('The probability that a cue is of the side that its sample does not prefer'),
}).superRefine((task, { addIssue }) => {
  const ms = cueAccumulationMs(task);
  if (ms <= longestMs) return;
  addIssue({
    code: 'custom',
    message: `expected samples of at most ${longestMs} ms, found ${ms}: cues, pauses, delay and recall together`,
  });
});

/** Tasks whose samples are generated, by name. */
export const taskDescriptions = {
  cueAccumulation:
    'Cues come from the left or the right, and after a delay the recall asks from which side more came (Bellec et al., Nature Communications 11:3625, 2020)',
} as const;

/** `task:` A task whose samples are generated. */
export const taskSection = strictObject({
  cueAccumulation: cueAccumulation.describe(taskDescriptions.cueAccumulation),
});
