import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../cli/in-process.ts';
import { argv } from '../support/argv.ts';
import { needs } from '../support/needs.ts';
import { pythonWith } from '../support/python.ts';
import { scratch } from '../support/scratch.ts';

// The board in Icarus Verilog, its serial line driven bit by bit with what the script of the host sends.

const python = pythonWith('pty', 'termios');
const { folder, path } = scratch();
const core = path('core');
const inCore = (name: string): string => readFileSync(join(core, name), 'utf8');

/** The words of a file of memory. */
const wordsOf = (text: string): string[] => text.split('\n').filter((line) => /^[0-9a-f]+$/.test(line));

describe('a ULX3S, pin by pin', needs('iverilog', 'python3'), () => {
  beforeAll(async () => {
    const line = ['rtl', 'test/rtl/board/experiment.yaml', '--limit', '1', '-o', core];
    expect(await commandLine(line)).toMatchObject({ status: 0 });
    const make = spawnSync('make', ['bench_board.vvp'], { cwd: core, encoding: 'utf8' });
    expect(make.status, make.stderr).toBe(0);
  }, 60_000);

  test('learns what the model learns: weights go in, samples go in, spikes and learnt weights come out', () => {
    const { status, stdout, stderr } = spawnSync(python ?? '', ['host.py', '--simulate', 'check'], {
      cwd: core,
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^identical: \d+ cycles\n$/),
      stderr: '',
    });
    const expected = inCore('expected.txt').split('\n');
    expect(inCore('observed.txt').split('\n')).toEqual(expected);
    // Something to see: spikes, and weights that the first sample has changed and the second one has not.
    expect(expected.filter((text) => text.startsWith('spike')).length).toBeGreaterThan(10);
    const shadow = expected.flatMap((text) => /^word 1 \d+ (.*)/.exec(text)?.[1] ?? []);
    const learnt = wordsOf(inCore('learnt/shadow.memh'));
    expect(shadow).toEqual([...learnt, ...learnt]);
    expect(learnt).not.toEqual(wordsOf(inCore('shadow.memh')));
  }, 600_000);

  test('refuses what is no command, and what lies outside of a bank; a break resets it within a word', () => {
    writeFileSync(
      join(core, 'wrong.py'),
      `import host
line = host.SimulatedLine(["vvp", "-n", "bench_board.vvp"])
try:
    core = host.Core(line)
    core.write(1, 3, [0x12345678, 0x9abcdef0])
    core.write(1, 15, [7])
    for words in ([9], [4 | 77 << 8], [4 | 1 << 8, 15, 2], [3 | 2 << 8, 8, 1, 5, 6]):
        core.send(*words)
        try:
            if words[0] & 15 == 4 and len(words) > 1:
                print([f"{core.receive():08x}" for _ in range(2)])
            core.end()
        except host.Trouble as trouble:
            print(trouble)
    # A word of which three bytes have come.
    turn, bytes_sent = line.turn, []
    line.turn = lambda lines: (bytes_sent.extend(text for text in lines if text != "-"), turn(lines))[1]
    line.send(b"\\x01\\x02\\x03")
    while len(bytes_sent) < 3:
        pass
    line.reset()
    print([f"{word:08x}" for word in core.read(1, 3, 2)], core.cycles)
finally:
    line.close()
`,
    );
    const { stdout, stderr } = spawnSync(python ?? '', ['wrong.py'], { cwd: core, encoding: 'utf8' });
    const refused = 'the core says: refused (README.md: The stream)';
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      refused,
      refused,
      "['00000007', '00000000']",
      refused,
      refused,
      "['12345678', '9abcdef0'] 0",
      '',
    ]);
  }, 600_000);
});

test('the script of the host says what is missing', async () => {
  const out = path('no-board');
  expect(await commandLine(argv`rtl test/rtl/board/experiment.yaml -o ${out}`)).toMatchObject({
    status: 0,
  });
  if (python === undefined) return;
  const call = (...line: string[]) =>
    spawnSync(python, [join(out, 'host.py'), ...line], { encoding: 'utf8', cwd: folder });
  const none = call('--port', '/dev/none', 'load');
  expect([none.status, none.stderr]).toEqual([
    1,
    "host.py: /dev/none: No such file or directory; --port names the board's serial line\n",
  ]);
  expect(call('sing').stderr).toContain("invalid choice: 'sing'");
});
