import type { NumericArray } from '../data/index.ts';
import type { Kernel } from '../isa/index.ts';
import { type Path, type Place, PlasticoreError, type SourceText, suggest } from '../text/index.ts';
import type { ProgramSpec } from './schema.ts';

/** A program with its microcode, checked as far as possible without a core. */
export interface Program {
  readonly spec: ProgramSpec;
  /** The kernels of all parts of its microcode, by name. */
  readonly kernels: ReadonlyMap<string, Kernel>;
  /** The texts it was made from: the program, those that it extends, then its microcode. */
  readonly sources: readonly SourceText[];
  /** Initial values from arrays, by the field that they fill. */
  readonly arrays: ProgramArrays;
  /** The place of the value at a path, for errors found later. */
  locate(path: Path): Place;
}

/** Initial values of a field from an array, one for each item in the field's order. */
export interface ProgramArray {
  readonly values: NumericArray;
  readonly shape: readonly number[];
  /** Whether its numbers are floats, which need a scale to become integers. */
  readonly isFloat: boolean;
  /** Its name in errors: its file and its name there, or the key that holds it. */
  readonly name: string;
  readonly origin: ArrayOrigin;
  /** The factor of its numbers, if its file says so; the program's scale is then not used. */
  readonly scale?: number | undefined;
  /** What its numbers are of, if its name says so: weights or shadow weights. */
  readonly unit?: 'weight' | 'shadow' | undefined;
  /** Cores of a chip under a controller of its own that it fills, one after the other; absent if all start alike. */
  readonly cores?: number | undefined;
  /** Where the program states it. */
  readonly path: Path;
}

/** Where an array comes from. */
interface ArrayOrigin {
  /** The name of its file, without folders; absent for an array given in code. */
  readonly file?: string;
  /** Its name within the file. */
  readonly array?: string;
  /** SHA-256 of its items as stored: C order, little-endian, `numpy.ascontiguousarray(a).tobytes()`. */
  readonly sha256: string;
}

/**
 * The key of an array: the field it fills, `owner.field`; `owner.weight` for initial weights (or, from a file of
 * weights, `owner.shadow`); `owner.connect.starts` and `owner.connect.targets` for those that list targets.
 */
export type ProgramArrays = ReadonlyMap<string, ProgramArray>;

/** The contents of a program's file, before the files that it names are read. */
export type LocatedSpec = Pick<Program, 'spec' | 'locate'>;

/** The most steps that a core runs for a sample: its own, and those in which it settles. */
export function stepsOf({ steps, settle }: ProgramSpec): number {
  return steps + settle;
}

/** Refuses a value of a program, at its place. */
export function refuse(
  { locate }: Pick<Program, 'locate'>,
  path: Path,
  message: string,
  hint?: string,
): never {
  throw new PlasticoreError('invalid-value', message, { ...locate(path), hint });
}

/** The index of a population or projection that a program names. */
export function indexNamed(
  program: Program,
  what: 'population' | 'projection',
  name: string,
  path: Path,
): number {
  const names = Object.keys(what === 'population' ? program.spec.populations : program.spec.projections);
  const index = names.indexOf(name);
  return index >= 0 ? index : refuse(program, path, `there is no ${what} '${name}'`, suggest(name, names));
}
