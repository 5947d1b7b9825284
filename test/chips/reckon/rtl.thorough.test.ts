import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { goldenText } from '../../support/golden.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';
import { recorded } from '../replayed.ts';

const { folder } = scratch();

const own = process.env.PLASTICORE_RECKON_RTL;

describe('the RTL of ReckOn itself', { timeout: 1_800_000, ...needs('reckon') }, () => {
  // Icarus takes an hour.
  const run = (name: string, content: string) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, content);
    const where = ['-o', join(folder, name), '--rtl', own ?? '', '--simulator', 'verilator'];
    return commandLine(argv`verify ${path} ${where}`);
  };

  test.each(['reckon-infer128', 'reckon-eprop100'] as const)('does what %s states', async (name) => {
    expect((await run(name, goldenText(name))).stdout).toContain('the RTL is identical under verilator');
  });

  test('does not do what a damaged trace states', async () => {
    const damaged = recorded('reckon-eprop100');
    const input = damaged.expected.inputs.findLastIndex(({ records }) => records?.spikes !== undefined);
    damaged.expected.inputs[input]?.records?.spikes?.splice(0, 1);
    const { status, stderr } = await run('damaged', JSON.stringify(damaged));
    expect(stderr).toMatch(
      new RegExp(`the RTL diverges under verilator\ninput ${input} .*: spikes 0: expected`),
    );
    expect(status).toBe(1);
  });
});
