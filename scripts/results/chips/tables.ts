import { existsSync } from 'node:fs';
import { chips } from '../../../src/chips/index.ts';
import type { Report } from '../../../src/report/index.ts';

/** The reports behind the tables: runs scored on the test set, and runs scored on the validation split. */
export interface Reports {
  readonly tested: readonly Report[];
  readonly validated: readonly Report[];
}

/** Tables of one chip, by name. A chip's file in this folder exports them as `chipTables`. */
export type ChipTables = (reports: Reports) => Readonly<Record<string, string>>;

/** The tables of all chips that have a file here. */
export async function tablesOfChips(reports: Reports): Promise<Readonly<Record<string, string>>> {
  const files = chips
    .map(({ name }) => new URL(`./${name}.ts`, import.meta.url))
    .filter((file) => existsSync(file));
  const modules = await Promise.all(
    files.map((file) => import(file.href) as Promise<{ chipTables: ChipTables }>),
  );
  return Object.assign({}, ...modules.map(({ chipTables }) => chipTables(reports)));
}
