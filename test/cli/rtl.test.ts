import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine } from './in-process.ts';
import { small } from './rtl.ts';

const { path: at } = scratch();

describe('a core in Verilog', () => {
  test('is written with its bench, its memories and how to build it', async () => {
    const out = at('files');
    const { status } = await commandLine(argv`rtl mnist-snn --precision mp16-8 ${small} -o ${out}`);
    expect(status).toBe(0);
    expect(readdirSync(out)).toEqual(
      expect.arrayContaining([
        'plasticore_core.sv',
        'bank_shadow.sv',
        'bench.sv',
        'bench_banks.svh',
        'bench_widths.svh',
        'Makefile',
        'README.md',
        'shadow.memh',
        'map.json',
        'stimulus.txt',
        'expected.txt',
        'trace.json',
      ]),
    );
    expect(readFileSync(join(out, 'k8_learn.sv'), 'utf8')).toMatch(/\/\/ line 4, phase \d: sra.sr/);
  });

  test('that only tests has nothing of what learns', async () => {
    const out = at('tests');
    const args = argv`rtl mnist-snn --precision mp8-8 ${small} --epochs 0 --limit 2`;
    expect(await commandLine(argv`${args} -o ${out}`)).toMatchObject({ status: 0 });
    const kernels = readdirSync(out).filter((name) => /^k\d/.test(name));
    expect(kernels).toEqual(['k0_leak.sv', 'k11_integrate.sv', 'k4_fire.sv']);
    expect(readFileSync(join(out, 'plasticore_core.sv'), 'utf8')).not.toContain('learn(');
  });

  test('of an image is written for the core that it was compiled for, and no other', async () => {
    const compile = (name: string, ...more: string[]) =>
      commandLine(argv`compile mnist-snn --hw reference --precision mp16-8 ${more} -o ${at(name)}`);
    await compile('same.pcore');
    // Two adders a lane: another pipeline, of which the image holds the price alone.
    await compile('other.pcore', '--set', 'hw.operations.integer.add.unitsPerLane=2');
    expect((await commandLine(argv`rtl ${at('same.pcore')} -o ${at('same')}`)).status).toBe(0);
    const other = await commandLine(argv`rtl ${at('other.pcore')} -o ${at('other')}`);
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('compiled for another core')]);
    expect(existsSync(at('other'))).toBe(false);
  });

  test('of an image asks for the file of an hw-model that is not bundled', async () => {
    const model = 'format: plasticore/hw-model/1\nextends: reference\nname: my-core\n';
    writeFileSync(at('my-core.yaml'), model);
    const compiled = argv`compile mnist-snn --hw ${at('my-core.yaml')} --precision mp16-8 -o ${at('mine.pcore')}`;
    expect(await commandLine(compiled)).toMatchObject({ status: 0 });
    const asked = await commandLine(argv`rtl ${at('mine.pcore')} -o ${at('mine')}`);
    expect([asked.status, asked.stderr]).toEqual([
      2,
      expect.stringContaining("hw-model 'my-core', which is not bundled"),
    ]);
    expect(asked.stderr).toContain('--hw FILE.yaml says where it is');
    const given = argv`rtl ${at('mine.pcore')} --hw ${at('my-core.yaml')} -o ${at('mine')}`;
    expect(await commandLine(given)).toMatchObject({ status: 0 });
  });

  test('is refused in one message, and nothing is written', async () => {
    mkdirSync(at('used'));
    writeFileSync(at('used/file'), '');
    const refused: readonly (readonly [args: readonly string[], said: string])[] = [
      [argv`mnist-snn -o ${at('used')}`, 'this folder is not empty'],
      [argv`mnist-snn --precision fp32 -o ${at('none')}`, 'computes with floats'],
      [argv`mnist-snn --set hw.overheads.rowCycles=0 -o ${at('none')}`, 'overheads.rowCycles is 0'],
      [argv`mnist-snn --set hw.overheads.scanCycles=0 -o ${at('none')}`, 'overheads.scanCycles is 0'],
      [argv`mnist-snn --set hw.overheads.fillCycles=2 -o ${at('none')}`, 'leave out hw.overheads.fillCycles'],
      [
        argv`mnist-csnn --set ${'hw.banks.shadow.ports={shared: 1}'} -o ${at('none')}`,
        "reads and writes bank 'shadow' through one port",
      ],
      [argv`./programs/mnist-snn.yaml --cosim icarus -o ${at('none')}`, 'a program does not have'],
    ];
    for (const [args, said] of refused) {
      const { status, stderr } = await commandLine(argv`rtl ${args}`);
      expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
      expect(stderr).toMatch(/\n {2}\w/);
    }
    expect(existsSync(at('none'))).toBe(false);
    expect(readdirSync(at('used'))).toEqual(['file']);
  });
});
