import {
  type CoreDeed,
  createCore,
  type HeardCore,
  hearCore,
  neuronOf,
  populationOf,
  runSample,
} from '../../engine/index.ts';
import {
  type CoreImage,
  intervalAt,
  Memory,
  neuronIn,
  type Population,
  type ProgramView,
  type SpreadImage,
  valueIn,
} from '../../image/index.ts';
import { createMachine } from '../../machine/index.ts';
import {
  type BenchSample,
  expectedText,
  type loadedStimulus,
  type ObservedSample,
  placedStimulus,
  type SourceFile,
  sampleSpikes,
  spikesByStep,
  stateLines,
  stimulusText,
} from '../../rtl/index.ts';
import { at, indexOfLargest, PlasticoreError, tableOf } from '../../text/index.ts';
import type { CoreTrace, TraceExpected } from './core-trace.ts';
import { spikeTrainOf } from './record.ts';

/** The samples of a trace, as the bench of a core presents them. */
function benchSamples({ samples }: CoreTrace, image: ProgramView): BenchSample[] {
  return samples.map((sample) => ({
    interval: intervalAt(image.epochs, sample.epoch),
    learn: sample.learn,
    place: sample.place,
    label: sample.host.label,
    inputs: spikesByStep(spikeTrainOf(sample, image)),
  }));
}

/** Samples that a bench presents if nothing else is asked for, of those that learn and of those that test. */
export const samplesOfBench = 1;

/** After each of so many samples, the bench reads all banks; of more, after the last one only. */
const mostStates = 16;

/** Whether a bench asks for the state after a sample, of so many. */
export function asksForState(sample: number, samples: number): boolean {
  return samples <= mostStates || sample === samples - 1;
}

/** The stimulus of a core's bench, and its expected observations. */
export function presentedFiles(
  trace: CoreTrace,
  core: CoreImage,
  engine: string,
  stimulusOf: typeof loadedStimulus = stimulusText,
): SourceFile[] {
  const samples = benchSamples(trace, core);
  const states = (sample: number): boolean => asksForState(sample, samples.length);
  return [
    ['stimulus.txt', stimulusOf(core, samples, states)],
    ['expected.txt', expectedText(createCore(core, { engine }), samples, states)],
  ];
}

/**
 * The observations of a bench, as a trace states them: spikes and cycles, and the fields where it has asked for the
 * banks.
 */
export function observedOutcome(
  observed: readonly ObservedSample[],
  { expected, samples }: CoreTrace,
  image: CoreImage,
): TraceExpected {
  const { initial } = expected;
  const readout = image.fields[image.readout]?.name ?? '';
  const emitting = image.populations.flatMap((population, index) =>
    index === image.input ? [] : [{ name: population.name, population, index }],
  );
  const carrying = emitting.filter(({ population }) => population.payload !== undefined);
  return {
    initial,
    samples: observed.map(({ cycles, spikes, banks }, sample) => {
      const fields = banks === undefined ? {} : fieldsOf(image, banks, Object.keys(initial));
      const scores = fields[readout];
      /** By step, what an address of each spike of a population says. */
      const byStep = (of: number, says: (address: number) => number): number[][] =>
        spikes.map((step) =>
          step.flatMap(([population, address]) => (population === of ? [says(address)] : [])),
        );
      const table = (of: typeof emitting, says: (population: Population, address: number) => number) =>
        tableOf(
          Object.fromEntries(
            of.map(({ name, population, index }) => [
              name,
              byStep(index, (address) => says(population, address)),
            ]),
          ),
        );
      return {
        cycles: [...cycles],
        spikes: table(emitting, neuronIn),
        ...(carrying.length > 0 && { values: table(carrying, valueIn) }),
        ...(cycles.length > at(samples, sample).inputs.length && { replayed: true }),
        fields,
        ...(scores && { answer: indexOfLargest(scores) }),
      };
    }),
  };
}

function fieldsOf(
  image: CoreImage,
  banks: readonly Uint32Array[],
  names: readonly string[],
): Record<string, number[]> {
  const memory = new Memory(image, banks);
  return tableOf(
    Object.fromEntries(
      names.map((name) => {
        const field = at(
          image.fields,
          image.fields.findIndex((other) => other.name === name),
        );
        return [name, [...memory.access(image, field).readAll()]];
      }),
    ),
  );
}

/**
 * The stimulus of the bench of one core among several, and its expected observations. The samples run on the chip, and
 * the part of the core is written down: what the chip asks of it, and what it does then.
 *
 * @param number that of the core on its chip
 */
export function placedFiles(
  trace: CoreTrace,
  image: SpreadImage,
  number: number,
  engine: string,
): SourceFile[] {
  const samples = benchSamples(trace, image);
  const core = image.cores.findIndex((own) => own.number === number);
  if (image.chip === undefined) throw new PlasticoreError('fit', `${image.program} has no network of cores`);
  const stimulus: string[] = [];
  const expected: string[] = [];
  let interval = 0;
  const tell = (deed: CoreDeed): void => {
    stimulus.push(placedStimulus(deed, interval));
    if (deed.does === 'event')
      for (const address of deed.emitted)
        expected.push(`spike ${populationOf(address)} ${neuronOf(address)}`);
  };
  let heard: HeardCore | undefined;
  const machine = createMachine(image, {
    engine,
    watch: {
      core: () => ({}),
      around: (own, index) => {
        if (index !== core) return own;
        heard = hearCore(own, tell);
        return heard.core;
      },
      network: {
        sent: () => undefined,
        phase: () => undefined,
        arrived: (index, spikes) => {
          if (index === core) heard?.arrive(spikes);
        },
      },
    },
  });
  if (heard === undefined) throw new Error(`no core ${core}`);
  const { core: own, cycles } = heard;
  let before = cycles();
  for (const [index, sample] of samples.entries()) {
    ({ interval } = sample);
    stimulus.push('1 0 0 0 0');
    expected.push('sample');
    machine.setEpoch(at(image.epochs, interval));
    const observe = (): void => {
      stimulus.push('7');
      expected.push(`step ${cycles() - before}`);
      before = cycles();
    };
    runSample(machine, sampleSpikes(sample), { ...sample, observe });
    if (!asksForState(index, samples.length)) continue;
    stimulus.push('3');
    for (const line of stateLines(own)) expected.push(line);
  }
  return [
    ['stimulus.txt', `${stimulus.join('\n')}\n`],
    ['expected.txt', `${[...expected, 'end'].join('\n')}\n`],
  ];
}
