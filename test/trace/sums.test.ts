import { expect, test } from 'vitest';
import type { Processor } from '../../src/engine/index.ts';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { loadFor } from '../../src/experiment/node.ts';
import { findFile } from '../../src/fs/index.ts';
import { type Counters, type Image, imageOfCore, price } from '../../src/image/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { PlasticoreError } from '../../src/text/index.ts';
import {
  energyOfWork,
  namesOf,
  openSession,
  openWindow,
  PerfettoWriter,
  planSignals,
  runWindow,
  type SignalPlan,
  Tracer,
  VcdWriter,
} from '../../src/trace/index.ts';
import type { WindowSubject } from '../../src/trace/replay.ts';
import { imageOf, type RandomProgram, randomProgram, trainOf } from '../engine/random/program.ts';
import { expectError } from '../support/errors.ts';
import { inThorough } from '../support/thorough.ts';
import { unstated } from '../support/unstated.ts';
import { lastNumber, readVcd, timeHigh } from './read-vcd.ts';

interface Slice {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly id: number;
  readonly args: Readonly<Record<string, number>> & {
    readonly reads: Readonly<Record<string, number>>;
    readonly writes: Readonly<Record<string, number>>;
  };
}

/** Collects what is written. */
function collector(): { readonly write: (text: string) => void; text(): string } {
  const parts: string[] = [];
  return { write: (text) => parts.push(text), text: () => parts.join('') };
}

const word = (name: string): string => name.replaceAll(/\W+/g, '_').replaceAll(/^_+|_+$/g, '');
const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
const picosecondsPer: Readonly<Record<string, number>> = { '1 ns': 1000, '1 ps': 1, '1 fs': 0.001 };

/** Runs the samples of a random program on a core. */
function present({ samples }: RandomProgram, core: Processor, step: () => void = () => undefined): Counters {
  for (const sample of samples) {
    core.setEpoch(sample.epoch);
    const spikes = trainOf(sample, core.image);
    core.begin({ label: sample.label, learn: sample.learn, steps: spikes.steps, spikes });
    for (let index = 0; index < spikes.steps; index++) {
      core.step();
      step();
    }
  }
  return core.counters();
}

function traced(image: Image, plan: SignalPlan, drive: (core: Processor) => Counters) {
  const cell = { name: 'random', image };
  const names = namesOf({ ...cell, chip: undefined });
  const [vcd, perfetto] = [collector(), collector()];
  const sinks = [
    new VcdWriter(names, plan, vcd.write).take,
    new PerfettoWriter(names, plan, (core, event) => energyOfWork(image, core, event), perfetto.write).take,
  ];
  const tracer = new Tracer(image, plan, (event) => {
    for (const sink of sinks) sink(event);
  });
  const core = createMachine(image, { engine: 'reference', watch: tracer.watch });
  tracer.start(core);
  tracer.sample(0, 0, false, 0);
  drive(core);
  tracer.stepDone();
  tracer.end();
  return { vcd: vcd.text(), perfetto: perfetto.text() };
}

