import type { Program } from '../program/index.ts';
import { type Path, PlasticoreError, suggest } from '../text/index.ts';

/** Refuses a value of a program, at its place. */
export function refuse(program: Program, path: Path, message: string, hint?: string): never {
  throw new PlasticoreError('invalid-value', message, { ...program.locate(path), hint });
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
