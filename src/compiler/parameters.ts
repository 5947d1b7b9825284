import type { ParameterSpec, Program } from '../program/index.ts';
import { evaluate, type Formula, type Place, PlasticoreError, suggest, tableOf } from '../text/index.ts';

/** Parameter values that replace the program's, by name: numbers, formulas or schedules. */
export type ParameterOverrides = Readonly<Record<string, ParameterSpec>>;

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
 * @throws PlasticoreError for unknown names, cycles and bad formulas, with the place in the program
 */
export function resolveParameters(
  program: Program,
  overrides: ParameterOverrides,
  given: Readonly<Record<string, number>>,
): ResolvedParameters {
  const declared = program.spec.parameters;
  for (const name of Object.keys(overrides)) {
    if (name in declared) continue;
    throw new PlasticoreError('invalid-value', `program '${program.spec.name}' has no parameter '${name}'`, {
      hint: suggest(name, Object.keys(declared)),
    });
  }
  const specs: Record<string, ParameterSpec> = tableOf({ ...declared, ...overrides });
  const names = [...new Set([...Object.keys(given), ...Object.keys(specs)])];
  const placeOf = (name: string): Place =>
    name in overrides ? { file: `parameter ${name}` } : program.locate(['parameters', name]);
  const epochs = [...new Set([0, ...Object.values(specs).flatMap(breakpoints)])].sort((a, b) => a - b);

  const known = new Map<string, number>();
  const pending: string[] = [];
  function parameterAt(name: string, epoch: number): number | undefined {
    const spec = specs[name];
    if (spec === undefined) return given[name];
    const key = `${name} ${epoch}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    if (pending.includes(name)) {
      const circle = [...pending.slice(pending.indexOf(name)), name].join(' -> ');
      throw new PlasticoreError('invalid-value', `parameters depend on each other: ${circle}`, placeOf(name));
    }
    pending.push(name);
    const formulas = typeof spec === 'object' ? [spec.value, ...addedBy(spec.add, epoch)] : [spec];
    const value = formulas.reduce<number>((sum, formula) => sum + at(formula, epoch, placeOf(name)), 0);
    pending.pop();
    known.set(key, value);
    return value;
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
