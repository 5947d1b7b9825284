import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/index.ts';
import { engineNames } from '../../src/engine/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import { type Image, type Placement, readImage, writeImage } from '../../src/image/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { at } from '../../src/text/index.ts';
import { edit, failure, load } from '../hardware/tiny.ts';
import { programOf, roundCore, spikeTrain, valuesOf } from '../support/core.ts';
import { plainHash } from '../support/plain-cells.ts';
import { lateNetwork } from './late-network.ts';
import { roundMesh } from './round-mesh.ts';

const options = { precision: 'mp16-8', seed: 1 };
const seed = 7;

const losing = (hw: HwModel, lostPackets: number): HwModel => ({
  ...hw,
  faults: { seed, errors: 'stuck', prefers: 'either', rate: 0, banks: [], lostPackets },
});

/** The specification in src/image/lost-packets.ts, in plain numbers. */
const isLost = (rate: number, draws: number, population: number, neuron: number, core: number): boolean =>
  plainHash(seed, 18, draws, population, 1, neuron, core) < rate * 2 ** 32;

/** All 64 neurons of `out` spike in each step; each of `end` counts the spikes that reach it one step later. */
const counting = `format: plasticore/program/1
name: counting
steps: 40
input: in
populations:
  in: {size: 1}
  out: {size: 64, fields: {v: {bits: 16}}}
  end: {size: 2, fields: {n: {bits: 16}}}
projections:
  next: {from: out, to: end, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick: [{deliver: out, spikes: previous}, {run: fire, over: out}]
  previousSpike: {out: [{run: count, over: next}]}
readout: end.n
`;
const countingRule = `kernel fire over neurons
  ld r0, self.v
  cmp.ge r1, r0, 0
  emit r1
end
kernel count over row
  ld r0, post.n
  ld r1, syn.weight
  add r0, r0, r1
  add r0, r0, 1
  st r0, post.n
end
`;
const places: Placement = {
  in: [{ first: 0, size: 1, core: 0 }],
  out: [
    { first: 0, size: 32, core: 0 },
    { first: 32, size: 32, core: 1 },
  ],
  end: [
    { first: 0, size: 1, core: 1 },
    { first: 1, size: 1, core: 3 },
  ],
};
const countingOn = (hw: HwModel): Image =>
  compile(programOf(counting, { 'rule.uc': countingRule }), hw, options, { slices: places });

/** Runs so many steps of a sample. */
function counted(machine: Machine, steps: number): Machine {
  machine.begin({ label: 0, learn: false, steps });
  machine.finish();
  return machine;
}

/** What reaches `end` in a sample, and the packets lost; before it, so many samples and steps have begun. */
function arriving(rate: number, before: number, steps: number): { n: number[]; lost: number } {
  const n = [0, 0];
  let lost = 0;
  // The sample begins with one draw, and each step with another; the spikes of the last step leave no more.
  for (let step = 1; step < steps; step++)
    for (let neuron = 0; neuron < 64; neuron++)
      for (const [end, core] of [1, 3].entries()) {
        const isOwn = core === 1 && neuron >= 32;
        const misses = !isOwn && isLost(rate, before + 2 + step, 1, neuron, core);
        if (misses) lost += 1;
        else n[end] = at(n, end) + 1;
      }
  return { n, lost };
}

