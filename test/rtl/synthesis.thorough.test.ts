import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { smallCore } from './small-core.ts';

const { path } = scratch();

test('all ports of a small core are connected', needs('iverilog'), async () => {
  const out = path('small');
  expect((await commandLine(argv`${smallCore} -o ${out}`)).status).toBe(0);
  const sources = readdirSync(out).filter((name) => /^(k\d|bank|plasticore).*\.sv$/.test(name));
  const elaborate = ['-g2012', '-Wportbind', '-tnull', '-s', 'plasticore_pins', 'pins.v', ...sources];
  const { status, stderr } = spawnSync('iverilog', elaborate, { cwd: out, encoding: 'utf8' });
  expect([status, stderr.split('\n').filter((line) => line.includes('warning'))]).toEqual([0, []]);
});

// Skipped where it is missing: apt-get install yosys. That gates do what the model does takes minutes for each program:
// npx tsx test/rtl/random-many.ts 10 1 tame netlist
describe('yosys', needs('yosys'), () => {
  test.each([
    ['mnist-snn', 'mnist-snn'],
    ['words that tiles do not divide', 'test/rtl/board/experiment.yaml'],
  ])(
    'finds no latch, no loop and no undriven wire in a board that learns: %s',
    async (name, file) => {
      const out = path(name);
      expect((await commandLine(argv`rtl ${file} -o ${out}`)).status).toBe(0);
      const sources = readdirSync(out).filter((name) => name.endsWith('.sv') && !name.startsWith('bench'));
      const script = [
        `read_verilog -sv ${sources.join(' ')}`,
        'hierarchy -check -top ulx3s',
        'proc',
        'check -assert',
        'select -assert-none t:$dlatch*',
      ].join('; ');
      const { status, stderr } = spawnSync('yosys', ['-q', '-p', script], { cwd: out, encoding: 'utf8' });
      // A short history of the walker is registers, and no memory.
      const warnings = stderr.split('\n').filter((line) => line !== '' && !line.includes('Replacing memory'));
      expect([status, warnings]).toEqual([0, []]);
    },
    600_000,
  );
});
