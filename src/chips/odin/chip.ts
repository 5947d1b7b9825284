import {
  at,
  type Chip,
  defineHost,
  type FeatureSet,
  type Hosting,
  hostingNetwork,
  type LabelledSet,
  type NamedSet,
  noEpoch,
  PlasticoreError,
} from '../api.ts';
import { classes, digitPixels, OdinClassifier } from './classifier.ts';
import { OdinNetwork, odinNetworks } from './network.ts';
import { type OdinOptions, odinOptions } from './options.ts';

/** Verilog files of the RTL of ODIN, in `src` of its repository. */
const odinSources: readonly string[] = [
  'ODIN',
  'controller',
  'scheduler',
  'fifo',
  'aer_out',
  'spi_slave',
  'neuron_core',
  'synaptic_core',
  'sdsp_update',
  'lif_neuron',
  'LIF_neuron_blocks/lif_calcium',
  'LIF_neuron_blocks/lif_neuron_state',
  'izh_neuron',
  'IZH_neuron_blocks/izh_calcium',
  'IZH_neuron_blocks/izh_effective_threshold',
  'IZH_neuron_blocks/izh_input_accumulator',
  'IZH_neuron_blocks/izh_neuron_state',
  'IZH_neuron_blocks/izh_stimulation_strength',
].map((name) => `${name}.v`);

/**
 * ODIN: 256 neurons and 64k synapses that learn by spike-driven synaptic plasticity.
 *
 * Source: C. Frenkel et al., IEEE TBioCAS 13(1), 2019.
 */
export const odin: Chip = {
  name: 'odin',
  rtl: { from: 'the folder src of github.com/ChFrenkel/ODIN', sources: odinSources },
  networks: odinNetworks,
  published: [
    {
      hwModel: 'odin',
      of: 'inference',
      pj: 15_000,
      cite: 'Frenkel et al., IEEE TBioCAS 13(1), 2019: a digit of MNIST',
    },
  ],
  host: defineHost({
    description:
      "How the host teaches digits to ODIN and asks it: it sends events to the chip's controller, without an encoder or time steps. Or a network that is presented with samples.",
    options: odinOptions,
    registers: [],
    encodesSamples: true,
    hosting: odinHosting,
  }),
};

function odinHosting(options: OdinOptions): Hosting {
  const { network } = options;
  if (network === undefined) return hostingDigits(options);
  return hostingNetwork({
    chip: 'ODIN',
    section: { odin: { network } },
    inputs: network.inputs.length,
    classes: network.answers.length,
    start: (core) => new OdinNetwork(core, network),
  });
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
