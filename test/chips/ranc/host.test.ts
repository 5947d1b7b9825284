import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { MeshPacket, RancObserver } from '../../../src/chips/kit.ts';
import { RancPresenter, rancOptions } from '../../../src/chips/ranc/presenter.ts';
import { sampleValues } from '../../../src/data/index.ts';
import { createCore, engineNames } from '../../../src/engine/index.ts';
import { loadExperiment, parseSettings, resolveCell } from '../../../src/experiment/index.ts';
import { type ExperimentRunOptions, loadFor, runExperiment } from '../../../src/experiment/node.ts';
import { findFile } from '../../../src/fs/index.ts';
import { coreImageOf, readImage, writeImage } from '../../../src/image/index.ts';
import type { Report } from '../../../src/report/index.ts';
import { type ErrorCode, findAmong } from '../../../src/text/index.ts';
import { commandLine } from '../../cli/in-process.ts';
import { argv } from '../../support/argv.ts';
import { expectError, expectRejection } from '../../support/errors.ts';
import { goldenText } from '../../support/golden.ts';
import { scratch } from '../../support/scratch.ts';
import { loadRancCore } from './memories.ts';
import type { RancTrace } from './trace-parts.ts';

const { folder, path } = scratch();

const { config, cores, stimulus, expected } = JSON.parse(goldenText('ranc-tea')) as RancTrace;
const cell = resolveCell(loadExperiment(findFile('experiment', 'ranc-mnist', '')), {}, findFile);
const options = rancOptions.parse(cell.chip?.options);
const run = (settings: ExperimentRunOptions = {}, set: readonly string[] = []) =>
  runExperiment('ranc-mnist', { limit: 3, ...settings, set });

function presenterOn(engine: string, observer?: RancObserver): RancPresenter {
  const mesh = {
    columns: 8,
    rows: 4,
    output: 24,
    fifoDepth: config.fifo_depth,
    inputFifoDepth: config.input_fifo_depth,
    dxWidth: config.dx_width,
  };
  return new RancPresenter(cell.image, engine, options, mesh, observer);
}

/** The ten digits of the recording, from the words that its host sent: a window of 128 pixels each 82 pixels. */
const bursts = (stimulus.axis?.bursts ?? []).map(([, words]) => words);
const digits = bursts.map((words) => {
  const pixels = new Uint8Array(784);
  for (const [dx, , axon] of words) pixels[82 * dx + axon] = 255;
  return pixels;
});

/** The kept part of a recording of a digit, which enters before tick i and leaves in tick i + 2. */
function recorded(digit: number) {
  const spikesIn = (layer: number, of: readonly number[]) => {
    const tick = digit + layer;
    const from = stimulus.ticks[tick] ?? Number.NaN;
    return expected.spikes
      .filter(([, own, core]) => own === tick && of.includes(core))
      .map(([cycle, , core, neuron]) => [layer, cycle - from, core, neuron]);
  };
  return {
    spikes: layers.flatMap((of, layer) => spikesIn(layer, of)),
    values: expected.outputs.filter(([, tick]) => tick === digit + 2).map((row) => row[4]),
  };
}

/** The cores of the three layers, as the recording's destinations lead from one to the next. */
const layers = [[0, 1, 2, 3, 4, 5, 6, 7], [8, 9], [16]];

describe('the bundled network', () => {
  test('is that of the recording, in all memories of all cores', () => {
    const numbers = cores.flatMap((memories, router) => (memories === null ? [] : [router]));
    expect(cell.image.cores.map(({ number }) => number)).toEqual(numbers);
    for (const { number, image } of cell.image.cores) {
      const own = createCore(image);
      const wanted = createCore({
        ...image,
        contents: image.contents.map(({ length }) => new Uint32Array(length)),
      });
      const memories = cores[number];
      if (memories === null || memories === undefined) throw new Error(`core ${number} holds nothing`);
      loadRancCore(wanted, memories);
      for (const [field, { name, layout }] of image.fields.entries())
        if (layout !== undefined) expect([name, ...own.read(field)]).toEqual([name, ...wanted.read(field)]);
    }
  });

  test('is in a file of its image, core by core', () => {
    const read = readImage(writeImage(cell.image), 'x.pcore');
    expect(read).toEqual(cell.image);
    expect(read.cores[0]?.image.contents).not.toEqual(read.cores[1]?.image.contents);
  });
});

