import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/index.ts';
import { argv } from '../support/argv.ts';
import { resultsIn } from '../support/results.ts';
import { scratch } from '../support/scratch.ts';
import { commandLine, refused, stoppedLine } from './in-process.ts';

const { path } = scratch();

const small = argv`--set program.populations.hidden.size=16 --set program.steps=5`;

const withoutTiming = (text: string): string => {
  const { timing, ...rest } = JSON.parse(text) as Report;
  expect(Object.keys(timing)).toEqual([
    'wallSeconds',
    'trainSamplesPerSecond',
    'testSamplesPerSecond',
    'engine',
    'workers',
    'host',
  ]);
  return JSON.stringify(rest);
};

describe('plasticore run', () => {
  test('prints the report as JSON, equal but for timing when run twice; progress goes to standard error', async () => {
    const args = argv`run mnist-snn --limit 20 --epochs 1 --json - ${small}`;
    const first = await commandLine(args);
    expect(first.status).toBe(0);
    const report = JSON.parse(first.stdout) as Report;
    expect(report).toMatchObject({
      schema: 'plasticore/report/1',
      train: { samples: 20 },
      test: { samples: 20 },
      provenance: {
        program: 'mnist-snn',
        hwModel: 'reference',
        precision: 'mp16-8',
        seed: 1,
        epochs: 1,
        limit: 20,
      },
    });
    // Both of the settings, not only the last.
    const settings = ['program.populations.hidden.size=16', 'program.steps=5'];
    expect(report.provenance.settings).toEqual(expect.arrayContaining(settings));
    expect(report.provenance.sources.map(({ file }) => file)).toContain('mnist-snn.yaml');
    expect(first.stderr).toContain('20 samples for training, 20 for testing');
    expect(first.stderr).toMatch(/epoch 1\/1 {2}20\/20 {2}accuracy \d+\.\d %/);
    const second = await commandLine(argv`${args} --quiet`);
    expect(second.stderr).toBe('');
    expect(withoutTiming(second.stdout)).toBe(withoutTiming(first.stdout));
  });

  test('runs an image as it runs the experiment that the image was compiled from', async () => {
    const image = path('small.pcore');
    const compiled = await commandLine(
      argv`compile mnist-snn --hw reference --precision mp16-8 -o ${image} ${small}`,
    );
    expect(compiled).toMatchObject({ status: 0, stdout: '' });
    const json = path('image.json');
    const ran = await commandLine(argv`run ${image} --limit 20 --json ${json}`);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('saved against FP32');
    const line = argv`run mnist-snn --limit 20 --epochs 1 --json - ${small}`;
    const direct = await commandLine(line);
    const [a, b] = [readFileSync(json, 'utf8'), direct.stdout].map((text) => JSON.parse(text) as Report);
    expect(JSON.stringify({ ...a?.train, ...a?.memory })).toBe(JSON.stringify({ ...b?.train, ...b?.memory }));
    expect(a?.test).toEqual(b?.test);

    const other = await commandLine(argv`run ${image} --seed 2`);
    expect(other).toMatchObject({ status: 2, stdout: '' });
    expect(other.stderr).toContain('--seed 2: the image was compiled for 1');

    const inspected = await commandLine(argv`inspect ${image}`);
    expect(inspected.status).toBe(0);
    for (const part of ['hidden.v', 'kernel integrate over row', 'syn.weight', '; -128 .. 127', 'bound by']) {
      expect(inspected.stdout).toContain(part);
    }
    expect(inspected.stdout).toMatch(/^mark\(input\) +scalar +one item +batch$/m);
    expect(inspected.stdout).toMatch(
      /^integrate\(inputToHidden\) +int16 x 8 +every value fits 16 bits +batch, columns in registers$/m,
    );
    const { kernels } = JSON.parse((await commandLine(argv`inspect ${image} --json`)).stdout) as {
      kernels: { name: string; fastEngine: object }[];
    };
    expect(kernels.find(({ name }) => name === 'surrogate(hidden)')?.fastEngine).toEqual({
      lanes: 'int32 x 4',
      reason: 'sub may give -32896 to 32639',
      spikes: null,
    });
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'stopped by %s writes a checkpoint; resumed, it ends as if it had never stopped',
    async (signal, code) => {
      const args = argv`run mnist-snn --epochs 1 --limit 20 ${small}`;
      const whole = path(`whole-${signal}`);
      const stopped = path(`stopped-${signal}`);
      expect((await commandLine(argv`${args} --out ${whole}`)).status).toBe(0);
      const line = argv`${args} --out ${stopped}`;
      const { status, stderr } = await stoppedLine(line, { signal, message: 'epoch 1/1  3/20' });
      expect([status, stderr]).toEqual([code, expect.stringContaining(`stopped by ${signal}`)]);
      expect(readdirSync(stopped)).toEqual(['checkpoint.msgpack']);
      const resumed = await commandLine(argv`${args} --out ${stopped} --resume`);
      expect(resumed).toMatchObject({ status: 0 });
      expect(resultsIn(stopped)).toEqual(resultsIn(whole));
      expect(await refused(argv`${args} --out ${stopped} --resume --seed 2`)).toContain(
        'this report belongs to another run: its seed is 1',
      );
    },
  );
});

test('a formula that is written anew and comes to the same goes on; one that comes to another does not', async () => {
  const line = (gain: string) => [
    ...argv`run mnist-snn --epochs 0 --limit 2 ${small} --out ${path('formula')} --resume`,
    ...['--set', `program.parameters.gain=${gain}`],
  ];
  expect(await commandLine(line('1'))).toMatchObject({ status: 0 });
  const report = readFileSync(path('formula/report.json'), 'utf8');
  expect(await commandLine(line('"2 - 1"'))).toMatchObject({ status: 0 });
  expect(readFileSync(path('formula/report.json'), 'utf8')).toBe(report);
  expect(await refused(line('"2 - 2"'))).toContain('belongs to another run: its settings are');
});

test('prints the mean power of a sample: energy over latency, with bounds', async () => {
  const line = argv`run mnist-snn --epochs 1 --limit 4 ${small} --out ${path('power')}`;
  const { stdout } = await commandLine(line);
  const report = JSON.parse(readFileSync(path('power/report.json'), 'utf8')) as Report;
  const { energyPj, latencyNs } = report.test?.perSample ?? expect.fail('nothing was tested');
  const { low, high } = energyPj.interval ?? expect.fail('the energy has no interval');
  const shown = /^power .* (\S+) mW \((\S+) to (\S+)\)$/m.exec(stdout)?.slice(1);
  expect(shown).toHaveLength(3);
  for (const [index, pj] of [energyPj.total ?? 0, low, high].entries())
    expect(Number(shown?.[index]) / (pj / latencyNs)).toBeCloseTo(1, 1);
});

test('watch prints what each kernel writes, as a table or as JSON', async () => {
  const line = argv`watch mnist-snn --limit 3 --set program.populations.hidden.size=8`;
  const { status, stdout, stderr } = await commandLine(line);
  expect(status).toBe(0);
  expect(stderr).toContain('trained on 3 samples of mnist-embedded; --limit and --epochs change that');
  expect(stdout).toMatch(
    /^kernel +writes +runs +items +changes +mean change +largest +holds +seen +saturated\n/,
  );
  expect(stdout).toMatch(/\nlearn\(inputToHidden\) +inputToHidden\.shadow +15 /);
  const { samples, writes } = JSON.parse((await commandLine(argv`${line} --json`)).stdout);
  expect(samples).toBe(3);
  expect(writes).toContainEqual(
    expect.objectContaining({ kernel: 'fire(hidden)', field: 'hidden.v', runs: 24, items: 192 }),
  );
});
