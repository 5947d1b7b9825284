import type { Host, Hosting } from '../../../src/chips/kit.ts';
import { type LabelledSet, sampleValues } from '../../../src/data/index.ts';
import type { Core } from '../../../src/engine/index.ts';
import { at, PlasticoreError } from '../../../src/text/index.ts';
import { ToyController } from './controller.ts';

/**
 * Pours each feature into its class's bucket, feature 0 into bucket 0 and so on. The first bucket to spike is the
 * answer.
 */
export function toyHosting({ step }: { readonly step: number }, threshold: number): Hosting {
  return {
    describe: () => JSON.stringify({ toy: { step, threshold } }),
    check(_image, _encoding, { name, kind, classes }) {
      if (kind === 'features' && classes <= 4) return;
      throw new PlasticoreError('data', `data set '${name}' does not fit into four buckets`);
    },
    start: ({ cores }, _encoding, { train, test }) => hostOf(at(cores, 0), step, train, test),
  };
}

function hostOf(core: Core, step: number, train: LabelledSet, test: LabelledSet): Host {
  const chip = new ToyController(core);
  const present = (set: LabelledSet, sample: number): number => {
    if (set.kind !== 'features') return -1;
    chip.empty();
    for (const [feature, value] of sampleValues(set, sample).entries()) {
      const spiked = value === 0 ? -1 : chip.pour(feature % set.classes, value >> 3);
      if (spiked >= 0) return spiked;
    }
    return -1;
  };
  return {
    learn(sample) {
      const answer = present(train, sample);
      const label = train.labels[sample] ?? 0;
      if (answer !== label) chip.teach(label, step);
      return answer;
    },
    ask(sample, observe) {
      const answer = present(test, sample);
      observe?.();
      return answer;
    },
    counters: () => chip.counters(),
    resetCounters: () => chip.resetCounters(),
  };
}
