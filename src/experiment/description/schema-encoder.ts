import * as z from 'zod';
import {
  allEncoderNames,
  defaultEventEncoding,
  type Encoding,
  encoderNames,
  mostCounted,
  namedEncoding,
} from '../../data/index.ts';
import { programLimits } from '../../program/index.ts';
import { found, key, strictObject, suggest, truth, wanted, whole } from '../../text/index.ts';

const encoderName = z.enum(encoderNames).transform(namedEncoding);

const binsOfTime = strictObject({
  ms: key(
    z
      .number({ error: wanted('the width of a bin in ms') })
      .positive({ error: wanted('a width above 0 ms') })
      .default(defaultEventEncoding.bins.ms),
    'Width of a time step in ms: a spike at t ms belongs to step floor(t / ms).',
    10,
  ),
});

const bins = z.union(
  [
    binsOfTime,
    strictObject({
      frames: key(
        whole('a number of steps', 1, programLimits.steps),
        'Steps of equal duration into which each recording is cut, from its first spike to its last, which is in the last step.',
        10,
      ),
    }),
  ],
  { error: wanted('{ms: 10} or {frames: 10}') },
);

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

/** A number from 0 to a bound, which it may reach or not. */
const upTo = (what: string, most: number, isBelow = false) => {
  const range = isBelow ? `from 0 to below ${most}` : `from 0 to ${most}`;
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected ${what} (a number ${range}), found ${found(input)}`;
  const number = z.number({ error }).min(0, { error });
  return isBelow ? number.lt(most, { error }) : number.max(most, { error });
};

const augmentation = strictObject({
  stretchTime: key(
    upTo('a share of the time', 1, true),
    'Times are multiplied by 1 + stretchTime x u: at 0.1, samples last 90 to 110 % as long.',
    0.1,
  ).optional(),
  scaleChannels: key(
    strictObject({
      by: key(
        upTo('a share of the distance', 1, true),
        'Distances from the centre are multiplied by 1 + by x u.',
        0.05,
      ),
      centre: key(upTo('a channel', 2 ** 16 - 1), 'The channel that stays where it is.', 550),
    }),
    'Spreads or narrows the channels around one of them, as a shorter or longer vocal tract would.',
    { by: 0.05, centre: 550 },
  ).optional(),
  shiftChannels: key(
    upTo('a number of channels', 2 ** 16),
    'All channels move by shiftChannels x u, unrounded.',
    6,
  ).optional(),
  equalise: key(
    strictObject({
      doublings: key(
        upTo('a power of 2', 8),
        'The gain at a knot is 2 ^ (doublings x u): at 0.3 from 0.81 to 1.23.',
        0.3,
      ),
      knots: key(
        whole('a number of knots', 2, 64),
        'Gains that are drawn, at equal distances from the first channel used to the end of the last. Between two the gain is linear.',
        7,
      ),
    }),
    'Makes some channels louder and others quieter, as a room or a microphone does. At a gain of 0.8, one spike in five is dropped; at 1.2, one in five is there twice.',
    { doublings: 0.3, knots: 7 },
  ).optional(),
});

const eventEncoder = strictObject({
  delta: key(
    strictObject({
      threshold: key(
        whole('a distance between features', 1, 255),
        'How far a value has to be from the level that its channel holds. That level begins with the first value.',
        4,
      ),
      step: key(
        whole('a distance between features', 1, 255),
        'By how much an event moves the level towards the value. If absent, by the threshold.',
        4,
      ).optional(),
      refractory: key(
        whole('a number of steps', 0, programLimits.steps).default(0),
        'Steps after an event in which the channel has no other.',
        1,
      ),
    }),
    'A delta modulator, of values in time steps: an event where a value has risen or fallen. Of n channels, inputs 0 to n - 1 have those that rise, inputs n to 2n - 1 those that fall.',
    { threshold: 4 },
  ).optional(),
  population: key(
    strictObject({
      width: key(
        whole('a number of values', 1, 255),
        'How many values, of the features 0 to 255, an input has.',
        8,
      ),
    }),
    'A population code, of values in time steps: an event of the input in whose range the value lies, if it is not 0. Each channel has ceil(256 / width) inputs.',
    { width: 8 },
  ).optional(),
  bins: key(
    bins,
    'Bins of time, of a width in ms, or of a share of each recording. An input spikes once in each bin in which any of its channels spikes.',
    { ms: 10 },
    { frames: 10 },
  ).optional(),
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
  pool: key(
    strictObject({
      rows: key(whole('a number of pixels', 1, 2 ** 15), 'Rows of the camera.', 34),
      columns: key(whole('a number of pixels', 1, 2 ** 15), 'Columns of the camera.', 34),
      by: key(whole('a number of pixels', 1, 2 ** 15), 'The side of the squares.', 2),
    }),
    'Of recordings of a camera: pixels in a square share an input, each polarity for itself. In place of `channels` and `groupChannels`.',
    { rows: 34, columns: 34, by: 2 },
  ).optional(),
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
  augment: key(
    augmentation,
    'Random changes while training, drawn anew for each sample in each epoch. In each key, u is a draw of its own, uniform in -1..1. Spikes moved beyond the channels used are dropped.',
    { stretchTime: 0.1, shiftChannels: 6 },
  ).optional(),
  stopAfterLastSpike: key(
    truth.default(defaultEventEncoding.stopAfterLastSpike),
    'Whether a sample ends with the step of its last spike. If false, it has all `steps` of the program, beyond which spikes are dropped in any case.',
  ),
})
  .superRefine(
    (
      { bins: binned, delta, population, jitterChannels, augment, pool, channels: used, groupChannels },
      { addIssue },
    ) => {
      const isOfCochlea =
        used !== undefined || groupChannels !== 1 || jitterChannels > 0 || augment !== undefined;
      const isOfValues = delta !== undefined || population !== undefined;
      if (binned === undefined && !isOfValues)
        addIssue({
          code: 'custom',
          path: ['bins'],
          message: 'expected bins, for spikes with their times, or delta or population, for values',
        });
      const isOther = binned !== undefined || pool !== undefined || isOfCochlea;
      if ((isOfValues && isOther) || (delta !== undefined && population !== undefined))
        addIssue({
          code: 'custom',
          path: [delta === undefined ? 'population' : 'delta'],
          message: 'expected nothing beside it: other keys are of spikes with their times',
        });
      if (pool !== undefined && isOfCochlea)
        addIssue({
          code: 'custom',
          path: ['pool'],
          message:
            'expected none beside channels, groupChannels, jitterChannels and augment: these are of channels in a row',
        });
      if (jitterChannels > 0 && augment?.shiftChannels !== undefined)
        addIssue({
          code: 'custom',
          path: ['augment', 'shiftChannels'],
          message: `expected no shift beside jitterChannels: ${jitterChannels}, which shifts channels already`,
        });
    },
  )
  .transform(({ bins: binned = defaultEventEncoding.bins, delta, population, ...options }): Encoding => {
    if (delta !== undefined) return { delta };
    return population === undefined ? { ...options, bins: binned } : { population };
  });

/** The key `encoder` of an experiment. */
export const encoder = z.union([encoderName, eventEncoder], {
  error: ({ input }) =>
    typeof input === 'string'
      ? allEncoderNames.includes(input)
        ? `encoder '${input}' has options: expected {${input}: ...}`
        : `unknown encoder '${input}'; ${suggest(input, encoderNames)}`
      : `expected ${encoderNames.join(', ')} or {bins: {ms: 10}, groupChannels: ..., jitterChannels: ...} or {delta: {threshold: 4}} or {population: {width: 8}}, found ${found(input)}`,
});
