import * as z from 'zod';
import { defaultEventEncoding, encoderNames, mostCounted, namedEncoding } from '../../data/index.ts';
import { found, key, strictObject, suggest, truth, whole } from '../../text/index.ts';

const encoderName = z.enum(encoderNames).transform(namedEncoding);

const bins = strictObject({
  ms: key(
    z
      .number({ error: ({ input }) => `expected the width of a bin in ms, found ${found(input)}` })
      .positive({ error: ({ input }) => `expected a width above 0 ms, found ${found(input)}` })
      .default(defaultEventEncoding.bins.ms),
    'Width of a time step in ms: a spike at t ms belongs to step floor(t / ms).',
    10,
  ),
});

const channel = whole('the number of a channel', 0, 2 ** 16 - 1);

const channels = strictObject({
  first: key(channel, 'The lowest channel that is used.', 200),
  last: key(channel, 'The highest channel that is used.', 699),
}).superRefine(({ first, last }, { addIssue }) => {
  if (first > last)
    addIssue({
      code: 'custom',
      path: ['last'],
      message: `expected a channel from ${first} on, which is the first, found ${last}`,
    });
});

const eventEncoder = strictObject({
  bins: key(bins, 'Bins of time. An input spikes once in each bin in which any of its channels spikes.', {
    ms: 10,
  }),
  channels: key(
    channels,
    'The channels that are used, by their numbers in the data. Spikes of all others are dropped; input 0 has the first of these. If absent, all channels.',
    { first: 200, last: 699 },
  ).optional(),
  groupChannels: key(
    whole('a number of channels', 1, 2 ** 16).default(defaultEventEncoding.groupChannels),
    'Neighbouring channels that share an input.',
    3,
  ),
  counts: key(
    truth,
    `Whether an input’s spike carries how many spikes its channels have in the bin, at most ${mostCounted}, for an input with a \`payload\`, which saturates it: 4 bits hold up to 15. If absent, false.`,
    true,
  ).optional(),
  jitterChannels: key(
    whole('a number of channels', 0, 2 ** 16).default(defaultEventEncoding.jitterChannels),
    'While training, all channels of a sample are shifted by the same random number of channels, at most this many up or down. Spikes shifted beyond the ends are dropped.',
    4,
  ),
  stopAfterLastSpike: key(
    truth.default(defaultEventEncoding.stopAfterLastSpike),
    'Whether a sample ends with the step of its last spike. If false, it has all `steps` of the program, beyond which spikes are dropped in any case.',
  ),
});

/** The key `encoder` of an experiment. */
export const encoder = z.union([encoderName, eventEncoder], {
  error: ({ input }) =>
    typeof input === 'string'
      ? `unknown encoder '${input}'; ${suggest(input, encoderNames)}`
      : `expected ${encoderNames.join(', ')} or {bins: {ms: 10}, groupChannels: ..., jitterChannels: ...}, found ${found(input)}`,
});
