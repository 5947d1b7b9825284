import {
  at,
  checkClasses,
  checkInputs,
  createSetEncoder,
  describeEncoding,
  type FeatureSet,
  type Hosting,
  indexOfLargest,
  type LabelledSet,
  type NamedSet,
  noEpoch,
  option,
  PlasticoreError,
  plainEncoding,
} from '../api.ts';
import { classes, OdinClassifier } from './classifier.ts';
import { digitPixels } from './deskew.ts';
import type { OdinNetworkOptions } from './network/options.ts';
import { OdinNetwork } from './network/run.ts';
import type { OdinOptions } from './options.ts';

export function odinHosting(options: OdinOptions): Hosting {
  const { network } = options;
  return network === undefined ? hostingDigits(options) : hostingNetwork(network);
}

/** Hosts a network in ODIN's memories: samples are spikes in time steps. */
function hostingNetwork(options: OdinNetworkOptions): Hosting {
  const { inputs, answers } = options;
  return {
    describe: (encoding) =>
      `${describeEncoding(encoding)}, ${JSON.stringify({ odin: { network: options } })}`,
    check(_image, encoding, set) {
      const name = 'the network on ODIN';
      checkInputs(set, encoding, { name, takes: inputs.length });
      checkClasses(set, { name, takes: answers.length });
    },
    start({ cores, image }, encoding, { test }) {
      const network = new OdinNetwork(at(cores, 0), options);
      const encode = createSetEncoder(test, plainEncoding(encoding));
      return {
        learn: () => {
          throw new PlasticoreError('usage', 'a network on ODIN does not learn', {
            hint: option('epochs', 0),
          });
        },
        ask(sample, observe) {
          const spikes = encode({ seed: image.seed, epoch: noEpoch, sample }, image.steps);
          const scores = network.present(spikes, () => observe?.());
          return indexOfLargest(scores);
        },
        counters: () => network.counters(),
        record: (about) => network.record(about),
        resetCounters: () => network.resetCounters(),
      };
    },
  };
}

/** Hosts digits that ten neurons learn: they are sent as events, without an encoder or time steps. */
function hostingDigits(options: OdinOptions): Hosting {
  return {
    describe: () => JSON.stringify({ odin: options }),
    check: (_image, _encoding, set) => checkDigits(set),
    start({ cores, image }, _encoding, data) {
      const chip = new OdinClassifier(at(cores, 0), options);
      const train = digitsOf(data.train, data.name);
      const test = digitsOf(data.test, data.name);
      const { seed } = image;
      return {
        learn: (sample, epoch) =>
          chip.present({ set: train, sample, epoch, seed, label: at(train.labels, sample), learn: true }),
        ask: (sample, observe) =>
          chip.present(
            { set: test, sample, epoch: noEpoch, seed, label: at(test.labels, sample), learn: false },
            observe,
          ),
        counters: () => chip.counters(),
        record: (about) => chip.record(about),
        resetCounters: () => chip.resetCounters(),
      };
    },
  };
}

/**
 * Checks that a data set holds digits that ODIN can learn.
 *
 * @throws PlasticoreError `data`
 */
function checkDigits(set: NamedSet): void {
  digitsOf(set, set.name);
}

function digitsOf(set: LabelledSet, name: string): FeatureSet {
  const { kind, inputs, classes: found } = set;
  if (set.kind === 'features' && inputs === digitPixels && found <= classes) return set;
  throw new PlasticoreError(
    'data',
    `data set '${name}' has ${inputs} ${kind === 'features' ? 'features' : 'channels'} per sample and ${found} classes`,
    { hint: `ODIN learns digits of ${digitPixels} pixels, of at most ${classes} classes` },
  );
}
