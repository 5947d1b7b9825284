import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadExperiment } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';

/*
 * Rules of the comparison as Verilog, on few neurons and lanes: the widths are those of the whole network. The one that
 * asks most of the core: eligibilities, and feedback that learns. All of them, in four minutes:
 * RULES=all npx vitest run --mode thorough test/rtl/rules
 */

const { path } = scratch();
// A bench of few samples is built for longer than it runs.
beforeAll(() => void vi.stubEnv('MAKEFLAGS', 'OPT_FAST=-O1'));
afterAll(() => void vi.unstubAllEnvs());

const few = ['hw.lanes=4', 'program.populations.hidden.size=32'];
const { spec } = loadExperiment(findFile('experiment', 'rules-mnist', ''));
const all = spec.sweep.program?.map(String) ?? [];
const chosen = ['mnist-e-prop-adaptive'];
const rules = process.env.RULES === 'all' ? all : all.filter((program) => chosen.includes(program));

describe('rules as Verilog', needs('verilator'), () => {
  test('are among those compared', () => expect(all).toEqual(expect.arrayContaining(chosen)));

  test.each(rules)(
    '%s learns four samples and answers four as the model does',
    async (program) => {
      const set = [`experiment.program=${program}`, ...few].flatMap((setting) => ['--set', setting]);
      const options = [...set, '--limit', '4', '--cosim', 'verilator', '-o', path(program)];
      const { status, stdout, stderr } = await commandLine(argv`rtl rules-mnist ${options}`);
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('plasticore: ')]);
      expect(stdout).toMatch(/identical under verilator: 8 samples, \d+ cycles/);
    },
    600_000,
  );
});
