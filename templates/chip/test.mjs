// node --test: the RTL does what golden.json says, and the model does what the RTL does.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs a program in this folder. Returns what it prints; fails as it fails. */
function run(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: here, encoding: 'utf8' });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${error ?? stderr}`);
  return stdout;
}

const hasIcarus = spawnSync('iverilog', ['-V']).status === 0;

test('the RTL records golden.json', { skip: hasIcarus ? false : 'there is no iverilog' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'mine-'));
  try {
    const [program, trace] = [join(folder, 'mine_tb'), join(folder, 'golden.json')];
    run('iverilog', '-g2012', '-o', program, 'rtl/mine.v', 'rtl/mine_tb.v');
    run('vvp', program, `+trace=${trace}`);
    assert.equal(readFileSync(trace, 'utf8'), readFileSync(join(here, 'golden.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const engine of ['fast', 'reference'])
  test(`the model on the ${engine} engine does what the RTL did`, () => {
    const said = run('plasticore', 'verify', 'golden.json', '--chip', './mine.mjs', '--engine', engine);
    assert.match(said, /identical/);
  });
