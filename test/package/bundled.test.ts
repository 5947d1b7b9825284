import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bundledModule } from '../../scripts/bundled-texts.ts';
import { offered } from '../../src/compiler/index.ts';
import {
  deploy,
  findHwModel,
  loadExperiment,
  parseSettings,
  resolveCell,
} from '../../src/experiment/index.ts';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { assemble, disassemble } from '../../src/isa/index.ts';
import { attempt, type Find, PlasticoreError } from '../../src/text/index.ts';
import { root } from '../support/root.ts';
import { bundledCells, expectCompiles, experiments } from './bundled.ts';

const byName = (name: string) => ({ name, from: '' });

/** Refusals by a core that is too small, or by another chip that lacks the program's widths or banks. */
const misfits: readonly string[] = ['fit', 'invalid-value', 'range'];

/** Whether one begins with the name of the other, as the program of a chip does. */
const isLike = (hw: string, program: string): boolean => hw.startsWith(program) || program.startsWith(hw);

const known = new Map<string, boolean>();

/** Whether a program compiles for a core at a precision; it may not fit, but nothing else may be wrong. */
function fits(program: string, hw: string, precision: string, ...set: readonly string[]): boolean {
  const key = [program, hw, precision, ...set].join();
  const isFit = known.get(key) ?? compiles(program, hw, precision, set);
  known.set(key, isFit);
  return isFit;
}

function compiles(program: string, hw: string, precision: string, set: readonly string[]): boolean {
  try {
    // Bundled programs deliver spikes in their own step, for which a chip needs phases.
    const isChip = findHwModel(byName(hw), precision, findFile).chip !== undefined;
    const settings = parseSettings([...set, ...(isChip ? ['hw.chip.delivery=phases'] : [])]);
    deploy({ program: byName(program), hw: byName(hw), precision, seed: 1, settings }, findFile);
    return true;
  } catch (error) {
    if (error instanceof PlasticoreError && misfits.includes(error.code)) return false;
    throw error;
  }
}

/** Some chips learn nothing. */
function infers(hw: string, precision: string): boolean {
  const request = { program: byName('mnist-csnn'), hw: byName(hw), precision, seed: 1, inference: true };
  return !(attempt(() => deploy(request, findFile)) instanceof PlasticoreError);
}

const precisionsOf = (hw: string) => offered(findHwModel(byName(hw), '', findFile));
const programs = bundledNames('program');
const hwModels = bundledNames('hw-model');

describe('the files that the package ships', () => {
  test('is there', () => {
    expect(programs).toContain('mnist-snn');
    expect(hwModels).toEqual(expect.arrayContaining(['fp32', 'reference']));
    expect(experiments.map(({ spec }) => spec.name)).toContain('mnist-snn');
  });

  // On more cores than that: bundled.thorough.test.ts.
  test.each(bundledCells.filter(({ cores }) => cores < 16))(
    'experiment $name compiles at $precision',
    expectCompiles,
  );

  test.each(programs)('program %s compiles for a bundled core', (program) => {
    const isFor = (hw: string) => precisionsOf(hw).some((precision) => fits(program, hw, precision));
    // Those of its experiments and of its name first: to be refused by the others takes long.
    const likely = experiments.filter(({ spec }) => spec.program === program).map(({ spec }) => spec.hw);
    const ofName = hwModels.filter((hw) => isLike(hw, program));
    expect([...likely, ...ofName, ...hwModels].some(isFor)).toBe(true);
  });

  test.each(hwModels.flatMap((hw) => precisionsOf(hw).map((precision) => [hw, precision] as const)))(
    'hw-model %s runs a bundled program at %s',
    (hw, precision) => {
      // Compiled above: an experiment may make a program fit.
      const isOfExperiment = experiments.some(
        ({ spec }) => spec.hw === hw && spec.precisions.some((one) => one === precision),
      );
      // The smallest FPGA has room for a smaller network of the same kernels.
      const isSmaller = () => fits('mnist-snn', hw, precision, 'program.populations.hidden.size=64');
      const isFor = (program: string) => fits(program, hw, precision);
      // Most cores run one of the first of these: all programs take long to try.
      const isForOne =
        isOfExperiment ||
        programs.filter((program) => isLike(hw, program)).some(isFor) ||
        isFor('mnist-snn') ||
        isSmaller() ||
        infers(hw, precision) ||
        programs.some(isFor);
      expect(isForOne).toBe(true);
    },
  );

  test.each(bundledNames('microcode'))('rule %s assembles, and its disassembly gives it again', (name) => {
    const { text, file } = findFile('microcode', name, '');
    const kernels = assemble(text, file);
    expect(kernels).not.toEqual([]);
    const listing = disassemble(kernels);
    expect(disassemble(assemble(listing, file))).toBe(listing);
  });
});

test('without a file system, programs find the arrays that they begin with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-bundled-'));
  const file = join(folder, 'bundled.mjs');
  writeFileSync(file, bundledModule(pathToFileURL(join(root, 'src/index.ts')).href));
  const { findBundled } = (await import(file)) as { readonly findBundled: Find };
  rmSync(folder, { recursive: true });
  const cell = (find: Find) =>
    resolveCell(loadExperiment(find('experiment', 'transfer', '')), { limit: 1 }, find).image.cores;
  expect(cell(findBundled)).toEqual(cell(findFile));
});
