import { z } from 'zod';
import { cueAccumulationMs, defaultCueAccumulation as cues } from '../../data/index.ts';
import { found, strictObject } from '../../text/index.ts';
import { share, whole } from './schema-values.ts';

const positive = (what: string) =>
  z
    .number({ error: ({ input }) => `expected ${what}, found ${found(input)}` })
    .positive({ error: ({ input }) => `expected ${what} above 0, found ${found(input)}` });

/** `odin:` How its host teaches and asks ODIN. */
export const odinSection = strictObject({
  pixelThreshold: whole(0, 255, 'a pixel').default(60).describe('Pixels above it spike, the brightest first'),
  threshold: whole(1, 255, 'a threshold').default(255).describe('Threshold of the ten neurons'),
  marginPixels: whole(0, 255, 'a number of pixels')
    .default(8)
    .describe('A right answer is taught too where another neuron spikes within so many pixels after it'),
  learnedShare: share.default(0.1).describe('Share of the pixels that spike again when a digit is taught'),
  shareDecay: share.default(0.5).describe('What that share is multiplied with after each epoch'),
  longestPixels: whole(1, 2 ** 16, 'a number of pixels')
    .default(300)
    .describe('Without a spike until then there is no answer'),
});

const gain = (what: string, value: number) =>
  positive('a gain')
    .default(value)
    .describe(
      `Initial ${what} weights are drawn from a normal distribution of standard deviation gain x sqrt(2 / fan-in)`,
    );

const gains = strictObject({
  input: gain('input', 0.5),
  recurrent: gain('recurrent', 0.1),
  output: gain('output', 0.5),
});

/** `reckon:` How its host programs, teaches and asks ReckOn. */
export const reckonSection = strictObject({
  alpha: whole(0x7000, 0x8fff, 'a leak of 16 bits, 15 of them fractional')
    .default(0x7fff)
    .describe(
      'What is left of a membrane potential and its traces after a tick, in units of 2^-15; 0x8000 does not leak',
    ),
  threshold: whole(1, 2 ** 15 - 1, 'a threshold of 16 bits')
    .default(614)
    .describe('Threshold of the recurrent neurons'),
  targetFrom: whole(1, 2 ** 20, 'a tick').describe('The first tick whose answer counts and is learnt'),
  initialGains: gains
    .default(gains.parse({}))
    .describe('How large the initial weights are; a weight of 128 is 1'),
});

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
