import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ExperimentRunOptions, runExperiment } from '../../../src/experiment/node.ts';
import type { Report } from '../../../src/report/index.ts';
import { expectRejection } from '../../support/errors.ts';
import { scratch } from '../../support/scratch.ts';

const { folder, path } = scratch();

/** The experiment, on six cores. */
const small = [
  'hw.chip.mesh.columns=3',
  'hw.chip.mesh.rows=2',
  'experiment.task.spontaneousActivity.samples=3',
  'experiment.truenorth.ticks=40',
  'experiment.truenorth.leak=20',
];
const run = (options: ExperimentRunOptions = {}, set: readonly string[] = []) =>
  runExperiment('truenorth-chip', { ...options, set: [...small, ...set] });

/** Kernels of the same names that do less: no neuron ever spikes. */
const silent = [
  'kernel synapticEvent over row',
  'ld r0, pre.type',
  'ld r1, post.w0',
  'sel r1, r0, r1, 0',
  'st r1, post.potential',
  'end',
  'kernel decide over neurons',
  'ld r0, self.leak',
  'cmp.ge r1, r0, 1000',
  'emit r1',
  'end',
].join('\\n');

function withoutTiming({ timing: _, ...report }: Report): Omit<Report, 'timing'> {
  return report;
}

describe('an experiment on TrueNorth', () => {
  test('has the same report on any number of threads, and on either engine', async () => {
    // The reference engine takes a while.
    const short = ['experiment.truenorth.ticks=8', 'experiment.truenorth.settle=6'];
    const [one, ...others] = await Promise.all([
      run({}, short),
      run({ threads: 2 }, short),
      run({ engine: 'reference' }, short),
    ]);
    for (const { report } of others) expect(withoutTiming(report)).toEqual(withoutTiming(one.report));
  });

  test('runs what the program says, on either engine', async () => {
    const set = [
      `program.microcode.chip={text: "${silent}"}`,
      'experiment.truenorth.ticks=4',
      'experiment.truenorth.settle=0',
    ];
    for (const options of [{}, { engine: 'reference' }]) {
      const { report } = await run(options, set);
      expect(report.test?.counters.spikes.neurons).toBe(0);
      expect(report.remarks).toContainEqual({
        about: 'speed',
        text: expect.stringContaining("not 'truenorth' as it is bundled") as string,
      });
    }
  });

  test('runs other widths', async () => {
    const set = [
      'program.parameters.weight_width=16',
      'hw.banks.weights.wordBits=64',
      'hw.banks.weights.capacityBits=16384',
    ];
    const [same, wide] = await Promise.all([run(), run({}, set)]);
    expect(wide.report.test?.counters.spikes).toEqual(same.report.test?.counters.spikes);
  });

  test('reports the whole chip, and no accuracy', async () => {
    const { report } = await run();
    const { test: scored, network, chip, neurobench, memory } = report;
    if (scored === undefined || chip === undefined) throw new Error('no report of a chip');
    expect(scored).toMatchObject({ accuracy: null, samples: 3 });
    expect(scored).not.toHaveProperty('chance');
    expect(report.remarks).toEqual([]);
    expect(network.populations).toEqual([
      { name: 'axons', size: 6 * 256 },
      { name: 'neurons', size: 6 * 256 },
    ]);
    expect(chip.cores.map(({ core }) => core)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(chip.cores[5]?.slices).toContainEqual({ population: 'neurons', first: 1280, last: 1535 });
    // 256 x (256 + 36 + 98) bits of neurons, and 512 of the axons' types.
    expect(memory.totalBits).toBe(6 * (256 * (256 + 36 + 98) + 512));
    const { counters, latencyNs, energyPj } = scored;
    expect(counters).toMatchObject({ steps: 120 });
    expect(latencyNs).toBe(120e6);
    const spikes = counters.spikes.neurons ?? 0;
    expect(counters.network?.send).toBe(spikes);
    expect(neurobench.ActivationSparsity).toBeCloseTo(1 - spikes / (6 * 256 * 120), 12);
    // 80 Hz.
    expect(spikes / (6 * 256 * 0.12)).toBeCloseTo(80, -1);
    expect(energyPj.byUnit.static).toBeCloseTo(6 * 9.275 * 120e6 * 1e-3, 3);
  });

  test('goes on from a checkpoint to the same report', async () => {
    const out = path('resumed');
    const stop = new AbortController();
    // Long enough for the run to look up after its first sample.
    const long = ['experiment.truenorth.ticks=20000'];
    const stopped = run(
      {
        out,
        threads: 2,
        checkpointSeconds: 0,
        signal: stop.signal,
        onStart: () => stop.abort(new Error('stopped')),
      },
      long,
    );
    await expect(stopped).rejects.toThrow('stopped');
    expect(readdirSync(out)).toContain('checkpoint.msgpack');
    const { report } = await run({ out, resume: true }, long);
    expect(withoutTiming(report)).toEqual(withoutTiming((await run({}, long)).report));
    expect(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).toEqual(report);
  });

  test.each<readonly [string, ExperimentRunOptions, readonly string[], string, readonly string[]]>([
    ['samples', { data: 'test/x.npz' }, [], 'file', []],
    ['a record', { record: 'steps', out: folder }, [], 'usage', ['many cores']],
    ['half a thread', { threads: 1.5 }, [], 'usage', ['1 to 64, found 1.5']],
    ['too many threads', { threads: 65 }, [], 'usage', ['1 to 64, found 65']],
    ['threads of the reference engine', { threads: 2, engine: 'reference' }, [], 'usage', ['one thread']],
    ['a kernel that takes time', {}, ['hw.kernels.decide.cyclesPerItem=1'], 'fit', ['no time within it']],
    ['tiles of two cores', {}, ['hw.chip.mesh.coresPerTile=2'], 'fit', ['2 cores in a tile']],
    ['too many synapses', {}, ['experiment.truenorth.synapses=257'], 'invalid-value', ['synapses']],
    ['another core', {}, ['program.populations.neurons.size=128'], 'image', ['256 neurons']],
  ])('refuses %s', async (_, options, set, code, parts) => {
    await expectRejection(run(options, set), code as 'usage', ...parts);
  });
});

describe('spontaneous activity', () => {
  test('of a program that runs on samples: no input spikes, no accuracy', async () => {
    const { report } = await runExperiment('mnist-snn', {
      epochs: 0,
      set: ['experiment.task={spontaneousActivity: {samples: 2}}'],
    });
    expect(report.test).toMatchObject({ accuracy: null, samples: 2 });
    expect(report.test?.counters.spikes.input).toBe(0);
    expect(report.test?.counters.steps).toBe(16);
  });

  test('of an experiment on one core takes one thread', async () => {
    await expectRejection(
      runExperiment('mnist-snn', { threads: 2 }),
      'usage',
      "'mnist-snn' runs on one core, and so on one thread",
    );
  });
});
