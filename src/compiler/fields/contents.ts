import {
  type ArrayProvenance,
  bankWords,
  type CoreImage,
  type Field,
  fieldRange,
  fitToField,
  indexItems,
  indexKeys,
  Memory,
  type Projection,
  storeRule,
  valuesFor,
} from '../../image/index.ts';
import { weightView } from '../../isa/index.ts';
import {
  type FieldSpec,
  type InitialSpec,
  type Program,
  type ProgramArray,
  refuse,
} from '../../program/index.ts';
import { drawsBetween, largestDraw, streams } from '../../random/index.ts';
import { type Formula, option, type Path, PlasticoreError, unravelIndex } from '../../text/index.ts';
import type { CompileTarget } from '../target.ts';
import { extraBitsOf } from './weights.ts';

/** The initial contents of a field. */
interface Initial {
  readonly initial: InitialSpec;
  /** Where the program states it. */
  readonly path: Path;
  /** Identifies the draws of this field: their stream, and the parts that they belong to. */
  readonly stream: readonly number[];
}

/**
 * The banks' initial bits, and the origin of the arrays in them. Weights and fields start as the program states;
 * everything else is zero.
 *
 * Each drawn value is a hash of the seed, a stream, and what the value belongs to, so it does not depend on precision
 * or core. For weights that is projection and synapse; for fields it is projection (or population), position of the
 * field in its declaration, and item.
 *
 * @param core which of a chip's cores, from 0, where an array has contents for each
 */
export function initialContents(
  image: CoreImage,
  target: CompileTarget,
  core = 0,
): { readonly contents: readonly Uint32Array[]; readonly arrays: readonly ArrayProvenance[] } {
  const memory = new Memory(image, image.banks.map(bankWords));
  const provenance: ArrayProvenance[] = [];
  for (const [name, { initial, path, stream }] of initialFields(target.program)) {
    const index = image.fields.findIndex((field) => field.name === name);
    const stored = image.fields[index]?.view?.of ?? index;
    const field = image.fields[stored];
    if (field === undefined) continue;
    const array = arrayFor(target, field);
    const given = unitOf(target, field, array);
    if (array === undefined) {
      // Memory is zero already.
      if (initial.uniform === 0) continue;
      const drawn = drawnValues(target, given.as, initial, path, image.seed, stream);
      fill(image, memory, field, given, drawn);
    } else {
      const { itemAt, scale } = scaledValues(target, given.as, initial, array);
      const first = array.cores === undefined ? 0 : core * field.count;
      fill(image, memory, field, given, (item) => itemAt(first + item));
      provenance.push({ field: field.name, ...array.origin, scale });
    }
  }
  for (const projection of image.projections) {
    fillIndex(image, memory, projection);
    for (const key of ['starts', 'targets']) {
      const array = target.program.arrays.get(`${projection.name}.connect.${key}`);
      if (array !== undefined)
        provenance.push({ field: `${projection.name}.connect.${key}`, ...array.origin, scale: 1 });
    }
  }
  for (const [name, { ofWeights }] of target.delays) {
    if (ofWeights === undefined) continue;
    const field = image.fields.find((candidate) => candidate.name === `${name}.delay`);
    if (field !== undefined) memory.access(image, field).writeAll(ofWeights);
    const array = target.program.arrays.get(`${name}.delay`);
    const { delay } = target.program.spec.projections[name] ?? {};
    const scale = typeof delay === 'object' && delay.scale !== undefined ? delay.scale : 1;
    if (array !== undefined)
      provenance.push({
        field: `${name}.delay`,
        ...array.origin,
        scale: target.parameters.constant(scale, target.program.locate(['projections', name, 'delay'])),
      });
  }
  return { contents: memory.banks.map((words) => words.slice()), arrays: provenance };
}

/** The initial values that a program states, by field name. */
function initialFields({ spec }: Program): Map<string, Initial> {
  const found = new Map<string, Initial>();
  const add = (
    owners: 'populations' | 'projections',
    owner: string,
    fields: Readonly<Record<string, FieldSpec>>,
    stream: readonly number[],
  ): void => {
    for (const [position, [name, { initial }]] of Object.entries(fields).entries()) {
      const path = [owners, owner, 'fields', name, 'initial'];
      if (initial !== undefined)
        found.set(`${owner}.${name}`, { initial, path, stream: [...stream, position] });
    }
  };
  for (const [index, [name, { fields }]] of Object.entries(spec.populations).entries())
    add('populations', name, fields, [streams.neuronField, index]);
  for (const [index, [name, { fields, initialWeights, cut }]] of Object.entries(spec.projections).entries()) {
    const path = ['projections', name, 'initialWeights'];
    const weights = { initial: initialWeights, path, stream: [streams.weight, index] };
    found.set(`${name}.weight`, weights);
    // Where kernels cut the inference weights, neither is a view of the other.
    if (cut !== undefined) found.set(`${name}.shadow`, weights);
    add('projections', name, fields, [streams.synapseField, index]);
  }
  return found;
}

