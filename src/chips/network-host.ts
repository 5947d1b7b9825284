import {
  checkClasses,
  checkInputs,
  createSetEncoder,
  describeEncoding,
  plainEncoding,
  type SpikeTrain,
} from '../data/index.ts';
import type { Core } from '../engine/index.ts';
import { noEpoch } from '../random/index.ts';
import { at, indexOfLargest, option, PlasticoreError } from '../text/index.ts';
import type { Host, Hosting } from './chip.ts';

/** A network in the memories of a chip. */
interface HostedNetwork {
  /**
   * Presents a sample, from rest.
   *
   * @param stepped called after each step
   * @returns what each class has gathered
   */
  present(sample: SpikeTrain, stepped: (step: number) => void, label: number): ArrayLike<number>;
  readonly chip: Pick<Host, 'counters' | 'resetCounters'> & Required<Pick<Host, 'record' | 'watch'>>;
}

interface NetworkOnChip {
  /** The chip's name, for messages. */
  readonly chip: string;
  /** The section of the experiment, under its key. */
  readonly section: Readonly<Record<string, { readonly network: unknown }>>;
  /** How many inputs samples have, and how many classes. */
  readonly inputs: number;
  readonly classes: number;
  /** @throws PlasticoreError `invalid-value` for a section that does not fit the program */
  readonly check?: (() => void) | undefined;
  /** Programs the chip. */
  start(core: Core): HostedNetwork;
}

/** Hosts a network in the memories of a chip: samples are spikes in time steps, and nothing is learned. */
export function hostingNetwork({ chip, section, inputs, classes, check, start }: NetworkOnChip): Hosting {
  const name = `the network on ${chip}`;
  return {
    describe: (encoding) => `${describeEncoding(encoding)}, ${JSON.stringify(section)}`,
    check(_image, encoding, set) {
      check?.();
      checkInputs(set, encoding, { name, takes: inputs });
      checkClasses(set, { name, takes: classes });
    },
    start({ cores, image }, encoding, { test }) {
      const network = start(at(cores, 0));
      const encode = createSetEncoder(test, plainEncoding(encoding));
      return {
        learn: () => {
          throw new PlasticoreError('usage', `a network on ${chip} does not learn`, {
            hint: option('epochs', 0),
          });
        },
        ask(sample, observe) {
          const spikes = encode({ seed: image.seed, epoch: noEpoch, sample }, image.steps);
          return indexOfLargest(network.present(spikes, () => observe?.(), at(test.labels, sample)));
        },
        counters: () => network.chip.counters(),
        record: (about) => network.chip.record(about),
        watch: (watcher) => network.chip.watch(watcher),
        resetCounters: () => network.chip.resetCounters(),
      };
    },
  };
}
