import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../cli/in-process.ts';
import { needs } from '../support/needs.ts';
import { pythonWith } from '../support/python.ts';
import { scratch } from '../support/scratch.ts';

// A programmable core on a ULX3S, its serial line driven bit by bit by the script of the host, in Verilator.

const python = pythonWith('pty', 'termios');
const { path } = scratch();

/** Four lanes, and banks that are simulated fast. */
const small = [
  'lanes=4',
  ...['weight', 'shadow'].flatMap((bank) => [`banks.${bank}.wordBits=32`, `banks.${bank}.capacityBits=4096`]),
  ...['banks.state.wordBits=64', 'banks.state.capacityBits=4096'],
].flatMap((setting) => ['--set', `hw.${setting}`]);

describe('a ULX3S, pin by pin', needs('verilator', 'python3'), () => {
  test('takes two programs, one after the other', async () => {
    const written = async (name: string, set: readonly string[]): Promise<string> => {
      const out = path(name);
      const line = ['rtl', 'test/rtl/board/experiment.yaml', '--style', 'microcode', '--limit', '1'];
      expect(await commandLine([...line, ...small, ...set, '-o', out])).toMatchObject({ status: 0 });
      return out;
    };
    const core = await written('core', []);
    const other = await written('other', [
      '--set',
      'program.populations.output.size=12',
      '--set',
      'program.steps=7',
    ]);
    const make = spawnSync('make', ['obj_board/bench_board'], { cwd: core, encoding: 'utf8' });
    expect(make.status, make.stderr).toBe(0);
    // Neither power nor configuration changes between the two; the second one leaves nothing of the first.
    writeFileSync(
      join(core, 'both.py'),
      `import host
line = host.SimulatedLine(host.SIMULATION)
try:
    core = host.Core(line)
    for folder in (host.HERE, ${JSON.stringify(other)}, host.HERE):
        program = host.program_of(folder)
        host.load(core, program)
        host.run(core, program, folder)
        host.compare(folder)
        print("identical")
finally:
    line.close()
`,
    );
    const { stdout, stderr } = spawnSync(python ?? '', ['both.py'], { cwd: core, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: 'identical\nidentical\nidentical\n', stderr: '' });
  }, 600_000);
});
