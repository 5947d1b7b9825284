import { at, type ChipModel, type Hosting, Mesh, PlasticoreError } from '../api.ts';
import { TrueNorthChip } from './controller.ts';
import { isKnown } from './known-program.ts';
import { checkTicks } from './model.ts';
import type { TrueNorthOptions } from './options.ts';
import { RandomContents } from './random-contents.ts';

const remark =
  "the program is not 'truenorth' as it is bundled, so its cores run one after the other on one thread, about ten times slower";

/** Hosts TrueNorth: a sample is a run of a random network, which nothing is presented to. */
export function truenorthHosting(
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