describe.each(engineNames)('digits of the recording, engine %s', (engine) => {
  test('do what they did in the RTL: packets, spikes to the cycle, outputs in order', () => {
    let from: number[] = [];
    let sent: MeshPacket[] = [];
    let spikes: number[][] = [];
    let values: number[] = [];
    let ticks = 0;
    const most = engine === 'fast' ? 4 : 1;
    const presenter = presenterOn(engine, {
      entered: (_, packet, fits) => fits && sent.push(packet),
      ticked: (core, tick, accepted) => {
        if (core === 0) from[tick - ticks] = accepted;
      },
      spiked: (cycle, tick, core, neuron) => spikes.push([cycle, tick - ticks, core, neuron]),
      output: (_, tick, { axon }) => tick - ticks === 2 && values.push(axon % 128),
    });
    for (const [digit, pixels] of digits.slice(0, most).entries()) {
      ticks = presenter.chip.ticks;
      [from, sent, spikes, values] = [[], [], [], []];
      const answer = presenter.present(pixels);
      expect(sent.map(({ dx, dy, axon, offset }) => [dx, dy, axon, offset])).toEqual(bursts[digit]);
      const ofLayers = layers.flatMap((of, layer) =>
        spikes
          .filter(([, tick, core = -1]) => tick === layer && of.includes(core))
          .map(([cycle = 0, tick = 0, core = 0, neuron = 0]) => [
            tick,
            cycle - (from[tick] ?? 0),
            core,
            neuron,
          ]),
      );
      const inOrder = (rows: readonly (readonly number[])[]) => rows.map((row) => row.join()).sort();
      const wanted = recorded(digit);
      expect(wanted.spikes.length).toBeGreaterThan(0);
      expect(inOrder(ofLayers)).toEqual(inOrder(wanted.spikes));
      expect(values).toEqual(wanted.values);
      // The most frequent classes, section 8 of test/golden/ranc.md.
      expect(answer).toBe([7, 2, 1, 0, 4, 1, 4, 4, 6, 4][digit]);
    }
  });
});

/** The three layers in plain loops over the recording's memories, without time. */
function plainAnswer(pixels: ArrayLike<number>): { answer: number; synops: number } {
  let synops = 0;
  let active = new Map(layers[0]?.map((core) => [core, new Set<number>()]));
  for (let core = 0; core < 8; core++)
    for (let axon = 0; axon < 128; axon++)
      if ((pixels[82 * core + axon] ?? 0) > 127) active.get(core)?.add(axon);
  const votes = new Array<number>(10).fill(0);
  for (let tick = 0; tick < 3; tick++) {
    const next = new Map<number, Set<number>>();
    for (const [core, memories] of cores.entries()) {
      if (memories === null) continue;
      const { crossbar, axon_types, weights, leak, pos_threshold, dest } = memories;
      for (let neuron = 0; neuron < 128; neuron++) {
        let potential = leak[neuron] ?? 0;
        const row = BigInt(`0x${crossbar[neuron]}`);
        for (const axon of active.get(core) ?? []) {
          if (((row >> BigInt(axon)) & 1n) === 0n) continue;
          synops += 1;
          potential += weights[neuron]?.[Number(axon_types[axon])] ?? Number.NaN;
        }
        if (potential < (pos_threshold[neuron] ?? 0)) continue;
        const [dx, dy, axon] = dest[neuron] ?? [0, 0, 0, 0];
        const target = core + dx + 8 * dy;
        next.set(target, (next.get(target) ?? new Set()).add(axon));
      }
    }
    active = next;
  }
  for (const value of active.get(24) ?? []) votes[value % 10] = (votes[value % 10] ?? 0) + 1;
  return { answer: votes.indexOf(Math.max(...votes)), synops };
}

test('bundled digits are answered as in plain loops, whatever came before', async () => {
  const { test: set } = await loadFor(cell, undefined);
  if (set.kind !== 'features') throw new Error('digits have pixels');
  const presenter = presenterOn('fast');
  const samples = Array.from({ length: 12 }, (_, sample) => sample);
  const found = samples.map((sample) => presenter.present(sampleValues(set, sample)));
  const plain = samples.map((sample) => plainAnswer(sampleValues(set, sample)));
  expect(found).toEqual(plain.map(({ answer }) => answer));
  const { work } = presenter.counters();
  const integrate = coreImageOf(cell.image).kernels.findIndex(({ name }) => name === 'integrate4');
  expect(work[integrate]?.items).toBe(plain.reduce((sum, { synops }) => sum + synops, 0));
  const before = presenter.counters();
  const again = presenter.present(sampleValues(set, 0));
  expect(again).toBe(found[0]);
  const after = presenter.counters();
  const alone = presenterOn('fast');
  alone.present(sampleValues(set, 0));
  expect((after.cycles ?? 0) - (before.cycles ?? 0)).toBe(alone.counters().cycles);
});

