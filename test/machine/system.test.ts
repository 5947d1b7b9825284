import { describe, expect, it } from 'vitest';
import { compile, compileCore } from '../../src/compiler/index.ts';
import { createCore, engineNames, type Processor } from '../../src/engine/index.ts';
import { findHwModel, findProgram } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import type { HwModel } from '../../src/hardware/index.ts';
import type { Counters, Placement } from '../../src/image/index.ts';
import type { Kernel } from '../../src/isa/index.ts';
import { loadCore } from '../../src/library/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import type { Program } from '../../src/program/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { edit, load } from '../hardware/tiny.ts';
import { programOf, roundCore, valuesOf } from '../support/core.ts';
import { spread } from '../support/spread.ts';
import { inThorough } from '../support/thorough.ts';

const options = { precision: 'mp16-8', seed: 1 };

const named = (name: string) => ({ name, from: '' });

/** A bundled program that rounds to nearest wherever it rounds stochastically, so that it draws nothing. */
function bundled(name: string): Program {
  const program = findProgram(named(name), findFile);
  const kernels = [...program.kernels].map(([key, kernel]): [string, Kernel] => [
    key,
    {
      ...kernel,
      body: kernel.body.map((line) => ({ ...line, mnemonic: line.mnemonic.replace(/\.sr$/, '.rn') })),
    },
  ]);
  return { ...program, kernels: new Map(kernels) };
}

/** The hw-model with banks of any size and a FIFO that never fills. */
function roomy(name: string): HwModel {
  const hw = findHwModel(named(name), 'mp16-8', findFile);
  return {
    ...hw,
    chip: undefined,
    banks: hw.banks.map((bank) => ({ ...bank, capacityBits: 2 ** 31 })),
    router: { ...hw.router, fifoDepth: 65_536 },
  };
}

/** Runs two samples that learn and one that does not on both, and compares everything after each step. */
function expectEqual(one: Processor, several: Processor, density: number, steps: number): void {
  const { image } = one;
  const inputs = image.populations[image.input]?.size ?? 0;
  const dice = new Dice(7);
  for (const [label, learn] of [
    [3, true],
    [0, true],
    [3, false],
  ] as const) {
    for (const core of [one, several]) core.begin({ label, learn, steps });
    for (let step = 0; step < steps; step++) {
      const spikes = [...Array(inputs).keys()].filter(() => dice.chance(density));
      for (const core of [one, several]) {
        core.receive(image.input, spikes);
        core.step();
      }
      for (const [population, { name }] of image.populations.entries())
        expect(several.spikesOf(population), `${name}, step ${step}`).toEqual(one.spikesOf(population));
      for (const [field, { name }] of image.fields.entries()) {
        const have = several.read(field);
        const item = one.read(field).findIndex((value, at) => value !== have[at]);
        expect(item, `the first item of ${name} that differs, step ${step}`).toBe(-1);
      }
    }
  }
}

describe('a network does the same on any number of cores', () => {
  const fewer = [1, 2, 4].map((cores) => ['mnist-snn', cores, 8] as const);

  it.each([...inThorough(fewer, []), ['mnist-snn', 16, 8], ['shd-rsnn', 4, 6]] as const)(
    '%s on %i',
    (name, cores, steps) => {
      const hw = roomy('reference');
      const net = bundled(name);
      const image = compileCore(net, hw, options);
      const system = compile(net, hw, options, {
        slices: spread(image.populations, image.input, cores, hw.lanes),
      });
      expect(system.cores).toHaveLength(cores);
      expectEqual(createCore(image), createMachine(system), 0.1, steps);
    },
  );

  it('a convolution, whose shared weights learn each on one core', () => {
    const hw = roomy('large');
    const net = bundled('mnist-csnn');
    const image = compileCore(net, hw, options);
    const placement = Object.fromEntries(
      image.populations.map(({ name, size }, core) => [name, [{ first: 0, size, core }]]),
    );
    const system = compile(net, hw, options, { slices: placement });
    expect(system.cores).toHaveLength(4);
    expectEqual(createCore(image), createMachine(system), 0.1, 5);
  });

  it('but not one whose shared weights would learn on two', () => {
    const hw = roomy('large');
    const net = bundled('mnist-csnn');
    const { populations, input } = compileCore(net, hw, options);
    expect(() => compile(net, hw, options, { slices: spread(populations, input, 2, hw.lanes) })).toThrow(
      'accumulate(firstToSecond) changes weights that synapses on several cores share',
    );
  });
});

