import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import type { RecordedTrace } from '../../golden/plain/recorded-trace.ts';
import { argv } from '../../support/argv.ts';
import { goldenText } from '../../support/golden.ts';
import { scratch } from '../../support/scratch.ts';
import { replayContext } from '../replay-context.ts';
import { benchOf, recorded } from '../replayed.ts';

const { folder } = scratch();

test('the bench loads fields of memories and registers, and is told what to send', () => {
  const trace = recorded('odin-sdsp256');
  const bench = benchOf(trace);
  expect(bench.controller(replayContext)).toBe('odin');
  const files = new Map(bench.files(replayContext));
  const lines = (name: string): string[] => files.get(name)?.trimEnd().split('\n') ?? [];
  const [memory = {}] = trace.memories;
  // Two digits for 8 bits, one for 3 bits or a flag.
  expect(lines('neurons.thr.hex')).toEqual(
    memory['neurons.thr']?.map((value) => value.toString(16).padStart(2, '0')),
  );
  expect(lines('synapses.w.hex')).toEqual(memory['synapses.w']?.map(String));
  expect(lines('neurons.up.hex')).toEqual(memory['neurons.up']?.map(String));
  // An event is input 0 of the controller: its mode is bit 17, above the address. To drain is input 1.
  const [, mode = 0, address = 0] = trace.inputs[4] ?? [];
  expect(lines('inputs.hex')).toHaveLength(421);
  expect(Number.parseInt(lines('inputs.hex')[4] ?? '', 16)).toBe(mode * 2 ** 17 + address);
  expect(lines('inputs.hex')[420]).toBe('10000000');
  const settings = lines('settings.vh');
  expect(settings[0]).toBe('localparam INPUTS = 421;');
  for (const line of [
    "INPUT_drain = 64'h0000000000000001",
    "REGISTER_propagatesUnmapped = 64'h0000000000000001",
    "REGISTER_isOpen = 64'h0000000000000000",
    "SIZE_neurons = 64'h0000000000000100",
  ])
    expect(settings).toContain(`localparam [63:0] ${line};`);
});

describe('plasticore golden of an experiment on ODIN', () => {
  test('writes a recording that replays on both engines', async () => {
    const path = join(folder, 'digits.json');
    const { stderr } = await commandLine(argv`golden odin-mnist -o ${path}`);
    expect(stderr).toContain('a trace of the chip odin');
    const { inputs, expected } = JSON.parse(readFileSync(path, 'utf8')) as RecordedTrace;
    expect(inputs.at(-1)).toEqual(['drain']);
    // One digit is learned, one is asked for.
    expect(expected.inputs.flatMap(({ records }) => records?.spikes ?? []).length).toBeGreaterThan(0);
    expect(expected.banks?.map(({ name }) => name)).toEqual(['neurons', 'synapses']);
    for (const engine of engineNames) {
      const { stdout } = await commandLine(argv`verify ${path} --engine ${engine}`);
      expect(stdout).toContain(`identical on engine ${engine}: ${inputs.length} inputs`);
    }
  });
});

describe('plasticore verify -o', () => {
  const bench = (...args: string[]) => commandLine(argv`verify ${args}`);

  test('writes a bench for a trace', async () => {
    const path = join(folder, 'lif.json');
    writeFileSync(path, goldenText('odin-lif16'));
    const out = join(folder, 'bench');
    const { status, stderr } = await bench(path, '-o', out);
    expect(stderr).toContain('a bench for 18 files of RTL, of the folder src of github.com/ChFrenkel/ODIN');
    expect(status).toBe(0);
    const written = readdirSync(out);
    for (const file of ['bench.v', 'inputs.hex', 'neurons.core.hex', 'settings.vh', 'trace.json'])
      expect(written).toContain(file);
    expect(readFileSync(join(out, 'bench.v'), 'utf8')).toBe(readFileSync('templates/rtl/odin.v', 'utf8'));
  });

  test('says what it lacks, and leaves nothing behind', async () => {
    const out = join(folder, 'none');
    const path = join(folder, 'ranc.json');
    writeFileSync(path, goldenText('ranc-axis'));
    expect(await bench(path, '-o', out, '--chip', 'test/chips/ranc/ranc-rtl.mjs')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no bench for recordings of the format ranc-golden/1'),
    });
    expect(await bench('test/chips/tinyodin/traces/loop.json.br', '-o', out)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("there is no bench for recordings of the chip 'tinyodin'"),
    });
    expect(await bench(join(folder, 'lif.json'), '-o', out, '--rtl', folder)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--rtl: the folder src of github.com/ChFrenkel/ODIN is expected'),
    });
    expect(await bench('reckon-cue', '-o', out)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("'reckon-cue' hosts a chip whose host writes no golden traces"),
    });
    expect(existsSync(out)).toBe(false);
  });
});
