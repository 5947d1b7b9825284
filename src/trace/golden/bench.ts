import { at, indexOfLargest } from '../../arrays/index.ts';
import { createCore } from '../../engine/index.ts';
import {
  type CoreImage,
  Memory,
  neuronIn,
  type Population,
  type ProgramView,
  valueIn,
} from '../../image/index.ts';
import {
  type BenchSample,
  expectedText,
  type ObservedSample,
  type SourceFile,
  spikesByStep,
  stimulusText,
} from '../../rtl/index.ts';
import { tableOf } from '../../text/index.ts';
import type { CoreTrace, TraceExpected } from './core-trace.ts';
import { spikeTrainOf } from './record.ts';

/** The samples of a trace, as the bench of a core presents them. */
export function benchSamples({ samples }: CoreTrace, image: ProgramView): BenchSample[] {
  return samples.map((sample) => ({
    interval: image.epochs.findLastIndex((first) => first <= sample.epoch),
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
export function presentedFiles(trace: CoreTrace, core: CoreImage, engine: string): SourceFile[] {
  const samples = benchSamples(trace, core);
  const states = (sample: number): boolean => asksForState(sample, samples.length);
  return [
    ['stimulus.txt', stimulusText(core, samples, states)],
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