/** Two neurons on two cores: a spike of the first excites the second, which learns from the first one's trace. */
const pair = `format: plasticore/program/1
name: pair
steps: 4
input: in
populations:
  in: {size: 1, fields: {trace: {bits: 8, signed: false}}}
  out: {size: 1, fields: {v: {bits: 16}, error: {bits: 8}}}
projections:
  forward: {from: in, to: out, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick:
    - {run: decay, over: in}
    - deliver: in
    - {run: fire, over: out}
    - deliver: out
    - {run: learn, over: forward, when: learning}
  spike:
    in: [{run: mark, over: in}, {run: integrate, over: forward}]
readout: out.v
`;
const rule = `kernel decay over neurons
  ld r0, self.trace
  sra r0, r0, 1
  st r0, self.trace
end
kernel mark over neuron
  ldi r0, 64
  st r0, self.trace
end
kernel integrate over row
  ld r0, post.v
  ld r1, syn.weight
  add r0, r0, r1
  add r0, r0, 5
  st r0, post.v
end
kernel fire over neurons
  ld r0, self.v
  cmp.ge r1, r0, 10
  emit r1
end
kernel learn over synapses
  ld r0, pre.trace
  ld r1, syn.shadow
  add.s r1, r1, r0
  st r1, syn.shadow
end
`;

const chip = `chip:
  mesh: {columns: 2, rows: 1, coresPerTile: 1, numbering: by-row}
  delivery: phases
  costSets:
    round:
      send: {energyPj: 10, latencyNs: 4, source: paper}
      receive: {energyPj: 20, latencyNs: 8, source: paper}
      tile: {energyPj: 1, latencyNs: 2, source: paper}
      hop: {energyPj: {x: 3, y: 5}, latencyNs: {x: 7, y: 9}, source: paper}
      barrier: {latencyNs: {1: 100, 2: 200}, between: step, energyPj: 1000, source: paper}
`;
const apart: Placement = {
  in: [{ first: 0, size: 1, core: 0 }],
  out: [{ first: 0, size: 1, core: 1 }],
};
describe.each(engineNames)('what two cores exchange, on the %s engine', (engine) => {
  const compiled = compile(programOf(pair, { 'rule.uc': rule }), load(roundCore + chip), options, {
    slices: apart,
  });
  const system = createMachine(compiled, { engine });
  const step = (spikes: readonly number[]): void => {
    system.receive(system.image.input, spikes);
    system.step();
  };

  it('is the spike that the host sends: the copy of the trace follows by itself', () => {
    system.begin({ label: 0, learn: true, steps: 2 });
    step([0]);
    expect(valuesOf(system, 'in.trace')).toEqual([64]);
    expect(valuesOf(system, 'out.v')).toEqual([5]);
    expect(valuesOf(system, 'forward.shadow')).toEqual([64]);
    step([]);
    // The trace has decayed to 32 on both cores.
    expect(valuesOf(system, 'forward.shadow')).toEqual([96]);
    const { network } = system.counters();
    // The trace and its copy take the spike: one packet each, both from the host.
    expect(network).toMatchObject({ send: 0, values: 0, receive: 2, hopX: 0, hopY: 0 });
    expect(network?.received).toEqual([1, 1]);
  });

  it('and takes the time of its slowest core in each phase, and the barriers', () => {
    const { network } = system.counters();
    // The sample list is empty. Each step has a phase up to the input's spikes, one up to those of `out`, and its end;
    // so there are 1 + 2 x 3 barriers of two tiles.
    expect(network).toMatchObject({ barrier: 7, barrierPs: 1_400_000 });
    const [first = 0, second = 0] = network?.busyPs ?? [];
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
    // Processor 1 has all of core 0's work to do, on the copy, and more: it sets the time of every phase.
    expect(network).toMatchObject({
      timePs: 1_400_000 + second,
      sendingPs: second,
      receivingPs: 0,
      linkPs: 0,
    });
  });

  it('waits for the tick of a timer in each step that is shorter, and for no longer one', () => {
    const timedBy = (tick: number) => {
      const [barrier, ticked] = ['between: step, ', `between: step, tickNs: ${tick}, `];
      const image = compile(
        programOf(pair, { 'rule.uc': rule }),
        load(roundCore + edit(chip, barrier, ticked)),
        options,
        { slices: apart },
      );
      const timed = createMachine(image, { engine });
      timed.begin({ label: 0, learn: true, steps: 2 });
      timed.receive(timed.image.input, [0]);
      timed.step();
      timed.step();
      return timed.counters().network;
    };
    const { timePs = 0, sendingPs = 0 } = system.counters().network ?? {};
    // Two steps of 10 ms; cores work for as long as without a tick, and wait for the rest.
    expect(timedBy(1e7)).toMatchObject({ timePs: 2e10, sendingPs, barrierPs: 2e10 - sendingPs });
    expect(timedBy(1)).toMatchObject({ timePs, sendingPs, barrierPs: timePs - sendingPs });
  });

  it('which are busy for as many cycles, also where they go on from a checkpoint', () => {
    const cyclesOf = ({ network }: Counters): number => {
      const ps = network?.busyPs.reduce((sum, time) => sum + time, 0) ?? 0;
      return (ps * system.image.costs.clockMhz) / 1e6;
    };
    expect(system.busyCycles()).toBe(cyclesOf(system.counters()));
    const next = createMachine(compiled, { engine });
    next.resume(structuredClone(system.checkpoint()));
    expect(next.busyCycles()).toBe(system.busyCycles());
    for (const each of [system, next]) {
      each.begin({ label: 0, learn: true, steps: 1 });
      each.receive(each.image.input, [0]);
      each.step();
    }
    expect(next.busyCycles()).toBe(system.busyCycles());
    expect(next.busyCycles()).toBe(cyclesOf(next.counters()));
    next.resetCounters();
    expect(next.busyCycles()).toBe(0);
  });
});

