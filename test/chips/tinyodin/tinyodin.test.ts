import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { traceOf } from './record-rtl.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tinyodin-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const verify = (trace: string, engine: string) =>
  commandLine(['verify', trace, '--chip', here('./tinyodin.mjs'), '--engine', engine]);

/** Verifies a trace that is not in a file. */
function verifyValue(trace: unknown, engine = 'fast') {
  const path = join(folder, 'trace.json');
  writeFileSync(path, JSON.stringify(trace));
  return verify(path, engine);
}

describe.each(engineNames)('recordings of the RTL of tinyODIN, engine %s', (engine) => {
  test.each([
    ['loop', '60 events, 163 operations and 55 spikes'],
    ['flood', '60 events, 280 operations and 190 spikes'],
    ['open', '60 events, 107 operations and 324 spikes'],
  ])('%s is identical, cycles included', async (name, what) => {
    const { status, stdout } = await verify(here(`./traces/${name}.json.br`), engine);
    expect(stdout).toContain(`identical on engine ${engine}: ${what} to the cycle`);
    expect(status).toBe(0);
  });
});

interface Flood {
  synapses: string[];
  expected: {
    spikes: number[][];
    ops: (number | string)[][];
    final_core: number[];
  };
}

describe('what is damaged is found with its place', () => {
  const flood = (): Flood =>
    JSON.parse(brotliDecompressSync(readFileSync(here('./traces/flood.json.br'))).toString()) as Flood;

  test('a late cycle', async () => {
    const trace = flood();
    const [spike = []] = trace.expected.spikes.slice(50);
    spike[0] = (spike[0] ?? 0) + 1;
    const { status, stderr } = await verifyValue(trace);
    expect(stderr).toContain('cycle 578: spike 50: expected 579,133,1, found 578,133,1');
    expect(status).toBe(1);
  });

  test('a lost spike', async () => {
    const trace = flood();
    trace.expected.spikes.splice(50, 1);
    expect((await verifyValue(trace)).stderr).toContain('cycle 578: spike 50: expected');
  });

  test('a flipped bit of a state', async () => {
    const trace = flood();
    trace.expected.final_core[9] = (trace.expected.final_core[9] ?? 0) ^ 1;
    expect((await verifyValue(trace)).stderr).toContain('at the end: state of neuron 9: expected');
  });

  test('a number out of range', async () => {
    const trace = flood();
    trace.expected.final_core[9] = 4096;
    expect((await verifyValue(trace)).stderr).toContain(
      'expected.final_core.9: expected a number of 12 bits (a whole number, 0 to 4095), found 4096',
    );
  });
});

const rtl = process.env.PLASTICORE_TINYODIN_RTL;
const hasIcarus = spawnSync('iverilog', ['-V']).status === 0;
const get = rtl === undefined ? ' (PLASTICORE_TINYODIN_RTL=DIR; see README.md)' : '';

describe.skipIf(rtl === undefined || !hasIcarus)(`the RTL itself${get}`, () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('random network and stimulus %i', async (seed) => {
    const { stdout, stderr } = await verifyValue(traceOf(seed, rtl ?? ''));
    expect(`${stdout}${stderr}`).toContain('identical on engine fast');
  });
});
