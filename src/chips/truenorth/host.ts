import type { ChipModel } from '../../hardware/index.ts';
import { Mesh } from '../../hardware/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import type { Hosting } from '../chip.ts';
import { TrueNorthChip } from './controller.ts';
import { checkTicks, systemOf } from './model.ts';
import type { TrueNorthOptions } from './options.ts';
import { RandomContents } from './random-contents.ts';

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
    start({ image, engine }, _encoding, _data, crew) {
      const chip = checkTicks(image, model);
      const contents = new RandomContents(new Mesh(chip.mesh), options, image.seed);
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
        system: systemOf(image, chip, options.ticks),
        countSpikes: (counts) => {
          const population = image.populations.findIndex(({ name }) => name === 'neurons');
          const of = counts[population];
          if (of !== undefined) truenorth.countSpikes(of);
        },
      };
    },
  };
}
