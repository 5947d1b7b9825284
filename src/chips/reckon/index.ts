import {
  at,
  type Chip,
  checkClasses,
  checkInputs,
  defineHost,
  describeEncoding,
  type Encoding,
  encodedInputs,
  type Hosting,
  hostingNetwork,
  type NamedSet,
  noEpoch,
  option,
  PlasticoreError,
} from '../api.ts';
import { networkRegisters, ReckonNetwork, reckonNetworks } from './network.ts';
import {
  type ControllerRegisters,
  controllerRegisters,
  ReckonClassifier,
  type ReckonNetworkOptions,
  type ReckonOptions,
  reckonOptions,
} from './samples.ts';

export { ReckonClassifier } from './samples.ts';

/** Parameters of the program that the host needs to know: registers of the chip, under their names. */
const hostRegisters = [...new Set([...networkRegisters, ...controllerRegisters])] as const;
type HostRegisters = Readonly<Record<(typeof hostRegisters)[number], number>>;

/** Verilog files of the RTL of ReckOn, in `src` of its repository. */
const reckonSources: readonly string[] = [
  'reckon',
  'spi_slave',
  'srnn',
  'lfsr/lfsr_neur_stochround',
  'lfsr/lfsr_noise_neur',
  'lfsr/lfsr_oneur_stochround',
  'lfsr/lfsr_winp_wrec',
  'lfsr/lfsr_wout',
].map((name) => `${name}.v`);

/**
 * ReckOn: recurrent neurons that learn by e-prop.
 *
 * Source: C. Frenkel, G. Indiveri, ISSCC 2022.
 */
export const reckon: Chip = {
  name: 'reckon',
  rtl: { from: 'the folder src of github.com/ChFrenkel/ReckOn', sources: reckonSources },
  networks: reckonNetworks,
  published: [
    { hwModel: 'reckon', of: 'operation', pj: 5.3, cite: 'Frenkel and Indiveri, ISSCC 2022, at 0.5 V' },
  ],
  host: defineHost({
    description:
      'How the host programs, teaches and asks ReckOn, whose controller walks through the ticks of a sample. Or a network that is presented with samples.',
    options: reckonOptions,
    registers: hostRegisters,
    encodesSamples: false,
    hosting: reckonHosting,
  }),
};

function reckonHosting(options: ReckonOptions, registers: HostRegisters): Hosting {
  const { network } = options;
  if (network === undefined) return hostingLearner(options, registers);
  return hostingNetwork({
    chip: 'ReckOn',
    section: { reckon: { network } },
    inputs: network.inputs,
    classes: registers.num_out,
    check: () => checkNetwork(network, registers),
    start: (core) => new ReckonNetwork(core, registers, network),
  });
}

/** @throws PlasticoreError `invalid-value` for a section that does not fit the registers */
function checkNetwork({ inputs, constant }: ReckonNetworkOptions, registers: HostRegisters): void {
  const last = constant.reduce((largest, { input }) => Math.max(largest, input), inputs - 1);
  if (last >= registers.num_inp)
    throw new PlasticoreError(
      'invalid-value',
      `reckon.network has an input ${last}, and parameter num_inp is ${registers.num_inp}`,
      { hint: 'inputs count from 0; constant ones come behind those of samples' },
    );
  if (registers.do_eprop === 0) return;
  throw new PlasticoreError('invalid-value', `parameter do_eprop is ${registers.do_eprop}`, {
    hint: `a network from elsewhere does not learn: ${option('set', 'program.parameters.do_eprop=0')}`,
  });
}

/** Hosts spike trains that neurons learn, tick by tick, under the chip's controller. */
function hostingLearner(options: ReckonOptions, registers: HostRegisters): Hosting {
  return {
    describe: (encoding) =>
      `${describeEncoding(encoding)}, ${JSON.stringify({ reckon: { ...options, config: configOf(registers) } })}`,
    check: ({ steps }, encoding, set) => checkReckon(options, registers, steps, encoding, set),
    start({ cores, image }, encoding, { train, test }) {
      const classifier = new ReckonClassifier(at(cores, 0), options, registers);
      const { chip } = classifier;
      const presentTrain = classifier.presenter(train, encoding);
      const presentTest = classifier.presenter(test, encoding);
      const { seed } = image;
      return {
        learn: (sample, epoch, { augment } = {}) =>
          presentTrain({ sample, epoch, seed, augment, label: at(train.labels, sample), learns: true }),
        ask: (sample, observe) =>
          presentTest(
            { sample, epoch: noEpoch, seed, label: at(test.labels, sample), learns: false },
            observe,
          ),
        counters: () => chip.counters(),
        resetCounters: () => chip.resetCounters(),
        watch: (watcher) => chip.watch(watcher),
      };
    },
  };
}

/** The registers as a run's identity has them. */
function configOf({ num_inp, num_rec, num_out, do_eprop, force_traces }: ControllerRegisters) {
  return {
    inputs: num_inp,
    neurons: num_rec,
    outputs: num_out,
    doEprop: do_eprop,
    forceTraces: force_traces === 1,
  };
}

/**
 * Checks that the samples of a data set fit the chip as it is configured.
 *
 * @throws PlasticoreError `data` for another number of inputs or too many classes, `invalid-value` for a configuration
 *   that the model does not cover
 */
function checkReckon(
  { targetFrom }: ReckonOptions,
  { num_inp: inputs, num_rec: neurons, num_out: outputs }: ControllerRegisters,
  steps: number,
  encoding: Encoding,
  set: NamedSet,
): void {
  for (const [name, value, most] of [
    ['num_inp', inputs, 256],
    ['num_rec', neurons, 256],
  ] as const) {
    if (value >= 2 && value <= most && value % 2 === 0) continue;
    throw new PlasticoreError('invalid-value', `parameter ${name} is ${value}`, {
      hint: `ReckOn's model takes even numbers from 2 to ${most}`,
    });
  }
  if (targetFrom >= steps - 1) {
    throw new PlasticoreError(
      'invalid-value',
      `targetFrom is tick ${targetFrom} of ${steps}: nothing would be learned or asked`,
      { hint: 'the last tick is not learned; program.steps gives their number' },
    );
  }
  const name = 'ReckOn as it is configured';
  const hint = (register: string, value: number): string =>
    `for example ${option('set', `program.parameters.${register}=${value}`)}`;
  checkInputs(set, encoding, { name, takes: inputs, hint: hint('num_inp', encodedInputs(set, encoding)) });
  checkClasses(set, { name, takes: outputs, hint: hint('num_out', set.classes) });
}
