import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../cli/in-process.ts';
import { at } from '../../support/change.ts';
import { goldenText } from '../../support/golden.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';
import { recorded } from '../replayed.ts';

const { folder } = scratch();

const rtl = process.env.PLASTICORE_ODIN_RTL;

describe('the RTL of ODIN itself', { timeout: 1_800_000, ...needs('odin') }, () => {
  const run = (name: string, out: string, ...args: string[]) =>
    commandLine(['verify', name, '-o', join(folder, out), '--rtl', rtl ?? '', ...args]);

  test.each(['odin-lif16', 'odin-sdsp256'] as const)('does what %s states', async (name) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, goldenText(name));
    // Icarus takes minutes for the larger one.
    const { stdout } = await run(path, name, '--simulator', 'verilator');
    expect(stdout).toContain('the RTL is identical under verilator');
  });

  test('learns a digit and answers as the model does', async () => {
    const { stdout } = await run('odin-mnist', 'digits');
    expect(stdout).toContain('the RTL is identical under icarus');
  });

  test('does not do what a damaged trace states', async () => {
    const path = join(folder, 'damaged.json');
    const damaged = recorded('odin-lif16');
    const input = damaged.expected.inputs.findIndex(({ records }) => records?.spikes !== undefined);
    at(damaged.expected.inputs, input).records?.spikes?.splice(0, 1);
    writeFileSync(path, JSON.stringify(damaged));
    const { status, stderr } = await run(path, 'damaged');
    expect(stderr).toMatch(
      new RegExp(`the RTL diverges under icarus\ninput ${input} .*: spikes 0: expected`),
    );
    expect(status).toBe(1);
  });
});
