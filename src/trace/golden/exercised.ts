import {
  type ExercisedField,
  type ExercisedPopulation,
  kernelsRun,
  type ReplayCoverage,
} from '../../golden/index.ts';
import { emittingPopulation, type ProgramView } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import type { Machine } from '../../machine/index.ts';
import { at } from '../../text/index.ts';
import type { CoreTrace, FieldValues, TraceExpected } from './core-trace.ts';
import type { LineOutcomes } from './line-outcomes.ts';

/**
 * How much of a machine the samples of a trace have run.
 *
 * @param found what the machine did, as `recordTrace` states it
 * @param outcomes what its lines computed; undefined where nobody looked
 */
export function exercisedBy(
  trace: CoreTrace,
  machine: Machine,
  found: TraceExpected,
  outcomes: LineOutcomes | undefined,
): ReplayCoverage {
  return {
    kernels: kernelsRun([machine]),
    core: {
      populations: populationsOf(trace, machine.image, found),
      fields: fieldsOf(trace, machine.image, found),
      unstated: unstatedBy(trace, machine.image),
      ...(outcomes && { lines: outcomes.lines }),
    },
  };
}

/** The input, and the populations that a kernel emits spikes of. */
function populationsOf(
  { samples }: CoreTrace,
  image: ProgramView,
  found: TraceExpected,
): ExercisedPopulation[] {
  return spikingPopulations(image).map((index) => {
    const { name, size } = at(image.populations, index);
    const spikes =
      index === image.input
        ? samples.flatMap(({ inputs }) => inputs)
        : found.samples.flatMap((sample) => sample.spikes[name] ?? []);
    return { name, size, spiked: new Set(spikes.flat()).size };
  });
}

function spikingPopulations(image: ProgramView): number[] {
  const emitting = image.kernels
    .filter(({ code }) => code.some(({ mnemonic }) => operationNamed(mnemonic).effect.does === 'emit'))
    .map((kernel) => emittingPopulation(image, kernel));
  return image.populations.flatMap((_, index) =>
    index === image.input || emitting.includes(index) ? [index] : [],
  );
}

function unstatedBy({ expected: { samples, counters } }: CoreTrace, image: ProgramView): string[] {
  const states = (what: string, isStated: boolean) => (isStated ? [] : [what]);
  return [
    ...spikingPopulations(image)
      .filter((index) => index !== image.input)
      .map((index) => at(image.populations, index).name)
      .flatMap((name) =>
        states(
          `spikes of ${name}`,
          samples.some(({ spikes }) => name in spikes),
        ),
      ),
    ...states(
      'cycles',
      samples.some(({ cycles }) => cycles !== undefined),
    ),
    ...states(
      'answers',
      samples.some(({ answer }) => answer !== undefined),
    ),
    ...states('counters', counters !== undefined),
  ];
}

/** The fields that are stored and may change, and any other that the trace states. */
function fieldsOf({ expected }: CoreTrace, image: ProgramView, found: TraceExpected): ExercisedField[] {
  const stated = new Set(statesOf(expected).flatMap((values) => Object.keys(values)));
  // A recording names a field again where it has changed.
  const [, ...later] = statesOf(found);
  const changed = new Set(later.flatMap((values) => Object.keys(values)));
  return image.fields
    .filter(({ name, layout, fixed }) => stated.has(name) || (layout !== undefined && fixed !== true))
    .map(({ name }) => ({ name, isCompared: stated.has(name), hasChanged: changed.has(name) }));
}

/** All that is stated of the fields, in time order, beginning with the initial ones. */
function statesOf({ initial, samples }: TraceExpected): FieldValues[] {
  return [initial, ...samples.flatMap(({ steps = [], fields }) => [...steps, fields])];
}
