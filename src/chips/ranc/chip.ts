import {
  type Chip,
  type ChipModel,
  coreImageOf,
  defineHost,
  type FeatureSet,
  fieldNamed,
  type Hosting,
  type LabelledSet,
  option,
  PlasticoreError,
  sampleValues,
} from '../api.ts';
import { checkRanc, meshOf, type RancOptions, rancOptions } from './options.ts';
import { RancPresenter } from './presenter.ts';

/**
 * RANC: cores of axons and neurons with a crossbar, ticks, and a mesh of FIFO routers.
 *
 * Source: J. Mack et al., IEEE TCAD 40(11), 2021.
 */
export const ranc: Chip = {
  name: 'ranc',
  host: defineHost({
    description:
      'How the host presents samples to RANC: features above a threshold become packets to the axons of cores, without an encoder; packets that leave by the output bus vote for a class.',
    options: rancOptions,
    registers: [],
    encodesSamples: true,
    makesCores: true,
    hosting: rancHosting,
  }),
};

/** Hosts RANC: features of a sample become packets, and the packets that leave the chip vote for a class. */
function rancHosting(options: RancOptions, _registers: unknown, model: ChipModel | undefined): Hosting {
  return {
    describe: () => JSON.stringify({ ranc: options }),
    check: (image, _encoding, set) => checkRanc(image, options, model, set),
    start({ image, engine }, _encoding, { test }, crew) {
      if (crew !== undefined)
        throw new PlasticoreError(
          'usage',
          "RANC's cores are stepped by one controller, and so on one thread",
          {
            hint: `leave ${option('threads')} out`,
          },
        );
      const core = coreImageOf(image);
      const presenter = new RancPresenter(image, engine, options, {
        ...meshOf(image.core.hwModel, model),
        fifoDepth: core.core.fifoDepth,
        inputFifoDepth: options.inputFifoDepth,
        dxWidth: core.fields[fieldNamed(core, 'neurons.dx')]?.bits ?? 0,
      });
      const set = featuresOf(test);
      return {
        learn: () => {
          throw new PlasticoreError('usage', 'RANC does not learn', { hint: option('epochs', 0) });
        },
        ask(sample, observe) {
          const answer = presenter.present(sampleValues(set, sample));
          observe?.();
          return answer;
        },
        counters: () => presenter.counters(),
        resetCounters: () => presenter.resetCounters(),
        steps: options.ticks,
        countSpikes: (counts) => {
          const population = image.populations.findIndex(({ name }) => name === 'neurons');
          const of = counts[population];
          if (of !== undefined) presenter.countSpikes(of);
        },
      };
    },
  };
}

function featuresOf(set: LabelledSet): FeatureSet {
  if (set.kind === 'features') return set;
  throw new Error('a set of events, which the check refuses');
}
