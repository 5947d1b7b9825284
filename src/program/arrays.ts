import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { type NdArray, type NumericArray, readNpy, readNpz } from '../data/index.ts';
import {
  type CheckedYaml,
  type Path,
  type ResolveBytes,
  resolveAt,
  type SourceBytes,
  suggest,
} from '../text/index.ts';
import { type ConnectedSpec, connectionOf } from './connections.ts';
import { type LocatedSpec, type ProgramArray, type ProgramArrays, refuse } from './program.ts';
import type { ConnectSpec, InitialSpec, ProgramSpec } from './schema.ts';
import { indexArrayName, indexArrays } from './sparse.ts';

/** The contents of a program, and what its references are relative to. */
export type LocatedProgram = Pick<CheckedYaml<ProgramSpec>, 'value' | 'locate' | 'fileNaming'>;

/**
 * Reads the arrays that a program names and checks their shapes.
 *
 * @throws PlasticoreError where the program names an array that cannot be read or has the wrong shape
 */
export function readArrays(
  { value: spec, locate, fileNaming }: LocatedProgram,
  find: ResolveBytes | undefined,
): ProgramArrays {
  const program: LocatedSpec = { spec, locate };
  const files = new Map<string, SourceBytes>();
  const reader = (path: Path, reference: string): SourceBytes => {
    if (find === undefined)
      return refuse(
        program,
        path,
        `'${reference}' is a file of arrays, and nothing is given that finds it`,
        'give the numbers themselves, {values: [...]}, or a function that finds the file',
      );
    const from = fileNaming(path);
    const known = files.get(`${from}\n${reference}`) ?? resolveAt(reference, from, locate(path), find);
    files.set(`${from}\n${reference}`, known);
    return known;
  };
  const arrays = new Map<string, ProgramArray>();
  for (const [name, { connect }] of Object.entries(spec.projections)) {
    if (connect === 'dense' || !('sparse' in connect)) continue;
    for (const key of indexArrays) {
      const indices = connect.sparse[key];
      const path = ['projections', name, 'connect', 'sparse', key];
      const array = indices && arrayOf(program, indices, path, reader);
      if (array !== undefined) arrays.set(indexArrayName(name, key), array);
    }
  }
  for (const { field, path, initial, shapes } of initials({ ...program, arrays })) {
    const array = arrayOf(program, initial, path, reader);
    if (array === undefined) continue;
    // A list in code has no shape unless it states one.
    const isFlat = initial.values !== undefined && initial.shape === undefined;
    const expected = shapes();
    const cores = coresIn(program, array, expected);
    if (cores === undefined) checkShape(program, array, expected, isFlat);
    arrays.set(field, { ...array, ...(cores !== undefined && { cores }) });
  }
  return arrays;
}

/** Initial values that a program states, with the shapes that an array of them may have. */
interface Initial {
  readonly field: string;
  readonly path: Path;
  readonly initial: InitialSpec;
  readonly shapes: () => readonly (readonly number[])[];
}

function initials(program: ConnectedSpec): Initial[] {
  const { spec } = program;
  const found: Initial[] = [];
  const add = (
    owners: 'populations' | 'projections',
    owner: string,
    fields: ProgramSpec['populations'][string]['fields'],
    shapes: Initial['shapes'],
  ): void => {
    for (const [name, { initial }] of Object.entries(fields))
      if (initial !== undefined)
        found.push({
          field: `${owner}.${name}`,
          path: [owners, owner, 'fields', name, 'initial'],
          initial,
          shapes,
        });
  };
  for (const [name, { size, shape, fields }] of Object.entries(spec.populations))
    add('populations', name, fields, () => populationShapes({ size, shape }));
  for (const [name, { fields, initialWeights, delay }] of Object.entries(spec.projections)) {
    const shapes = () => weightShapes(program, name);
    found.push({
      field: `${name}.weight`,
      path: ['projections', name, 'initialWeights'],
      initial: initialWeights,
      shapes,
    });
    if (typeof delay === 'object')
      found.push({
        field: `${name}.delay`,
        path: ['projections', name, 'delay'],
        initial: delay,
        shapes,
      });
    add('projections', name, fields, shapes);
  }
  return found;
}

function arrayOf(
  program: LocatedSpec,
  { file, array, values, shape }: Pick<InitialSpec, 'file' | 'array' | 'values' | 'shape'>,
  path: Path,
  read: (path: Path, reference: string) => SourceBytes,
): ProgramArray | undefined {
  if (values !== undefined) return given(program, values, shape, [...path, 'values']);
  if (file === undefined) return undefined;
  const found = read([...path, 'file'], file);
  const arrays = arraysIn(found);
  const names = [...arrays.keys()];
  const name = array ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    return refuse(
      program,
      path,
      `'${file}' holds ${names.length} arrays: say which`,
      `array: ${names.join(', ')}`,
    );
  const chosen = arrays.get(name);
  if (chosen === undefined)
    return refuse(program, [...path, 'array'], `'${file}' has no array '${name}'`, suggest(name, names));
  return arrayFrom(found, name, chosen, path);
}

