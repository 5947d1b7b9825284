import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { Reference } from '../experiment/index.ts';
import { isBareName } from '../fs/index.ts';

/** How a file refers to another: a bundled name as it is, else the path from the folder that it is in. */
export function referenceFrom(file: string, { name, from }: Reference): string {
  if (isBareName(name)) return name;
  const target = isAbsolute(name) ? name : join(dirname(from), name);
  const path = relative(dirname(file), target).split(sep).join('/');
  return path.startsWith('.') || isAbsolute(path) ? path : `./${path}`;
}
