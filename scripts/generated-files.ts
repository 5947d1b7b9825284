import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programHash } from '../src/chips/kit.ts';
import { placementJsonSchema } from '../src/compiler/index.ts';
import { deploy, experimentJsonSchema } from '../src/experiment/index.ts';
import { spaceJsonSchema } from '../src/explore/index.ts';
import { findFile } from '../src/fs/index.ts';
import { hwModelJsonSchema } from '../src/hardware/index.ts';
import { coreImageOf } from '../src/image/index.ts';
import { readingsJsonSchema } from '../src/import/index.ts';
import { programJsonSchema } from '../src/program/index.ts';
import { reportJsonSchema, studyJsonSchema } from '../src/report/index.ts';
import { traceJsonSchema } from '../src/trace/index.ts';
import { corePicture } from './core-picture.ts';
import { openProcessMacros } from './estimators/macros-csv.ts';
import { estimatorPages } from './estimators/pages.ts';
import { firstMinute } from './first-minute.ts';
import { formatPage, formats } from './formats/pages.ts';
import { instructionSetPage } from './instruction-set-page.ts';
import { pricedPages } from './results/pages.ts';

/** A file of the package that is generated from the code, so that it cannot contradict it. */
export interface GeneratedFile {
  /** From the root of the package. */
  readonly path: string;
  readonly text: string;
}

/** All of them, made of tables and schemas. */
export function generatedFiles(): readonly GeneratedFile[] {
  return [
    { path: 'docs/instruction-set.md', text: instructionSetPage() },
    ...estimatorPages(),
    { path: 'hw-models/macros/ihp-sg13g2.csv', text: openProcessMacros() },
    { path: 'docs/images/core.svg', text: corePicture('mnist-snn') },
    { path: 'docs/images/first-minute.svg', text: firstMinute() },
    { path: 'src/chips/crossbar/bundled-program.ts', text: bundledProgramText() },
    ...formats().map((format) => ({ path: format.page, text: formatPage(format) })),
    ...pricedPages(),
    { path: 'schemas/hw-model.schema.json', text: jsonText(hwModelJsonSchema()) },
    { path: 'schemas/program.schema.json', text: jsonText(programJsonSchema()) },
    { path: 'schemas/placement.schema.json', text: jsonText(placementJsonSchema()) },
    { path: 'schemas/readings.schema.json', text: jsonText(readingsJsonSchema()) },
    { path: 'schemas/experiment.schema.json', text: jsonText(experimentJsonSchema()) },
    { path: 'schemas/space.schema.json', text: jsonText(spaceJsonSchema()) },
    { path: 'schemas/report.schema.json', text: jsonText(reportJsonSchema()) },
    { path: 'schemas/study.schema.json', text: jsonText(studyJsonSchema()) },
    { path: 'schemas/trace.schema.json', text: jsonText(traceJsonSchema()) },
  ];
}

function writeFiles(files: readonly GeneratedFile[], root: string): void {
  for (const { path, text } of files) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** Those under a root that are missing or out of date. */
function staleFiles(files: readonly GeneratedFile[], root: string): string[] {
  return files.filter(({ path, text }) => readIfThere(join(root, path)) !== text).map(({ path }) => path);
}

/**
 * Writes the generated files under a root, or compares them.
 *
 * @param options what stands after the script's name
 * @param files makes them, where the options are right
 * @returns the exit status, and what to print on standard error
 */
export function generate(
  options: readonly string[],
  root: string,
  files: () => readonly GeneratedFile[] = generatedFiles,
): { readonly status: number; readonly messages: readonly string[] } {
  const [option, ...more] = options;
  if (more.length > 0 || (option !== undefined && option !== '--check')) {
    const usage = 'usage: npx tsx scripts/generate.ts [--check]';
    return { status: 2, messages: [`unknown argument '${more[0] ?? option}'; ${usage}`] };
  }
  if (option === undefined) {
    writeFiles(files(), root);
    return { status: 0, messages: [] };
  }
  const stale = staleFiles(files(), root);
  const messages = stale.map((path) => `${path} is stale: run npx tsx scripts/generate.ts`);
  return { status: stale.length > 0 ? 1 : 0, messages };
}

/** Program `truenorth`, for the module of the chip to know it. */
function bundledProgramText(): string {
  const byName = { name: 'truenorth', from: '' };
  const { image } = deploy({ program: byName, hw: byName, precision: 'own', seed: 1 }, findFile);
  return `/** The hash of the program that the module of a chip carries out. Made by scripts/generate.ts. */
export const bundledProgram = '${programHash(coreImageOf(image))}';
`;
}

function jsonText(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
