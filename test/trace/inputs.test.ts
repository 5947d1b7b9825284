import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createSetEncoder, plainEncoding } from '../../src/data/index.ts';
import { loadExperiment, parseSettings, resolveCell } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { price } from '../../src/image/index.ts';
import { namesOf, PerfettoWriter, planSignals, type SignalPlan, VcdWriter } from '../../src/trace/index.ts';
import { traceInputs } from '../../src/trace/inputs.ts';
import { twoClasses as data } from '../chips/two-classes.ts';
import { expectError, expectRejection } from '../support/errors.ts';
import { lastNumber, readVcd } from './read-vcd.ts';

/*
 * The buckets of test/chips/controller: each spike waits in a queue of four until the end of its step, which pours it
 * in two cycles of 10 ns. A sample is cleared in one cycle before.
 */
const experiment = loadExperiment(
  findFile('experiment', fileURLToPath(new URL('../chips/controller/experiment.yaml', import.meta.url)), ''),
);
const cellWith = (...settings: string[]) =>
  resolveCell(experiment, { settings: parseSettings(settings) }, findFile);

async function traced(cell = cellWith(), first = 0, last = 0, spec?: string) {
  const plan: SignalPlan = planSignals(spec, cell.image);
  const [vcd, perfetto]: [string[], string[]] = [[], []];
  const names = namesOf(cell);
  const sinks = [
    new VcdWriter(names, plan, (text) => vcd.push(text)).take,
    new PerfettoWriter(
      names,
      plan,
      () => 0,
      (text) => perfetto.push(text),
    ).take,
  ];
  const counters = await traceInputs(cell, data, { window: { first, last }, plan }, (event) => {
    for (const sink of sinks) sink(event);
  });
  const { traceEvents } = JSON.parse(perfetto.join('')) as {
    readonly traceEvents: readonly Readonly<Record<'name' | 'ph' | 'ts' | 'dur', unknown>>[];
  };
  const read = readVcd(vcd.join(''));
  const signal = (name: string) => {
    const found = read.signals.get(`buckets/${name}`);
    if (found === undefined) throw new Error(`no signal ${name}: ${[...read.signals.keys()].join(' ')}`);
    return found;
  };
  return { counters, end: read.end, signal, traceEvents };
}

/** By step, how many features of the sample of class 0 spike, as the encoder says. */
const { offsets } = createSetEncoder(data.train, plainEncoding(cellWith().encoder))(
  { sample: 0, epoch: 0, seed: 1 },
  8,
);
const spikes = Array.from({ length: 8 }, (_, step) => (offsets[step + 1] ?? 0) - (offsets[step] ?? 0));
const inAll = spikes.reduce((sum, count) => sum + count, 0);
/** Its inputs: it is cleared, its spikes come, its steps end. That of class 1, a spike in each step, is before it. */
const [begin, last] = [1 + 8 + 8, 1 + 8 + 8 + inAll + 8];

test('the level of a queue over time, at the clock of the controller', async () => {
  expect(inAll).toBe(11);
  const { signal, end, counters, traceEvents } = await traced(cellWith(), begin, last);
  expect([lastNumber(signal('sample')), lastNumber(signal('label'))]).toEqual([0, 0]);
  const levels: [ns: number, level: number][] = [[0, 0]];
  let ns = 10;
  for (const count of spikes) {
    for (let level = 1; level <= count; level++) levels.push([ns, level]);
    ns += 20 * count;
    if (count > 0) levels.push([ns, 0]);
  }
  const { changes } = signal('waiting_level');
  expect(changes.map(({ time, value }) => [time, Number.parseInt(value.slice(1), 2)])).toEqual(levels);
  expect(['pushes', 'pops', 'drops'].map((kind) => lastNumber(signal(`waiting_${kind}`)))).toEqual([
    11, 11, 0,
  ]);
  expect(end).toBe(10 + 20 * 11);
  expect(counters).toMatchObject({ cycles: 1 + 2 * 11, pushes: 11, pops: 11, drops: 0 });
  const { energyPj } = price(counters, cellWith().image.costs);
  expect(lastNumber(signal('energy_pJ'))).toBeCloseTo(energyPj.total, 6);
  // In a timeline, each input is a slice under its name.
  const named = (start: string) =>
    traceEvents.filter(({ ph, name }) => ph === 'X' && String(name).startsWith(start));
  expect([named('clear ').length, named('spike ').length, named('step ').length]).toEqual([1, 11, 8]);
  expect(named('clear ')[0]).toMatchObject({ name: 'clear 17', ts: 0, dur: 0.01 });
  expect(traceEvents.filter(({ ph, name }) => ph === 'C' && name === 'waiting')).toHaveLength(
    levels.length - 1,
  );
});

test('a window goes on from what waits, and shows fields after each input', async () => {
  const before = spikes.indexOf(2);
  // All inputs before that step, and the first of its two spikes.
  const first = begin + 1 + spikes.slice(0, before).reduce((sum, count) => sum + count + 1, 0) + 1;
  const { signal } = await traced(cellWith(), first, first + 1, 'fifo,level:buckets[0]');
  expect(signal('waiting_level').changes.map(({ value }) => value)).toEqual(['b0', 'b1', 'b10', 'b0']);
  expect(lastNumber(signal('waiting_pushes'))).toBe(1);
  const { value } = signal('buckets_level_0').changes.at(-1) ?? {};
  // Both spikes are of the first step, and each pours 3 into its bucket.
  expect(value).toBe('r3');
});

test('what finds no room is counted', async () => {
  const cell = cellWith('hw.controller.queues.waiting.depth=1');
  const { signal, traceEvents } = await traced(cell, begin, last);
  const lost = spikes.filter((count) => count === 2).length;
  expect(lost).toBeGreaterThan(0);
  expect(lastNumber(signal('waiting_drops'))).toBe(lost);
  expect(traceEvents.filter(({ name }) => name === 'dropped from waiting')).toHaveLength(lost);
});

test('a window beyond the run, and what has no time of its own, are refused', async () => {
  // Three samples of nine inputs beside 27 spikes.
  await expectRejection(
    traced(cellWith(), 50, 60),
    'usage',
    `the run has ${3 * 9 + 27} inputs, 0 to ${3 * 9 + 26}`,
  );
  const { image } = cellWith();
  expectError(
    () => planSignals('fifo,kernels', image),
    'usage',
    "there are no times of kernels under the controller of 'buckets'",
  );
  expect([...planSignals(undefined, image).groups]).toEqual(['fifo', 'energy']);
});
