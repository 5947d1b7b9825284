import type { ParameterSpec, Program } from '../program/index.ts';
import { evaluate, type Formula, type Place, PlasticoreError, suggest, tableOf } from '../text/index.ts';

/** Parameter values that replace the program's, by name: numbers, formulas or schedules. */
export type ParameterOverrides = Readonly<Record<string, ParameterSpec>>;

/** A stage of training with values of its own. In each stage, schedules begin anew. */
export interface ParameterStage {
  /** Its first epoch. */
  readonly first: number;
  /** Values that hold in this stage in place of all others, by name. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** The projections that learn in it; absent for all. */
  readonly learns?: readonly string[] | undefined;
  /** The place of each parameter and each of these projections, for errors. */
  readonly places: Readonly<Record<string, Place>>;
}

/** A program's parameters at one precision, over the whole schedule of epochs. */
export interface ResolvedParameters {
  /** First epochs of the intervals in which all parameters are constant; the first is 0. */
  readonly epochs: readonly number[];
  /** A formula's value in each interval. */
  valuesOf(formula: Formula, place: Place): number[];
  /** A formula's value, which must not change with the epoch. */
  constant(formula: Formula, place: Place): number;
  /** A constant that must be a whole number of at least `low`. */
  whole(formula: Formula, low: number, what: string, place: Place): number;
  readonly names: readonly string[];
  /** The place of a parameter's value: in the program, or in what replaces it. */
  placeOf(name: string): Place;
}

/**
 * @param given values that precision and program define: `weightBits`, `shadowBits`, `steps`; a parameter of such a
 * name comes before them
 * @param stages ascending, the first from epoch 0 on; default: one, with no values of its own
 * @throws PlasticoreError for unknown names, cycles and bad formulas, with the place in the program
 */
export function resolveParameters(
  program: Program,
  overrides: ParameterOverrides,
  given: Readonly<Record<string, number>>,
  stages: readonly ParameterStage[] = [{ first: 0, parameters: {}, places: {} }],
): ResolvedParameters {
  const declared = program.spec.parameters;
  const checkDeclared = (name: string, place: Place = {}): void => {
    if (name in declared) return;
    throw new PlasticoreError('invalid-value', `program '${program.spec.name}' has no parameter '${name}'`, {
      ...place,
      hint: suggest(name, Object.keys(declared)),
    });
  };
  for (const name of Object.keys(overrides)) checkDeclared(name);
  for (const { parameters, places } of stages)
    for (const name of Object.keys(parameters)) checkDeclared(name, places[name]);
  const specs: Record<string, ParameterSpec> = tableOf({ ...declared, ...overrides });
  const names = [...new Set([...Object.keys(given), ...Object.keys(specs)])];
  const stageAt = (epoch: number): ParameterStage => {
    const stage = stages.findLast(({ first }) => first <= epoch);
    if (stage === undefined) throw new Error(`no stage has epoch ${epoch}`);
    return stage;
  };
  const placeOf = (name: string, epoch = 0): Place =>
    stageAt(epoch).places[name] ??
    (name in overrides ? { file: `parameter ${name}` } : program.locate(['parameters', name]));
  const epochs = intervalsOf(specs, stages);

  const known = new Map<string, number>();
  const pending: string[] = [];
  function parameterAt(name: string, epoch: number): number | undefined {
    const stage = stageAt(epoch);
    const spec = stage.parameters[name] ?? specs[name];
    if (spec === undefined) return given[name];
    const key = `${name} ${epoch}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (pending.includes(name)) {
      const circle = [...pending.slice(pending.indexOf(name)), name].join(' -> ');
      const place = placeOf(name, epoch);
      throw new PlasticoreError('invalid-value', `parameters depend on each other: ${circle}`, place);
    }
    pending.push(name);
    try {
      const added = epoch - stage.first;
      const formulas = typeof spec === 'object' ? [spec.value, ...addedBy(spec.add, added)] : [spec];
      const place = placeOf(name, epoch);
      const value = formulas.reduce<number>((sum, formula) => sum + at(formula, epoch, place), 0);
      known.set(key, value);
      return value;
    } finally {
      // Whoever asks again finds the fault itself, and no circle.
      pending.pop();
    }
  }
  function at(formula: Formula, epoch: number, place: Place): number {
    return evaluate(formula, (name) => parameterAt(name, epoch), names, place);
  }

  const valuesOf = (formula: Formula, place: Place): number[] =>
    epochs.map((epoch) => at(formula, epoch, place));
  const constant = (formula: Formula, place: Place): number => {
    const values = valuesOf(formula, place);
    const first = values[0] ?? 0;
    const other = values.find((value) => value !== first);
    if (other !== undefined) {
      throw new PlasticoreError(
        'invalid-value',
        `'${formula}' changes with the epoch (${first}, then ${other})`,
        {
          ...place,
          hint: 'only operands of microcode may follow a schedule',
        },
      );
    }
    return first;
  };
  return {
    epochs,
    names,
    placeOf,
    valuesOf,
    constant,
    whole(formula, low, what, place) {
      const value = constant(formula, place);
      if (Number.isInteger(value) && value >= low) return value;
      throw new PlasticoreError(
        'invalid-value',
        `${what}: expected a whole number of at least ${low}, found ${value}`,
        place,
      );
    },
  };
}

/** First epochs of the intervals in which all parameters are constant. */
function intervalsOf(
  specs: Readonly<Record<string, ParameterSpec>>,
  stages: readonly ParameterStage[],
): readonly number[] {
  const scheduled = stages.map(({ first, parameters }, index) => {
    const end = stages[index + 1]?.first ?? Infinity;
    return Object.values({ ...specs, ...parameters })
      .flatMap(breakpoints)
      .map((epoch) => first + epoch)
      .filter((epoch) => epoch < end);
  });
  const isChanging = stages.some(
    ({ parameters, learns }) => Object.keys(parameters).length > 0 || learns !== undefined,
  );
  // Where nothing ever changes, stages are no intervals.
  const isConstant = !isChanging && scheduled.every((epochs) => epochs.length === 0);
  const firsts = isConstant ? [0] : stages.map(({ first }) => first);
  return [...new Set([...firsts, ...scheduled.flat()])].sort((a, b) => a - b);
}

function breakpoints(spec: ParameterSpec): number[] {
  return typeof spec === 'object' ? Object.keys(spec.add).map(Number) : [];
}

function addedBy(add: Readonly<Record<string, Formula>>, epoch: number): Formula[] {
  return Object.entries(add)
    .filter(([from]) => Number(from) <= epoch)
    .map(([, formula]) => formula);
}

/**
 * Values of those program parameters that depend neither on widths nor on the epoch. A host needs some of them, such as
 * the number of a chip's inputs that the program uses.
 *
 * @throws PlasticoreError if a parameter is missing or changes with the epoch
 */
export function constantsOf<Name extends string>(
  program: Program,
  names: readonly Name[],
): Readonly<Record<Name, number>> {
  const parameters = resolveParameters(program, {}, {});
  const values = names.map((name) => [name, parameters.constant(name, program.locate(['parameters', name]))]);
  return Object.fromEntries(values) as Record<Name, number>;
}
