import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { scratch } from '../support/scratch.ts';
import { lastNumber, readVcd } from '../trace/read-vcd.ts';
import { commandLine } from './in-process.ts';
import { main } from './spawn.ts';

const { folder, path: at } = scratch();

/** A run of 20 + 20 samples of 8 steps. */
const small = argv`mnist-snn --limit 20 --epochs 1 --set program.populations.hidden.size=16`;

test("GTKWave's tools read the waveforms, and keep every change", needs('vcd2fst'), async () => {
  await commandLine(argv`trace ${small} --steps 0..9 --vcd ${at('g.vcd')}`);
  for (const [tool, args] of [
    ['vcd2fst', [at('g.vcd'), at('g.fst')]],
    ['fst2vcd', argv`-f ${at('g.fst')} -o ${at('back.vcd')}`],
    ['vcd2lxt2', [at('g.vcd'), at('g.lxt2')]],
  ] as const) {
    const { status, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
    expect(status, `${tool}: ${stderr}`).toBe(0);
  }
  const [own, back] = ['g.vcd', 'back.vcd'].map((name) => readFileSync(at(name), 'utf8'));
  const [ours, theirs] = [own, back].map((text) => readVcd(forReader(text ?? '')));
  expect([...(theirs?.signals.keys() ?? [])].sort()).toEqual([...(ours?.signals.keys() ?? [])].sort());
  for (const [name, signal] of ours?.signals ?? []) {
    const found = theirs?.signals.get(name);
    const isNumber = signal.changes.some(({ value }) => /^[br]/.test(value));
    // fst2vcd writes 16 digits of a real number.
    if (isNumber) expect((found && lastNumber(found)) ?? 0, name).toBeCloseTo(lastNumber(signal), 6);
    else expect(found?.changes.at(-1), name).toEqual(signal.changes.at(-1));
  }
});

/** A dump as `fst2vcd` writes it has its declarations spread over lines, and vectors without a space. */
function forReader(text: string): string {
  return text
    .replaceAll(
      /\$timescale\s+(\S+?)\s*([a-z]+)\s+\$end/g,
      (_, number: string, unit: string) => `$timescale ${number} ${unit} $end`,
    )
    .replaceAll(/\$enddefinitions\s+\$end\s*\n/g, '$enddefinitions $end\n');
}

// A limit of the process, not of this one.
test('a file that outgrows the limit of its process is removed', () => {
  const command = `ulimit -f 1000; exec "$0" "$@"`;
  const args = argv`trace mnist-snn --limit 20 --steps 0..40 --vcd ${at('x.vcd')}`;
  const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, main, ...args], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('it is larger than the file system allows')]);
  expect(readdirSync(folder).filter((name) => name.startsWith('x.'))).toEqual([]);
});
