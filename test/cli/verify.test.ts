import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { argv } from '../support/argv.ts';
import { goldenText } from '../support/golden.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused } from './in-process.ts';

const { path } = scratch();

interface Written {
  readonly program: string;
  readonly hwModel: string;
  readonly settings: readonly string[];
  readonly samples: readonly { readonly learn: boolean }[];
  readonly expected: { readonly samples: readonly { cycles: number[]; steps?: unknown }[] };
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Written;

/** Where the network is of no matter. */
const few = argv`--set program.populations.hidden.size=8`;

describe('golden and verify', () => {
  test.each([
    ['spikes that carry numbers', 'mnist-mlp', []],
    ['samples that are presented again', 'mnist-snn', argv`--set program.replay=output.signal`],
  ])('state %s', async (_, name, options) => {
    const file = path(`${name}-whole.json`);
    await commandLine(argv`golden ${name} ${few} --limit 1 ${options} --engine reference -o ${file}`);
    const { status, stderr } = await commandLine(argv`verify ${file} --engine fast`);
    expect([status, stderr]).toEqual([0, '']);
  });

  const digits = path('digits.json');

  test('writes a trace that both engines replay', async () => {
    const line = argv`golden mnist-snn ${few} --limit 2 -o ${digits}`;
    const { status, stdout, stderr } = await commandLine(line);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain(`${digits}: a trace of 4 samples of 8 steps, 12 fields`);
    expect(read(digits)).toMatchObject({ program: 'mnist-snn', hwModel: 'reference' });
    expect(read(digits).samples.map(({ learn }) => learn)).toEqual([true, true, false, false]);
    for (const engine of ['fast', 'reference']) {
      const verdict = await commandLine(argv`verify ${digits} --engine ${engine}`);
      expect(verdict.stderr).toBe('');
      expect(verdict.stdout).toMatch(
        new RegExp(
          `^${digits}: identical on engine ${engine}: 4 samples of 8 steps, \\d+ spikes in order, .*\\n  kernels: 14 of 14 ran, `,
        ),
      );
      expect(verdict.status).toBe(0);
    }
  });

  test('names the first divergence, with exit status 1', async () => {
    const other = read(digits);
    const cycles = other.expected.samples[2]?.cycles ?? [];
    cycles[5] = (cycles[5] ?? 0) + 1;
    writeFileSync(path('other.json.gz'), gzipSync(JSON.stringify(other)));
    const { status, stdout, stderr } = await commandLine(argv`verify ${path('other.json.gz')}`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(
        `^plasticore: ${path('other.json.gz')}: diverges on engine fast\nsample 2 \\(class \\d, testing\\), step 5: ` +
          `cycles of the step: expected ${cycles[5]}, found ${(cycles[5] ?? 0) - 1}\n$`,
      ),
    );
  });

  test('refers to files by their path from the trace', async () => {
    mkdirSync(path('traces'));
    mkdirSync(path('net'));
    cpSync('programs/mnist-snn.yaml', path('net/net.yaml'));
    cpSync('programs/rules', path('net/rules'), { recursive: true });
    const experiment = readFileSync('experiments/mnist-snn.yaml', 'utf8').replace(
      'program: mnist-snn',
      'program: ./net.yaml',
    );
    writeFileSync(path('net/e.yaml'), experiment);
    const file = path('traces/t.json');
    const run = argv`golden ${path('net/e.yaml')} ${few} --set hw.lanes=8 --steps -o ${file}`;
    expect((await commandLine(argv`${run} --precision mp8-4`)).status).toBe(0);
    expect(read(file)).toMatchObject({ program: '../net/net.yaml', precision: 'mp8-4' });
    expect(read(file).settings).toContain('hw.lanes=8');
    expect(read(file).samples).toHaveLength(2);
    expect(read(file).expected.samples[0]?.steps).toHaveLength(8);
    expect(await commandLine(argv`verify ${file}`)).toMatchObject({ status: 0, stderr: '' });
    rmSync(path('net/net.yaml'));
    expect(await commandLine(argv`verify ${file}`)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`'${path('net/net.yaml')}': no such file`),
    });
  });

  test('of an image', async () => {
    const compile = argv`compile mnist-snn --hw reference --precision mp8-8 ${few}`;
    await commandLine(argv`${compile} -o ${path('x.pcore')}`);
    expect((await commandLine(argv`golden ${path('x.pcore')} -o ${path('x.json')} --epochs 0`)).status).toBe(
      0,
    );
    expect(read(path('x.json'))).toMatchObject({ image: './x.pcore' });
    expect(await commandLine(argv`verify ${path('x.json')}`)).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('verify replays a recording of a many-core', () => {
  const rtl = 'test/chips/ranc/ranc-rtl.mjs';

  test('on both engines', async () => {
    const file = 'test/golden/traces/ranc-2x2.json.br';
    for (const engine of ['fast', 'reference']) {
      expect(await commandLine(argv`verify ${file} --chip ${rtl} --engine ${engine}`)).toEqual({
        status: 0,
        stdout: expect.stringContaining(`${file}: identical on engine ${engine}: 3 cores, 24 ticks, `),
        stderr: expect.stringContaining(`runs the code of ${rtl}`),
      });
    }
  });

  test('and names the cycle and the core of the first divergence', async () => {
    const trace = JSON.parse(goldenText('ranc-axis')) as { expected: { hops: number[][] } };
    const [write = []] = trace.expected.hops;
    trace.expected.hops[0] = [(write[0] ?? 0) + 1, ...write.slice(1)];
    writeFileSync(path('late.json'), JSON.stringify(trace));
    const { status, stderr } = await commandLine(argv`verify ${path('late.json')} --chip ${rtl}`);
    expect(status).toBe(1);
    expect(stderr).toContain(`cycle ${write[0]}, core 0: FIFO write 0: expected EN of core 0 in cycle`);
  });
});

describe('wrong use', () => {
  test('of verify', async () => {
    writeFileSync(path('bad.json'), '{"format": "plasticore-trace/1",\n "nam": 1}');
    expect(await refused(argv`verify ${path('bad.json')}`)).toBe(
      `plasticore: ${path('bad.json')}:2:9: unknown key 'nam'; did you mean 'name'?\n`,
    );
    expect(await refused(argv`verify ${path('none.json')}`)).toContain(`${path('none.json')}: no such file`);
    writeFileSync(path('bad.json.gz'), 'x');
    expect(await refused(argv`verify ${path('bad.json.gz')}`)).toBe(
      `plasticore: ${path('bad.json.gz')}: cannot be decompressed: unexpected end of file\n` +
        '  the file is cut off or damaged: write or fetch it again\n',
    );
  });

  test('of a replay: what a recording or a simulation takes', async () => {
    expect(await refused(argv`verify ${path('none.json')} --limit 2`)).toContain('--limit goes with --out');
    expect(await refused(argv`verify ${path('none.json')} --simulator icarus`)).toContain('goes with --rtl');
  });

  test('of golden', async () => {
    const golden = argv`golden mnist-snn -o ${path('never.json')}`;
    expect(await refused(argv`${golden} --json -`)).toContain("unknown option '--json'");
    expect(await refused(argv`golden mnist-snn`)).toContain('missing: --out');
    expect(await refused(argv`golden mnist-snn -o ${path('nix/t.json')}`)).toContain('no folder');
    expect(await refused(argv`golden reckon-cue -o ${path('never.json')}`)).toContain(
      "'reckon-cue' hosts a chip",
    );
  });
});
