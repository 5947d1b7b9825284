import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { at } from '../../../src/text/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';
import { traceOf } from './record-rtl.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const { folder } = scratch();

const verify = (trace: string, engine: string) => commandLine(argv`verify ${trace} --engine ${engine}`);

/** Verifies a trace that is not in a file. */
function verifyValue(trace: object, engine = 'fast') {
  const path = join(folder, 'trace.json');
  const files = { program: here('./program.yaml'), hwModel: here('./tinyodin.yaml') };
  writeFileSync(path, JSON.stringify({ ...trace, ...files }));
  return verify(path, engine);
}

describe.each(engineNames)('recordings of the RTL of tinyODIN, engine %s', (engine) => {
  test.each([
    ['loop', '60 inputs, 163 operations, 60 events, 55 spikes, 45446 cycles'],
    ['flood', '60 inputs, 280 operations, 190 spikes, 60 events, 106383 cycles'],
    ['open', '60 inputs, 107 operations, 324 spikes, 60 events, 17776 cycles'],
  ])('%s is identical, cycles included', async (name, what) => {
    const { status, stdout } = await verify(here(`./traces/${name}.json.br`), engine);
    expect(stdout).toContain(`identical on engine ${engine}: ${what}`);
    expect(status).toBe(0);
  });
});

interface Flood {
  expected: {
    inputs: { cycles: number; records: { spikes?: number[][] } }[];
    states: { 'neurons.core': number[] }[];
  };
}

describe('what is damaged is found with its place', () => {
  const flood = (): Flood =>
    JSON.parse(brotliDecompressSync(readFileSync(here('./traces/flood.json.br'))).toString()) as Flood;

  /** The spikes of the first input that has some, and its number. */
  function firstSpikes({ expected }: Flood) {
    const input = expected.inputs.findIndex(({ records }) => records.spikes !== undefined);
    return { input, spikes: at(expected.inputs, input).records.spikes ?? [] };
  }

  test('a late cycle', async () => {
    const trace = flood();
    const { input, spikes } = firstSpikes(trace);
    const [cycle = 0, neuron, fate] = at(spikes, 3);
    at(spikes, 3)[0] = cycle + 1;
    const { status, stderr } = await verifyValue(trace);
    const late = `spikes 3: expected ${cycle + 1}, ${neuron}, ${fate}, found ${cycle}, ${neuron}, ${fate}`;
    expect(stderr).toMatch(new RegExp(`input ${input} \\(event [01], \\d+\\): ${late}`));
    expect(status).toBe(1);
  });

  test('a lost spike', async () => {
    const trace = flood();
    const { spikes } = firstSpikes(trace);
    const last = String(spikes.pop()?.join(', '));
    const { stderr } = await verifyValue(trace);
    expect(stderr).toContain(`spikes ${spikes.length}: expected no further one, found ${last}`);
  });

  test('a flipped bit of a state', async () => {
    const trace = flood();
    const states = at(trace.expected.states, 0)['neurons.core'];
    const value = at(states, 9);
    states[9] = value ^ 1;
    const { stderr } = await verifyValue(trace);
    expect(stderr).toContain(`in the end: neurons.core, item 9: expected ${value ^ 1}, found ${value}`);
  });

  test('a loop that is open: its spikes are not pushed', async () => {
    const trace = { ...flood(), settings: { hw: { 'controller.constants.isOpen': 1 } } };
    expect((await verifyValue(trace)).stderr).toContain('diverges');
  });
});

const rtl = process.env.PLASTICORE_TINYODIN_RTL;

describe('the RTL itself', needs('iverilog', 'tinyodin'), () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('random network and stimulus %i', async (seed) => {
    const { stdout, stderr } = await verifyValue(traceOf(seed, rtl ?? ''));
    expect(`${stdout}${stderr}`).toContain('identical on engine fast');
  });
});