describe('what several cores cannot do is refused', () => {
  const refusal = (hw: string, program = pair): unknown => {
    try {
      compile(programOf(program, { 'rule.uc': rule }), load(hw), options);
    } catch (error) {
      return error;
    }
    return 'accepted';
  };

  it('more cores than the chip has', () => {
    const wide = pair.replace('readout: out.v', 'readout: out.v\nplacement: {cores: 3}');
    expect(refusal(roundCore + chip, wide)).toMatchObject({
      message: "hw-model 'round' has 2 cores, found 3",
      hint: 'enlarge chip.mesh',
      line: 21,
    });
  });

  it('a spike that acts in its own step, where it arrives in the next one', () => {
    const late = `${pair.replace('spike:\n', 'spike:\n    out: [{run: decay, over: in}]\n').replace('over: in}]\n', 'over: in}]\n')}placement: {slices: {in: {0: 0}, out: {0: 1}}}\n`;
    expect(refusal((roundCore + chip).replace('delivery: phases', 'delivery: next'), late)).toMatchObject({
      message:
        "spikes of 'out' act in the step that emits them, but a spike that leaves its core on hw-model 'round' arrives in the next one",
      hint: expect.stringMatching(
        /^write {deliver: out, spikes: previous}, or set chip.delivery to phases; `plasticore import NET.nir --hw \S+` writes/,
      ),
    });
  });

  it('banks that are too small, core by core', () => {
    const large = `${pair.replace('out: {size: 1,', 'out: {size: 8192,')}placement: {cores: 2}\n`;
    const message = (refusal(roundCore + chip, large) as Error).message;
    expect(message).toMatch(/core 0: \d+ bits of the weight bank needed, 16384 available/);
    expect(message).toMatch(/core 1: \d+ bits of the weight bank needed, 16384 available/);
  });
});

describe('a chip of many cores', () => {
  const loaded = () => loadCore('mnist-snn', { on: 'mesh', set: { 'program.placement.cores': 4 } }, findFile);
  const spikes = Array.from({ length: 8 }, (_, step) =>
    [...Array(784).keys()].filter((n) => (n + step) % 7 === 0),
  );

  it('is loaded like a core, and prices its network', () => {
    const core = loaded();
    core.learn({ spikes, label: 3 });
    const { energyPj } = core.price();
    expect(energyPj.byUnit.network).toBeGreaterThan(0);
    expect(core.machine.cores.length).toBeGreaterThan(1);
  });

  it('continues from its saved state, and refuses that of another number of cores', () => {
    const [first, second] = [loaded(), loaded()];
    first.learn({ spikes, label: 3 });
    second.restore(first.save());
    expect(second.read('inputToHidden.weight')).toEqual(first.read('inputToHidden.weight'));
    const other = loadCore('mnist-snn', { on: 'mesh', set: { 'program.placement.cores': 2 } }, findFile);
    expect(() => other.restore(first.save())).toThrow('expected');
  });

  it('refuses a state in which its cores are followed by others', () => {
    const core = loaded();
    const { banks, generators } = core.save();
    const more = { banks: [...banks, new Uint32Array(4)], generators };
    expect(() => core.restore(more)).toThrow('expected banks of');
    const longer = { banks, generators: Uint32Array.of(...generators, 1) };
    expect(() => core.restore(longer)).toThrow('expected 16 generators, found 17');
  });

  it('tells a probe of each core what that core does', () => {
    const ran = new Map<string, number>();
    const probe = (core: number) => ({
      began: (work: number) => {
        ran.set(`${core} ${work}`, (ran.get(`${core} ${work}`) ?? 0) + 1);
      },
    });
    const watched = loadCore('mnist-snn', { on: 'mesh', probe }, findFile);
    watched.learn({ spikes, label: 3 });
    // The work that the cores began is the work that the program counts.
    const runs = watched.counters().work.map((count) => count.runs);
    const told = runs.map(() => 0);
    for (const [name, times] of ran) {
      const [core = 0, work = 0] = name.split(' ').map(Number);
      const whole = watched.image.cores[core]?.work[work] ?? -1;
      told[whole] = (told[whole] ?? 0) + times;
    }
    expect(told).toEqual(runs);
  });
});