/** The arrays of a `.npz` file by name; that of a `.npy` file has none. */
export function arraysIn({ bytes, file }: SourceBytes): ReadonlyMap<string, NdArray> {
  return /\.npy$/.test(file) ? new Map([['', readNpy(bytes, file)]]) : readNpz(bytes, file);
}

/** An array of a file, with its origin. */
export function arrayFrom({ file }: SourceBytes, name: string, array: NdArray, path: Path): ProgramArray {
  return {
    values: array.data,
    shape: array.shape,
    isFloat: isFloat(array),
    name: name === '' ? file : `${file}: ${name}`,
    origin: {
      file: file.split(/[\\/]/).at(-1) ?? file,
      ...(name === '' ? {} : { array: name }),
      sha256: fingerprint(array),
    },
    path,
  };
}

/** An array given in code. Plain numbers are integers if all of them are whole. */
function given(
  program: LocatedSpec,
  values: NumericArray | readonly number[],
  shape: readonly number[] | undefined,
  path: Path,
): ProgramArray {
  const data = ArrayBuffer.isView(values) ? values : Float64Array.from(values);
  const array: NdArray = { data, shape: shape ?? [data.length] };
  const count = array.shape.reduce((product, length) => product * length, 1);
  if (count !== data.length)
    refuse(program, path, `a shape of ${shown(array.shape)} has ${count} values, found ${data.length}`);
  const isWhole = !ArrayBuffer.isView(values) && values.every(Number.isInteger);
  return {
    values: data,
    shape: array.shape,
    isFloat: isFloat(array) && !isWhole,
    name: path.join('.'),
    origin: { sha256: fingerprint(array) },
    path: path.slice(0, -1),
  };
}

function isFloat({ data, dtype }: NdArray): boolean {
  return dtype === undefined && (data instanceof Float32Array || data instanceof Float64Array);
}

function fingerprint({ data, dtype }: NdArray): string {
  const { buffer, byteOffset, byteLength } = dtype === '<i8' ? BigInt64Array.from(data, BigInt) : data;
  return bytesToHex(sha256(new Uint8Array(buffer, byteOffset, byteLength)));
}

/** The shapes that an array of a field of a population may have, the natural one first. */
export function populationShapes({
  size,
  shape,
}: Pick<ProgramSpec['populations'][string], 'size' | 'shape'>): (readonly number[])[] {
  return shape === undefined ? [[size]] : [shape, [size]];
}

/** The shapes that an array of a projection's weights may have, the natural one first; none if it has no weights. */
export function weightShapes(program: ConnectedSpec, name: string): (readonly number[])[] {
  const { weightRows, weightRowLength } = connectionOf(program, name);
  if (weightRows === 0) return [];
  const rows = [weightRows, weightRowLength];
  const connect: ConnectSpec = program.spec.projections[name]?.connect ?? 'dense';
  if (connect !== 'dense' && 'sparse' in connect) return [[weightRowLength], rows];
  if (connect === 'dense' || !('convolution' in connect)) return [rows];
  const { window } = connect.convolution;
  const [high, wide] = typeof window === 'number' ? [window, window] : window;
  return [[high, wide, weightRows / (high * wide), weightRowLength], rows];
}

/**
 * The cores that an array fills, by one more dimension in front of a shape; undefined if it has none. Only a controller
 * of a chip's own, which triggers named events, has cores that start with contents of their own.
 */
function coresIn(
  { spec }: LocatedSpec,
  { shape: [cores, ...rest] }: ProgramArray,
  expected: readonly (readonly number[])[],
): number | undefined {
  if (Object.keys(spec.events.on).length === 0) return undefined;
  const isOfCores = expected.some(
    (shape) => shape.length === rest.length && shape.every((length, axis) => length === rest[axis]),
  );
  return isOfCores ? cores : undefined;
}

/**
 * Refuses an array that has none of the shapes expected; none are expected where there is nothing to fill.
 *
 * @param isFlat whether it is a list without a shape, of which only the number is checked
 */
export function checkShape(
  program: LocatedSpec,
  { name, shape, values, path }: ProgramArray,
  expected: readonly (readonly number[])[],
  isFlat = false,
): void {
  const [natural, ...others] = expected;
  if (natural === undefined) return;
  const count = natural.reduce((product, length) => product * length, 1);
  const is = (other: readonly number[]): boolean =>
    other.length === shape.length && other.every((length, axis) => length === shape[axis]);
  if (expected.some(is) || (isFlat && values.length === count)) return;
  const transposed = [natural, ...others].some((other) => is([...other].reverse()));
  const projection = path[0] === 'projections' ? program.spec.projections[String(path[1])] : undefined;
  const axes =
    projection === undefined
      ? ''
      : natural.length === 1
        ? ' (synapses, row by row)'
        : natural.length === 2
          ? ' (pre x post)'
          : ' (rows x columns x inputs x outputs)';
  refuse(
    program,
    path,
    `'${name}' has ${isFlat ? `${values.length} values` : `the shape ${shown(shape)}`}, expected ${[natural, ...others].map(shown).join(' or ')}${axes}`,
    transposed ? 'it is transposed: save weights.T' : undefined,
  );
}

function shown(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join(' x ');
}