/** Holds the files of a trace against counters and their price. */
function checkSums(
  image: Image,
  counters: Counters,
  files: { readonly vcd: string; readonly perfetto: string },
  seed: number,
): void {
  const { cycles, latencyNs, workCycles, energyPj } = price(counters, image.costs);
  const said = `seed ${seed}`;
  const vcd = readVcd(files.vcd);
  const unitPs = picosecondsPer[vcd.timescale] ?? Number.NaN;
  const signalOf = (name: string) => {
    const signal = vcd.signals.get(`${word(image.program)}/${name}`);
    if (signal === undefined) throw new Error(`no signal ${name}: ${[...vcd.signals.keys()].join(' ')}`);
    return signal;
  };
  const numberOf = (name: string): number => lastNumber(signalOf(name));
  expect(numberOf('fifo_pushes'), said).toBe(counters.pushes);
  expect(numberOf('fifo_pops'), said).toBe(counters.pops);
  expect(numberOf('fifo_drops'), said).toBe(counters.drops);
  for (const [population, { name }] of image.populations.entries())
    expect(numberOf(`${word(name)}_spikes`), said).toBe(counters.spikes[population]);
  for (const [bank, { name }] of image.banks.entries())
    for (const kind of ['reads', 'writes'] as const)
      expect(numberOf(`${word(name)}_${kind}`), said).toBe(
        sum(counters.work.map((count) => count[kind][bank] ?? 0)),
      );
  expect(vcd.end * unitPs, said).toBeCloseTo(latencyNs * 1000, 1);
  const cyclePs = 1e6 / image.costs.clockMhz;
  const busy = image.work.map((name, work) => {
    const own = word(name);
    const isTaken = image.work.slice(0, work).some((other) => word(other) === own);
    return timeHigh(signalOf(isTaken ? `${own}_${work}` : own), vcd.end) * unitPs;
  });
  for (const [work, ps] of busy.entries())
    expect(ps, `${said}, ${image.work[work]}`).toBeCloseTo((workCycles[work] ?? 0) * cyclePs, 0);
  const router = timeHigh(signalOf('fifo_pop'), vcd.end) * unitPs;
  expect((sum(busy) + router) / cyclePs, said).toBeCloseTo(cycles, 3);

  const { traceEvents } = JSON.parse(files.perfetto) as { readonly traceEvents: readonly Slice[] };
  const kernels = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && pid > 1 && tid === 1);
  for (const [work, name] of image.work.entries()) {
    const count = counters.work[work];
    const own = kernels.filter((slice) => slice.name === name);
    for (const key of ['runs', 'passes', 'tiles', 'items', 'scannedTiles'] as const)
      expect(sum(own.map(({ args }) => args[key] ?? 0)), `${said}, ${name}, ${key}`).toBe(count?.[key]);
    for (const [bank, of] of image.banks.entries())
      for (const kind of ['reads', 'writes'] as const)
        expect(sum(own.map(({ args }) => args[kind][of.name] ?? 0)), said).toBe(count?.[kind][bank]);
    expect(sum(own.map(({ args }) => args.energyPj ?? 0)), said).toBeCloseTo(energyPj.byWork[work] ?? 0, 3);
    expect(sum(own.map(({ args }) => args.ownNs ?? 0)), said).toBeCloseTo(
      ((workCycles[work] ?? 0) * cyclePs) / 1000,
      3,
    );
  }
  const energies = traceEvents.filter(({ ph, name }) => ph === 'C' && name === 'energy, pJ');
  expect(sum(Object.values(energies.at(-1)?.args ?? {}).map(Number)), said).toBeCloseTo(energyPj.total, 3);
  expect(numberOf('energy_pJ'), said).toBeCloseTo(energyPj.total, 3);
}

test('sums over both files are the counters of the fast engine, and times add up to what they cost', () => {
  let checked = 0;
  let stalls = 0;
  for (let seed = 1; checked < inThorough(60, 20); seed++) {
    const program = randomProgram(seed);
    if (program.samples.length === 0) continue;
    const image = imageOfCore(imageOf(program));
    const names = image.work;
    if (new Set(names).size < names.length) continue;
    let counters: Counters;
    try {
      counters = present(program, createMachine(image));
    } catch (error) {
      // A program in floats may run into not-a-number.
      if (!(error instanceof PlasticoreError)) throw error;
      continue;
    }
    const files = traced(image, planSignals(undefined, image), (core) => present(program, core));
    checkSums(image, counters, files, seed);
    checked += 1;
    stalls += counters.stalls;
  }
  // Pieces of work that others interrupt are among them.
  expect(stalls).toBeGreaterThan(0);
});

const experiment = loadExperiment(findFile('experiment', 'mnist-snn', ''));
const small = resolveCell(
  experiment,
  { limit: 4, epochs: 2, settings: parseSettings(['program.populations.hidden.size=16']) },
  findFile,
);

test('a window in the middle of a sample is what the same steps of the whole run are', async () => {
  const data = await loadFor(small, undefined);
  const { steps } = small.image;
  // From the third step of the second sample to the first of the fourth.
  const window = { first: steps + 2, last: 3 * steps };
  const opening = await openWindow(small, data, window);
  const next = opening.upcoming();
  expect([opening.samplesDone, next?.stepsDone]).toEqual([1, 2]);
  const onReference = () => openSession(small, data, { engine: 'reference' });
  const before = await runWindow(onReference(), { first: 0, last: window.first - 1 });
  const all = onReference();
  const upTo = await runWindow(all, { first: 0, last: window.last });
  const session = onReference();
  session.resume(opening.moment());
  const own = await runWindow(session, window);
  expect(own.steps).toBe(window.last - window.first + 1);
  expect(own.pushes).toBe(upTo.pushes - before.pushes);
  expect(own.work.map(({ items }) => items)).toEqual(
    upTo.work.map(({ items }, work) => items - (before.work[work]?.items ?? 0)),
  );
  expect(session.machine.save()).toEqual(all.machine.save());
});

test('energies that nobody knows are no signal', () => {
  const image = { ...small.image, costs: unstated };
  expect([...planSignals(undefined, small.image).groups]).toContain('energy');
  expect([...planSignals(undefined, image).groups]).toEqual(['kernels', 'fifo', 'spikes', 'banks', 'units']);
  const named = () => planSignals('spikes,energy', image);
  expectError(named, 'usage', "hw-model 'reference' has no energies", 'leave out energy');
});

