import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';

// Skipped where Verilator is missing: apt-get install verilator. All experiments: npx tsx test/rtl/experiments.ts 4

const { path } = scratch();
// A bench of two samples is built for longer than it runs.
beforeAll(() => void vi.stubEnv('MAKEFLAGS', 'OPT_FAST=-O1'));
afterAll(() => void vi.unstubAllEnvs());

/** Small enough to be built soon: few lanes, and few steps. */
const few = ['hw.lanes=4', 'program.steps=6'];

describe('a core under Verilator', needs('verilator'), () => {
  test.each([
    ['mnist-snn', 'mp8-8', ['hw.inferenceWeights=sliced', 'program.populations.hidden.size=32']],
    ['mnist-csnn', 'mp16-8', []],
  ])(
    '%s at %s learns as the model does, and lint finds nothing in its text',
    async (name, precision, settings) => {
      const out = path(name);
      const set = [...few, ...settings].flatMap((setting) => ['--set', setting]);
      const options = ['--precision', precision, ...set, '--cosim', 'verilator', '-o', out];
      const { status, stdout, stderr } = await commandLine(argv`rtl ${name} ${options}`);
      expect([status, stderr]).toEqual([0, expect.not.stringContaining('plasticore: ')]);
      expect(stdout).toMatch(/identical under verilator: 2 samples, \d+ cycles/);
      const lint = spawnSync('make', ['--silent', 'lint'], { cwd: out, encoding: 'utf8' });
      // Verilator reports what it has read, and how long it took.
      expect([lint.status, lint.stderr]).toEqual([0, '']);
      expect(lint.stdout).not.toMatch(/%(Warning|Error)/);
    },
    600_000,
  );
});
