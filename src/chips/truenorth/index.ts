import {
  at,
  type Chip,
  type ChipModel,
  defineHost,
  type Hosting,
  isKnown,
  Mesh,
  PlasticoreError,
} from '../api.ts';
import { checkTicks, TrueNorthChip } from './controller.ts';
import { RandomContents, type TrueNorthOptions, truenorthOptions } from './random-contents.ts';

/** TrueNorth: all cores of a chip, tick by tick, on one thread or several. */

export { TrueNorthChip } from './controller.ts';
export { MachineCores } from './machine-cores.ts';
export { RandomContents, truenorthOptions } from './random-contents.ts';

/**
 * TrueNorth: 4096 cores of 256 axons and 256 neurons, which run tick by tick.
 *
 * Sources: P. A. Merolla et al., Science 345(6197), 2014; F. Akopyan et al., IEEE TCAD 34(10), 2015.
 */
export const truenorth: Chip = {
  name: 'truenorth',
  published: [
    {
      hwModel: 'truenorth',
      of: 'operation',
      pj: 26,
      cite: 'Merolla et al., Science 345:668, 2014: all in, at 20 Hz and 128 synapses a neuron',
    },
  ],
  host: defineHost({
    description:
      'A random network on all cores of TrueNorth, as those were on which it was measured. Nothing is presented to it: it runs by itself.',
    options: truenorthOptions,
    registers: [],
    encodesSamples: true,
    makesCores: true,
    hosting: truenorthHosting,
  }),
};

const remark =
  "the program is not 'truenorth' as it is bundled, so its cores run one after the other on one thread, about ten times slower";

/** Hosts TrueNorth: a sample is a run of a random network, which nothing is presented to. */
function truenorthHosting(
  options: TrueNorthOptions,
  _registers: unknown,
  model: ChipModel | undefined,
): Hosting {
  return {
    describe: () => JSON.stringify({ truenorth: options }),
    check(image, _encoding, { name, inputs }) {
      checkTicks(image, model);
      if (inputs === 0) return;
      throw new PlasticoreError('data', `data set '${name}' has samples, and TrueNorth takes none`, {
        hint: 'leave the data set out: task: {spontaneousActivity: {samples: 10}}',
      });
    },
    start({ cores, engine }, _encoding, _data, crew) {
      const { image } = at(cores, 0);
      const { mesh } = checkTicks(image, model);
      const contents = new RandomContents(new Mesh(mesh), options, image.seed);
      const truenorth = new TrueNorthChip({ image, model, contents, engine, crew });
      return {
        learn: () => {
          throw new PlasticoreError('usage', 'TrueNorth does not learn', { hint: 'epochs: 0' });
        },
        ask(sample, observe) {
          truenorth.run(sample, options.settle, options.ticks);
          observe?.();
          return -1;
        },
        counters: () => truenorth.counters(),
        resetCounters: () => truenorth.resetCounters(),
        steps: options.ticks,
        ...(!isKnown(image) && { remark }),
        countSpikes: (counts) => {
          const population = image.populations.findIndex(({ name }) => name === 'neurons');
          const of = counts[population];
          if (of !== undefined) truenorth.countSpikes(of);
        },
      };
    },
  };
}