test('chosen membranes are what the core holds after each step', async () => {
  const data = await loadFor(small, undefined);
  const window = { first: 0, last: small.image.steps - 1 };
  const plan = planSignals('v:hidden[2-4]', small.image);
  const vcd = collector();
  const seen: number[][] = [];
  const field = small.image.fields.findIndex(({ name }) => name === 'hidden.v');
  const ends: number[] = [];
  const write = new VcdWriter(namesOf(small), plan, vcd.write).take;
  const tracer = new Tracer(small.image, plan, write);
  const session = openSession(small, data, { engine: 'reference', watch: tracer.watch });
  const { machine } = session;
  tracer.start(machine);
  const watched: WindowSubject = {
    sample: (...begun) => tracer.sample(...begun),
    step: (step) => tracer.step(step),
    stepDone() {
      tracer.stepDone();
      seen.push([...machine.read(field).slice(2, 5)]);
      ends.push(machine.busyCycles() * (1000 / small.image.costs.clockMhz));
    },
  };
  await runWindow(session, window, { watched });
  const { signals } = readVcd(vcd.text());
  const valueAt = (item: number, ns: number): number => {
    const changes = signals.get(`mnist_snn/hidden_v_${item}`)?.changes ?? [];
    return Number(changes.findLast(({ time }) => time <= ns)?.value.slice(1));
  };
  expect(ends.map((ns) => [2, 3, 4].map((item) => valueAt(item, ns)))).toEqual(seen);
  expect(new Set(seen.flat()).size).toBeGreaterThan(3);
});

test('on many cores, packets, time and energy are those of the chip', async () => {
  const cell = resolveCell(
    loadExperiment(findFile('experiment', 'many-cores', '')),
    { limit: 1, epochs: 1 },
    findFile,
  );
  const { image } = cell;
  const data = await loadFor(cell, undefined);
  const window = { first: 1, last: 3 };
  const opening = await openWindow(cell, data, window);
  const names = namesOf(cell);
  const plan = planSignals(undefined, image);
  const [vcd, perfetto] = [collector(), collector()];
  const sinks = [
    new VcdWriter(names, plan, vcd.write).take,
    new PerfettoWriter(names, plan, (core, event) => energyOfWork(image, core, event), perfetto.write).take,
  ];
  const tracer = new Tracer(image, plan, (event) => {
    for (const sink of sinks) sink(event);
  });
  const session = openSession(cell, data, { engine: 'reference', watch: tracer.watch });
  session.resume(opening.moment());
  tracer.start(session.machine);
  await runWindow(session, window, { watched: tracer });
  tracer.end();
  const counters = await runWindow(opening, window);
  const { network } = counters;
  const { energyPj } = price(counters, image.costs);
  expect(network?.send).toBeGreaterThan(0);

  const { signals, end, timescale } = readVcd(vcd.text());
  expect(end * (picosecondsPer[timescale] ?? Number.NaN)).toBeCloseTo(network?.timePs ?? 0, -3);
  const sumOf = (name: RegExp): number =>
    sum([...signals].flatMap(([path, signal]) => (name.test(path) ? [lastNumber(signal)] : [])));
  expect(sumOf(/packets_sent$/)).toBe(network?.send);
  expect(sumOf(/packets_received$/)).toBe(network?.tile);
  for (const [population, { name }] of image.populations.entries())
    expect(sumOf(new RegExp(`/${name}_spikes$`))).toBe(counters.spikes[population]);
  const reads = (kind: 'reads' | 'writes', bank: string): number =>
    sum(counters.work.map((count) => count[kind][image.banks.findIndex(({ name }) => name === bank)] ?? 0));
  for (const { name } of image.banks)
    for (const kind of ['reads', 'writes'] as const)
      expect(sumOf(new RegExp(`/${name}_${kind}$`)), `${name} ${kind}`).toBe(reads(kind, name));
  expect(sumOf(/energy_pJ$/)).toBeCloseTo(energyPj.total, 3);

  const { traceEvents } = JSON.parse(perfetto.text()) as { readonly traceEvents: readonly Slice[] };
  const kernels = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && pid > 1 && tid === 1);
  expect(new Set(kernels.map(({ pid }) => pid)).size).toBe(image.cores.length);
  expect(sum(kernels.map(({ args }) => args.items ?? 0))).toBe(sum(counters.work.map(({ items }) => items)));
  const sent = traceEvents.filter(({ ph, name }) => ph === 'X' && name.startsWith('to core'));
  expect(sum(sent.map(({ args }) => args.packets ?? 0))).toBe(network?.send);
  const [starts, finishes] = ['s', 'f'].map((kind) => traceEvents.filter(({ ph }) => ph === kind));
  expect(starts?.length).toBe(sent.length);
  expect(finishes?.map(({ id }) => id)).toEqual(starts?.map(({ id }) => id));
  for (const [index, { ts }] of (starts ?? []).entries())
    expect(finishes?.[index]?.ts).toBeGreaterThanOrEqual(ts);
});