function withoutTiming({ timing: _, ...report }: Report): Omit<Report, 'timing'> {
  return report;
}

describe('experiment ranc-mnist', () => {
  test('has the same report on either engine, and after it was stopped', async () => {
    const one = await run({ limit: 1 });
    expect(withoutTiming((await run({ engine: 'reference', limit: 1 })).report)).toEqual(
      withoutTiming(one.report),
    );
    const out = path('resumed');
    const stop = new AbortController();
    const long = { limit: 60, out };
    const stopped = run({
      ...long,
      checkpointSeconds: 0,
      signal: stop.signal,
      onStart: () => stop.abort(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow('stopped');
    expect(readdirSync(out)).toContain('checkpoint.msgpack');
    const { report } = await run({ ...long, resume: true });
    expect(withoutTiming(report)).toEqual(withoutTiming((await run({ limit: 60 })).report));
  });

  test('reports the whole chip, its cycles by hand, and no energies', async () => {
    const { report } = await run({ limit: 1 });
    const { test: scored, network, chip, memory, remarks } = report;
    if (scored === undefined || chip === undefined) throw new Error('no report of a chip');
    expect(remarks).toContainEqual({
      about: 'energy',
      text: "hw-model 'ranc-tea' has no energies: they are unknown",
    });
    expect(scored.energyPj).toMatchObject({ total: null, byUnit: {}, bySourceKind: {}, interval: null });
    expect(scored.perSample?.energyPj.byKernel.map(({ energyPj }) => energyPj)).toEqual(
      scored.counters.byKernel.map(() => null),
    );
    expect(scored.energyPjPerSop).toBe(null);
    expect(network.populations).toContainEqual({ name: 'neurons', size: 31 * 128 });
    expect(chip.cores.map(({ core }) => core)).not.toContain(24);
    expect(chip.cores).toHaveLength(31);
    // Words of 128 + 36 + 75 bits for each neuron, types and slots of the axons, and registers.
    const ofCore = 128 * (128 + 36 + 75) + 128 * 2 + 16 * 128 + 128 * (1 + 9 + 9);
    expect(memory.totalBits).toBe(31 * ofCore);
    const { test: set } = await loadFor({ ...cell, limit: 1 }, undefined);
    if (set.kind !== 'features') throw new Error('digits have pixels');
    const pixels = sampleValues(set, 0);
    const lit =
      layers[0]?.map(
        (core) => pixels.subarray(82 * core, 82 * core + 128).filter((value) => value > 127).length,
      ) ?? [];
    const packets = lit.reduce((sum, count) => sum + count, 0);
    const last = lit.findLastIndex((count) => count > 0);
    const { counters } = scored;
    // A packet every second cycle, the way of the last one, three ticks.
    expect(counters.cycles).toBe(2 * (packets - 1) + 6 + 2 * last + 1 + 3 * 18_100);
    expect(scored.latencyNs).toBe(counters.cycles * 10);
    expect(counters).toMatchObject({ steps: 3, updates: 0 });
    const traffic = counters.network;
    expect(traffic?.send).toBe(counters.spikes.neurons);
    // A core takes 128 x (128 + 2) + 3 cycles for a tick.
    expect(traffic?.busyPs[5]).toBe(3 * (128 * 130 + 3) * 10_000);
    expect(traffic?.busyPs[24]).toBe(0);
    const eastward = lit.map((_, core) => lit.slice(core).reduce((sum, count) => sum + count, 0));
    // Router 1 gets what is for the columns from 1 on, all of it from router 0.
    expect(traffic?.loads[4]).toBe(eastward[1]);
  });

  test('prints no energy that nobody knows', async () => {
    const { stdout } = await commandLine(argv`run ranc-mnist --limit 1 --quiet`);
    for (const row of ['energy', 'power', 'energy per synaptic operation'])
      expect(stdout).toMatch(new RegExp(`^${row} +unknown$`, 'm'));
    expect(stdout).toMatch(/^decide\(neurons, one neuron\) .* unknown$/m);
    expect(stdout).not.toMatch(/\b0 J\b|energy by/);
    const inspected = await commandLine(argv`inspect ranc-mnist`);
    expect(inspected.stdout).toMatch(/^decide\(neurons, one neuron\) +2 +0 +0 +unknown +stated/m);
  });

  test('differs from a run with energies in that they are unknown', async () => {
    const [one, other] = [path('unpowered'), path('powered')];
    await run({ out: one, limit: 1 });
    await run({ out: other, limit: 1 }, ['hw.staticPower.powerUw=500']);
    const { stdout } = await commandLine(argv`diff ${one} ${other}`);
    expect(stdout).toMatch(/^energy +unknown +[\d.]+ µJ$/m);
    expect(stdout).toMatch(/^energy of static +- +[\d.]+ µJ$/m);
    expect(stdout).not.toContain('mm2');
    const parts = JSON.parse((await commandLine(argv`diff ${one} ${other} --json`)).stdout) as unknown;
    expect(JSON.stringify(parts)).toContain('"what":"energy","unit":"pJ","one":null');
  });

  const inFront = 'experiment.ranc.windows=[{x: 0, y: 0, first: 0}';
  test.each<[string, ExperimentRunOptions, string[], string[], ErrorCode?]>([
    ['training', { epochs: 1 }, [], ['RANC does not learn', "epochs '0'"], 'usage'],
    ['a record', { record: 'steps', out: folder }, [], ['many cores'], 'usage'],
    ['threads', { threads: 2 }, [], ['one thread', "leave 'threads' out"], 'usage'],
    ['ticks that come too early', {}, ['experiment.ranc.tickCycles=16642'], ['at least 16643, found 16642']],
    ['an answer after the sample', {}, ['experiment.ranc.answerTick=3'], ['0 to 2, found 3']],
    ['a window on the output bus', {}, [`${inFront}, {x: 0, y: 3, first: 0}]`], ['windows[1]', 'output bus']],
    ['a window beyond the mesh', {}, [`${inFront}, {x: 8, y: 0, first: 0}]`], ['8 x 4, found x 8, y 0']],
    [
      'a window behind the sample',
      {},
      [`${inFront}, {x: 1, y: 0, first: 784}]`],
      ['784 features', 'windows[1]'],
      'data',
    ],
    ['no window', {}, ['experiment.ranc.windows=[]'], ['at least one window']],
    ['too few classes', {}, ['experiment.ranc.classes=9'], ['10 classes', 'ranc.classes'], 'data'],
    ['a mesh without an output bus', {}, ['hw.chip.mesh.outputBus=null'], ['31 cores', 'has 32']],
    ['another mesh', {}, ['hw.chip.mesh.columns=4'], ['31 cores', 'has 15']],
    ['another numbering', {}, ['hw.chip.mesh.numbering=by-column'], ['by-column, expected by-row'], 'fit'],
    ['short distances', {}, ['program.parameters.dx_width=3'], ['dx']],
    ['a bus beyond the mesh', {}, ['hw.chip.mesh.outputBus.y=4'], ['0 to 3, found 4']],
    ['several cores at a router', {}, ['hw.chip.mesh.coresPerTile=2'], ['one core in a tile']],
  ])('refuses %s', async (_, settings, set, parts, code = 'invalid-value') => {
    await expectRejection(run(settings, set), code, ...parts);
  });
});

test('bundled arrays have names, on disk and in memory', () => {
  const named = (name: string) =>
    parseSettings([`program.populations.neurons.fields.w0.initial={file: ${name}, array: w0}`]);
  const experiment = loadExperiment(findFile('experiment', 'ranc-mnist', ''));
  const refusal = [
    'there is no bundled file of arrays',
    'did you mean',
    'ranc-tea',
    './ranc-te.npz',
  ] as const;
  expectError(() => resolveCell(experiment, { settings: named('ranc-te') }, findFile), 'file', ...refusal);
  const find = findAmong({
    'programs/ranc-tea.npz': new Uint8Array(3),
    'own/ranc-tea.npz': new Uint8Array(1),
  });
  expect(find.bytes?.('ranc-tea', 'own/x.yaml').bytes).toHaveLength(3);
  expect(find.bytes?.('./ranc-tea.npz', 'own/x.yaml').bytes).toHaveLength(1);
  expectError(() => find.bytes?.('ranc-te', 'own/x.yaml'), 'file', ...refusal);
});

test('a chip without a controller of its own has no output bus', () => {
  expectError(
    () =>
      resolveCell(
        loadExperiment(findFile('experiment', 'many-cores', '')),
        { settings: parseSettings(['hw.chip.mesh.outputBus={x: 0, y: 0}']) },
        findFile,
      ),
    'invalid-value',
    'only a controller of its own',
  );
});