/** Writes a field and its stored view, if it has one. */
function fill(
  image: CoreImage,
  memory: Memory,
  field: Field,
  { as, convert }: Unit,
  itemAt: (item: number) => number,
): void {
  const items = valuesFor(field, field.count);
  for (let item = 0; item < field.count; item++) items[item] = itemAt(item);
  storeRule(as)(items, items, 0, field.count);
  if (convert !== undefined) {
    for (let item = 0; item < field.count; item++) items[item] = convert(items[item] ?? 0);
    storeRule(field)(items, items, 0, field.count);
  }
  memory.write(image, field, items);
}

/** Writes where the synapses of a sparse projection lead. */
export function fillIndex(image: CoreImage, memory: Memory, projection: Projection): void {
  for (const key of indexKeys) {
    const field = image.fields[projection.index?.[key] ?? -1];
    if (field !== undefined)
      memory.access(image, field).writeAll(indexItems(key, projection, image.projections));
  }
}

/**
 * A field's items, drawn from a range.
 *
 * @throws PlasticoreError for an invalid range or one that the field cannot hold
 */
function drawnValues(
  { program, parameters }: CompileTarget,
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
function scaledValues(
  { program, parameters, precision }: CompileTarget,
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
    refuse(
      program,
      path,
      `${name}[${unravelIndex(item, array.shape).join(', ')}] is ${value}${from}; ${expected}`,
      field.name.endsWith('.weight') && !isFloat
        ? `if the network was imported for another precision, import it again with ${option('precision', precision.name)}`
        : undefined,
    );
  }
  return { itemAt, scale };
}

/** The field of initial values: the one that they fill, or the other one of a weight and its shadow. */
interface Unit {
  /** The field whose range they have. */
  readonly as: Field;
  /** From there to the field that they fill; absent if it is that one. */
  readonly convert?: (value: number) => number;
}

/** The array for a field; undefined if it has none. A file may have arrays of weights and of shadow weights. */
function arrayFor(
  { program: { arrays }, leftOut }: CompileTarget,
  { name }: Field,
): ProgramArray | undefined {
  const [owner = '', field = ''] = name.split('.');
  const [weight, shadow] = [arrays.get(`${owner}.weight`), arrays.get(`${owner}.shadow`)];
  if (field === 'shadow') return shadow ?? weight;
  if (field === 'weight') return leftOut.cut.has(owner) ? (shadow ?? weight) : (weight ?? shadow);
  return arrays.get(name);
}

/**
 * The unit of a field's initial values: that which their array states; else shadow weights, where a rule of the program
 * writes them, even if the rule is left out.
 */
function unitOf(target: CompileTarget, field: Field, array: ProgramArray | undefined): Unit {
  const { leftOut, precision } = target;
  const [owner = '', name = ''] = field.name.split('.');
  const { shadowBits, weightBits } = precision;
  const droppedBits = shadowBits - weightBits;
  const isFloat = field.storage === 'float32';
  const { cut } = target.program.spec.projections[owner] ?? {};
  if (cut !== undefined && name === 'weight' && array?.unit !== 'weight')
    return cutUnit(target, field, cut.shift);
  if (name === 'weight' && (array?.unit ?? (leftOut.cut.has(owner) ? 'shadow' : 'weight')) === 'shadow')
    return {
      as: like(field, `${owner}.shadow`, shadowBits, 'saturate-symmetric'),
      convert: isFloat ? (value) => value * 2 ** -droppedBits : weightView(droppedBits, weightBits),
    };
  if (name === 'shadow' && array?.unit === 'weight')
    return {
      as: like(field, `${owner}.weight`, weightBits, 'saturate'),
      convert: (value) => value * 2 ** droppedBits,
    };
  return { as: field };
}

/** Inference weights that kernels cut start as the floor of the shadow weights that the program states. */
function cutUnit(target: CompileTarget, field: Field, formula: number | string): Unit {
  const [owner = ''] = field.name.split('.');
  const { program, parameters, precision } = target;
  const shift = parameters.whole(formula, 0, 'shift', program.locate(['projections', owner, 'cut', 'shift']));
  const bits = precision.shadowBits + extraBitsOf(target, owner);
  return { as: like(field, `${owner}.shadow`, bits, 'saturate'), convert: (value) => value >> shift };
}

function like(field: Field, name: string, bits: number, overflow: Field['overflow']): Field {
  return { ...field, name, overflow, bits: field.storage === 'float32' ? field.bits : bits };
}
