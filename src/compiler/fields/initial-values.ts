import { type Field, fieldRange, fitToField } from '../../image/index.ts';
import { type InitialSpec, type ProgramArray, refuse } from '../../program/index.ts';
import { drawsBetween, largestDraw } from '../../random/index.ts';
import { type Formula, type Path, PlasticoreError } from '../../text/index.ts';
import type { Target } from '../target.ts';

/**
 * A field's items, drawn from a range.
 *
 * @throws PlasticoreError for an invalid range or one that the field cannot hold
 */
export function drawnValues(
  { program, parameters }: Target,
  field: Field,
  { uniform = 0 }: InitialSpec,
  path: Path,
  seed: number,
  stream: readonly number[],
): (item: number) => number {
  const whole = (formula: Formula, least: number, key: Path): number => {
    const what = [path.at(-1), 'uniform', ...key].join('.');
    const place = program.locate([...path, 'uniform', ...key]);
    const value = parameters.whole(formula, least, what, place);
    if (value <= largestDraw) return value;
    throw new PlasticoreError(
      'invalid-value',
      `${what}: expected at most ${largestDraw}, found ${value}`,
      place,
    );
  };
  const range = (): readonly [low: number, high: number] => {
    if (!Array.isArray(uniform)) {
      const amplitude = whole(uniform, 0, []);
      return [-amplitude, amplitude];
    }
    const least = whole(uniform[0], -largestDraw, [0]);
    return [least, whole(uniform[1], least, [1])];
  };
  const [low, high] = range();
  const fits = (value: number): boolean => fitToField(field)(value) === value;
  if (field.storage === 'integer' && !(fits(low) && fits(high))) {
    const what = path.at(-1) === 'initialWeights' ? 'initial weights' : 'initial values';
    const values = low === -high ? `±${high}` : `${low}..${high}`;
    const width = field.signed ? `${field.bits}` : `${field.bits} unsigned`;
    refuse(
      program,
      [...path, 'uniform'],
      `${what} of ${values} do not fit the ${width} bits of ${field.name}`,
    );
  }
  return drawsBetween(low, high, seed, ...stream);
}

/**
 * A field's items from an array: its numbers times the scale, rounded to the nearest integer (ties up) if the field
 * holds integers.
 *
 * @returns the scale as well: 1 if the program states none
 * @throws PlasticoreError for floats without a scale, and for the first item that is not a number or that the field
 * cannot hold
 */
export function scaledValues(
  { program, parameters }: Target,
  field: Field,
  { scale: formula }: InitialSpec,
  array: ProgramArray,
): { readonly itemAt: (item: number) => number; readonly scale: number } {
  const { values, isFloat, name, path, scale: own } = array;
  const stated = formula === undefined ? 1 : parameters.constant(formula, program.locate([...path, 'scale']));
  const scale = own ?? stated;
  if (isFloat && own === undefined && formula === undefined)
    refuse(
      program,
      path,
      `'${name}' holds floats: a scale is missing`,
      'in a program, scale: how many units of the field 1 stands for, such as 2 ** (shadowBits - 2); in a file of weights, NAME.scale: the value of one unit, such as 2 ** -7; or store integers',
    );
  if (field.perWord) refuse(program, path, `${field.name} is kept once per word and takes no array`);
  const isInteger = field.storage === 'integer';
  const { low, high } = fieldRange(field);
  const itemAt = (item: number): number => {
    const product = (values[item] ?? Number.NaN) * scale;
    return isInteger ? Math.floor(product + 0.5) : product;
  };
  for (let item = 0; item < values.length; item++) {
    const value = itemAt(item);
    if (isInteger ? value >= low && value <= high : Number.isFinite(value)) continue;
    const from = scale === 1 ? '' : ` (${values[item]} x ${scale})`;
    const expected = isInteger
      ? `${field.name} holds ${low}..${high} in ${field.bits} bits`
      : 'expected a finite number';
    refuse(program, path, `${name}[${indices(item, array).join(', ')}] is ${value}${from}; ${expected}`);
  }
  return { itemAt, scale };
}

/** The position of an item along each axis of its array. */
function indices(item: number, { shape }: ProgramArray): number[] {
  const found: number[] = [];
  let rest = item;
  for (const length of [...shape].reverse()) {
    found.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return found;
}
