import type { DataWatch, OperandValues } from '../../engine/index.ts';
import {
  type ExercisedCondition,
  type ExercisedField,
  type ExercisedPopulation,
  kernelsRun,
  type ReplayCoverage,
} from '../../golden/index.ts';
import {
  emittingPopulation,
  type Field,
  fieldRange,
  type Image,
  intervalAt,
  kernelText,
  type PlacedCore,
  type ProgramView,
} from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import type { Machine, MachineWatch } from '../../machine/index.ts';
import { at, inLane } from '../../text/index.ts';
import type { CoreTrace, FieldValues, TraceExpected } from './core-trace.ts';

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
      intervals: {
        all: machine.image.epochs.length,
        presented: new Set(trace.samples.map(({ epoch }) => intervalAt(machine.image.epochs, epoch))).size,
      },
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

type Step = ReturnType<DataWatch['line']>['before'];
type Lines = NonNullable<NonNullable<ReplayCoverage['core']>['lines']>;

const ignore = (): void => undefined;

/** Looks at what each line of the kernels computes: which way comparisons go, and whether stores saturate. */
export class LineOutcomes {
  readonly #image: Image;
  readonly #conditions = new Map<
    string,
    { -readonly [Key in keyof ExercisedCondition]: ExercisedCondition[Key] }
  >();
  readonly #stores = new Map<string, { readonly field: string; hasSaturated: boolean }>();

  constructor(image: Image) {
    this.#image = image;
    for (const core of image.cores) this.#list(core);
  }

  /** Watches a machine on the reference engine. */
  readonly watch: MachineWatch = {
    core: (index) => {
      const core = at(this.#image.cores, index);
      const line: DataWatch['line'] = (kernel, number, taken, given) =>
        this.#line(core, kernel, number, taken, given);
      return { data: () => ({ line, read: ignore, wrote: ignore, passes: ignore, passed: ignore }) };
    },
  };

  get lines(): Lines {
    return { conditions: [...this.#conditions.values()], stores: [...this.#stores.values()] };
  }

  /** Lists every line of a core that decides or saturates, so that those which never run are listed, too. */
  #list({ image }: PlacedCore): void {
    for (const [kernel, bound] of image.kernels.entries()) {
      const { lines } = kernelText(image, bound);
      for (const [number, { text }] of lines.entries()) {
        const { mnemonic, operands } = at(bound.code, number);
        const { effect } = operationNamed(mnemonic);
        if (effect.does === 'compute' && (effect.compares !== undefined || effect.selects)) {
          const name = conditionName(at(image.work, kernel), number);
          const place = `${name}: ${text.replaceAll(/ +/g, ' ')}`;
          this.#conditions.set(name, { place, wasTrue: false, wasFalse: false });
        }
        const field = effect.does === 'store' ? storedField(image.fields, operands) : undefined;
        if (field !== undefined && saturates(field))
          this.#stores.set(field.name, { field: field.name, hasSaturated: false });
      }
    }
  }

  #line(
    { image }: PlacedCore,
    kernel: number,
    number: number,
    taken: readonly OperandValues[],
    given: OperandValues['values'] | undefined,
  ): { readonly before: Step; readonly after: Step } {
    const { mnemonic, operands } = at(at(image.kernels, kernel).code, number);
    const { effect } = operationNamed(mnemonic);
    const condition = this.#conditions.get(conditionName(at(image.work, kernel), number));
    if (condition !== undefined) {
      const look = (values: OperandValues['values']): Step =>
        eachActive(values, (value) => {
          if (value === 0) condition.wasFalse = true;
          else condition.wasTrue = true;
        });
      // A selection may put its result over its condition, so the condition is looked at before.
      if (effect.does === 'compute' && effect.selects)
        return { before: look(at(taken, 0).values), after: ignore };
      if (given !== undefined) return { before: ignore, after: look(given) };
    }
    const field = effect.does === 'store' ? storedField(image.fields, operands) : undefined;
    const store = this.#stores.get(field?.name ?? '');
    if (effect.does !== 'store' || field === undefined || store === undefined)
      return { before: ignore, after: ignore };
    const { low, high } = fieldRange(field);
    const look = eachActive(at(taken, 0).values, (value) => {
      if (value < low || value > high) store.hasSaturated = true;
    });
    if (!effect.predicated) return { before: look, after: ignore };
    const predicate = at(taken, taken.length - 1).values;
    const before: Step = (tile) => {
      if (inLane(predicate, tile.from) !== 0) look(tile);
    };
    return { before, after: ignore };
  }
}

function conditionName(work: string, line: number): string {
  return `${work}, line ${line + 1}`;
}

function storedField(
  fields: readonly Field[],
  operands: PlacedCore['image']['kernels'][number]['code'][number]['operands'],
): Field | undefined {
  const field = operands.find((operand) => operand.is === 'field');
  return field && at(fields, field.field);
}

/** A flag holds what a comparison gives, and floats have no end. */
function saturates({ overflow, storage, kind }: Field): boolean {
  return overflow !== 'wrap' && storage !== 'float32' && kind !== 'flag';
}

function eachActive(values: OperandValues['values'], look: (value: number) => void): Step {
  return ({ from, to, active }) => {
    for (let lane = from; lane < to; lane++) if (active[lane] !== 0) look(inLane(values, lane));
  };
}
