import {
  type ChipModel,
  coreImageOf,
  type FeatureSet,
  fieldNamed,
  type Hosting,
  type LabelledSet,
  option,
  PlasticoreError,
  sampleValues,
} from '../api.ts';
import { checkRanc, meshOf } from './host-check.ts';
import type { RancOptions } from './options.ts';
import { RancPresenter } from './presenter.ts';

/** Hosts RANC: features of a sample become packets, and the packets that leave the chip vote for a class. */
export function rancHosting(
  options: RancOptions,
  _registers: unknown,
  model: ChipModel | undefined,
): Hosting {
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