describe.each(engineNames)('packets that the network loses, on the %s engine', (engine) => {
  test.each(['core', 'tree'])('are those that the hash names, where a packet goes to each %s', (to) => {
    const packet = `  packet: {bits: 32, payloadBits: 8, perDestination: ${to}, source: guess}\n`;
    const machine = createMachine(countingOn(losing(roundMesh(packet), 0.3)), { engine });
    counted(machine, 6);
    const first = arriving(0.3, 0, 6);
    expect(valuesOf(machine, 'end.n')).toEqual(first.n);
    // 32 packets to core 1 and 64 to core 3 in each step, or 64 that fork: lost ones have been sent, and received.
    const sent = to === 'core' ? 5 * 96 : 5 * 64;
    expect(machine.counters().network).toMatchObject({ send: sent, tile: 5 * 96, lost: first.lost });
    expect(machine.counters().network?.received).toEqual([0, 5 * 32, 0, 5 * 64]);
    // Each spike that arrives is taken from a FIFO, those of the own core as well.
    expect(machine.counters().pops).toBe(at(first.n, 0) + at(first.n, 1));
    // Another sample loses others.
    counted(machine, 6);
    const second = arriving(0.3, 7, 6);
    expect(valuesOf(machine, 'end.n')).toEqual(first.n.map((n, end) => n + at(second.n, end)));
    expect(second).not.toEqual(first);
  });

  test('are the same after a checkpoint on the other engine', () => {
    const image = countingOn(losing(roundMesh(), 0.3));
    const machine = createMachine(image, { engine });
    machine.begin({ label: 0, learn: false, steps: 6 });
    for (let step = 0; step < 3; step++) machine.step();
    const other = createMachine(readImage(writeImage(image), 'x.pcore'), {
      engine: engine === 'fast' ? 'reference' : 'fast',
    });
    other.resume(structuredClone(machine.checkpoint()));
    other.finish();
    const { n, lost } = arriving(0.3, 0, 6);
    expect(valuesOf(other, 'end.n')).toEqual(n);
    expect(other.counters().network?.lost).toBe(lost);
  });

  test('are a share that the rate says', () => {
    const machine = createMachine(countingOn(losing(roundMesh(), 0.05)), { engine });
    counted(machine, 40);
    // 39 x 96 packets: a mean of 187.2 and, of a binomial, a standard deviation of 13.3.
    const { send, lost = 0 } = machine.counters().network ?? { send: 0 };
    expect(send).toBe(3744);
    expect(Math.abs(lost - 187.2)).toBeLessThan(4 * 13.34);
  });

  test('are none at a rate of 0, as without the setting, and all at 1', () => {
    const [none, zero, all] = [roundMesh(), losing(roundMesh(), 0), losing(roundMesh(), 1)].map((hw) =>
      counted(createMachine(countingOn(hw), { engine }), 6),
    );
    expect(zero?.save().banks).toEqual(none?.save().banks);
    const { network, ...counters } = none?.counters() ?? {};
    expect(zero?.counters()).toEqual({ ...counters, network: { ...network, lost: 0 } });
    expect(network).not.toHaveProperty('lost');
    // What a core sends itself is no packet.
    expect(all && valuesOf(all, 'end.n')).toEqual([5 * 32, 0]);
    expect(all?.counters().network?.lost).toBe(5 * 96);
  });
});

test.each(engineNames)(
  'a spike that waits is lost with the packet that took it there, on the %s engine',
  (engine) => {
    const lone = (size: number, core: number) => [{ first: 0, size, core }];
    // Half of `c` is where `b` is, so that one packet takes both there; the other half is on a core of its own.
    const slices = {
      in: lone(4, 0),
      a: lone(4, 0),
      b: lone(2, 1),
      c: [
        { first: 0, size: 1, core: 1 },
        { first: 1, size: 1, core: 2 },
      ],
    };
    const image = compile(lateNetwork(12), losing(roundMesh(), 0.4), options, {
      slices,
    });
    const machine = createMachine(image, { engine });
    const trains = [[0, 1], [3], [2, 3], [0], [], [0, 1, 2, 3], [1], [], [], [], [], []];
    machine.begin({ label: 0, learn: false, steps: 12, spikes: spikeTrain(...trains) });
    machine.finish();
    // A neuron fires in the step of its input, and its spike leaves in the next one.
    const arrived = (core: number, weightOf: (neuron: number) => number): number =>
      trains
        .flatMap((neurons, step) => neurons.filter((neuron) => !isLost(0.4, step + 3, 1, neuron, core)))
        .reduce((sum, neuron) => sum + weightOf(neuron), 0);
    const first = arrived(1, (neuron) => 2 * neuron + 1);
    expect(valuesOf(machine, 'b.v')).toEqual([first, arrived(1, (neuron) => 2 * neuron + 2)]);
    expect(valuesOf(machine, 'c.v')).toEqual([first, arrived(2, (neuron) => 2 * neuron + 2)]);
    const spikes = trains.flat().length;
    const reached = arrived(1, () => 1) + arrived(2, () => 1);
    expect(machine.counters().network).toMatchObject({ send: 2 * spikes, lost: 2 * spikes - reached });
    expect(reached).toBeLessThan(2 * spikes);
  },
);

test('cores run the same code, whether packets between them are lost or not', () => {
  expect(countingOn(losing(roundMesh(), 0.3)).cores).toEqual(countingOn(roundMesh()).cores);
});

test('a core alone has no packets to lose', () => {
  const text = edit(roundCore, 'control:', 'faults: {seed: 1, lostPackets: 0.1}\ncontrol:');
  expect(failure(() => load(text))).toMatchObject({
    message: 'faults.lostPackets: a core alone sends no packets: expected a chip of several cores',
    line: text.split('\n').findIndex((line) => line.startsWith('faults:')) + 1,
    column: 32,
  });
});
