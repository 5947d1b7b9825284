import type { Kernel } from '../isa/index.ts';
import { type Path, type Place, PlasticoreError, type SourceText, suggest } from '../text/index.ts';
import type { ProgramSpec } from './schema.ts';

/** A program with its microcode, checked as far as possible without a core. */
export interface Program {
  readonly spec: ProgramSpec;
  /** The kernels of all parts of its microcode, by name. */
  readonly kernels: ReadonlyMap<string, Kernel>;
  /** The texts it was made from: the program's own, then its microcode. */
  readonly sources: readonly SourceText[];
  /** Where the value at a path was written, for errors found later. */
  locate(path: Path): Place;
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
