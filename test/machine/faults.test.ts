import { describe, expect, test } from 'vitest';
import { compile, compileCore } from '../../src/compiler/index.ts';
import { createCore, engineNames } from '../../src/engine/index.ts';
import { countFailing, type Image, type Placement } from '../../src/image/index.ts';
import { createMachine, type Machine } from '../../src/machine/index.ts';
import { memoryOf } from '../../src/report/index.ts';
import { at } from '../../src/text/index.ts';
import { load } from '../hardware/tiny.ts';
import { indexOfField, programOf, roundCore, valuesOf } from '../support/core.ts';
import {
  addingRule,
  cellsOf,
  type Faults,
  failing,
  flippedAfter,
  flippedNumber,
  heldOn,
} from '../support/plain-cells.ts';
import { roundMesh } from './round-mesh.ts';

const options = { precision: 'mp16-8', seed: 1 };

/** Neurons `b` on two cores, which add the weights of spikes to their potentials, and these to shadow weights. */
const network = `format: plasticore/program/1
name: cells
description: ''
steps: 3
input: a
populations:
  a: {size: 3, fields: {trace: {kind: integer, bits: 8, signed: false, overflow: saturate}}}
  b: {size: 9, fields: {v: {kind: real, bits: 16, signed: true, overflow: saturate-symmetric}}}
projections:
  ab: {from: a, to: b, connect: dense, initialWeights: {uniform: 100}}
microcode: {rule: rule.uc}
events:
  sample: [{clear: [b.v]}]
  tick: [{deliver: a}, {run: learn, over: ab}]
  spike: {a: [{run: add, over: ab}]}
readout: b.v
`;
const apart: Placement = {
  a: [{ first: 0, size: 3, core: 0 }],
  b: [
    { first: 0, size: 4, core: 0 },
    { first: 4, size: 5, core: 2 },
  ],
};

const onTwo = (faults: Faults, slices = apart): Image =>
  compile(programOf(network, { 'rule.uc': addingRule }), failing(load(roundCore), faults), options, {
    slices,
  });

/** A field's items as stuck cells leave them, each on the core that holds it. */
function heldBy({ cores, fields }: Image, name: string, values: ArrayLike<number>): number[] {
  const whole = fields.findIndex((field) => field.name === name);
  const expected = Array.from(values);
  for (const { image, number, fields: parts } of cores)
    for (const [local, part] of parts.entries()) {
      if (part?.field !== whole || part.isCopy) continue;
      const field = at(image.fields, local);
      for (let item = 0; item < field.count; item++) {
        const row = Math.floor(item / part.rowLength);
        const place = row * part.wholeRowLength + part.firstColumn + item - row * part.rowLength;
        expected[place] = heldOn({ seed: 7, rate: 0.1 }, number, image, field, item, at(values, place));
      }
    }
  return expected;
}

describe.each(engineNames)('cells that fail on several cores, on the %s engine', (engine) => {
  test('are those of the place of each core on the chip', () => {
    const image = onTwo({});
    const machine = createMachine(image, { engine });
    const sound = createMachine(onTwo({ rate: 0 }), { engine });
    const values = Array.from({ length: 9 }, (_, item) => 1000 * item - 4000);
    machine.write(indexOfField(image, 'b.v'), values);
    expect(valuesOf(machine, 'b.v')).toEqual(heldBy(image, 'b.v', values));
    expect(valuesOf(machine, 'ab.shadow')).toEqual(heldBy(image, 'ab.shadow', valuesOf(sound, 'ab.shadow')));
    machine.begin({ label: 0, learn: true, steps: 2 });
    const cleared = heldBy(image, 'b.v', new Array(9).fill(0));
    expect(valuesOf(machine, 'b.v')).toEqual(cleared);
    const [weights, before] = [valuesOf(machine, 'ab.weight'), valuesOf(machine, 'ab.shadow')];
    machine.receive(0, [1]);
    machine.step();
    const added = heldBy(
      image,
      'b.v',
      cleared.map((value, item) => value + at(weights, 9 + item)),
    );
    expect(valuesOf(machine, 'b.v')).toEqual(added);
    const learnt = before.map((value, item) =>
      Math.max(-32767, Math.min(32767, value + at(added, item % 9))),
    );
    expect(valuesOf(machine, 'ab.shadow')).toEqual(heldBy(image, 'ab.shadow', learnt));
    // Slices of another core have other cells.
    const moved = { ...apart, b: [at(apart.b ?? [], 0), { first: 4, size: 5, core: 1 }] };
    expect(valuesOf(createMachine(onTwo({}, moved), { engine }), 'ab.shadow')).not.toEqual(before);
  });

  test('are those of a core alone on core 0', () => {
    const whole = { a: [{ first: 0, size: 3, core: 0 }], b: [{ first: 0, size: 9, core: 0 }] };
    const machine = createMachine(onTwo({}, whole), { engine });
    const core = createCore(
      compileCore(programOf(network, { 'rule.uc': addingRule }), failing(load(roundCore), {}), options),
      { engine },
    );
    for (const each of [machine, core]) {
      each.begin({ label: 0, learn: true, steps: 2 });
      each.receive(0, [0, 2]);
      each.finish();
    }
    for (const name of ['b.v', 'ab.shadow']) expect(valuesOf(machine, name)).toEqual(valuesOf(core, name));
  });

  test('flip anew on each core in each step, also after a checkpoint on the other engine', () => {
    const faults: Faults = { errors: 'fresh', banks: ['weight'], rate: 0.02 };
    const image = onTwo(faults);
    const machine = createMachine(image, { engine });
    let met = 0;
    const expectFlips = (each: Machine, draws: number): void => {
      for (const [index, { image: own, number }] of image.cores.entries()) {
        const core = at(each.cores, index);
        const local = own.fields.findIndex(({ name }) => name.endsWith('.weight'));
        const field = at(own.fields, local);
        const { bank } = cellsOf(own, field, 0);
        const { wordBits, usedWords } = at(own.banks, bank);
        const cells = flippedAfter({ seed: 7, rate: 0.02 }, number, bank, wordBits * usedWords, draws);
        const flipped = new Set(cells);
        const items = Array.from({ length: field.count }, (_, item) => cellsOf(own, field, item).cells);
        const held = core.readHeld(local);
        expect([...core.read(local)]).toEqual(
          items.map((bits, item) => flippedNumber(at(held, item), bits, flipped)),
        );
        const used = new Set(items.flat());
        met += cells.filter((cell) => used.has(cell)).length;
      }
    };
    machine.begin({ label: 0, learn: false, steps: 3 });
    expectFlips(machine, 1);
    machine.step();
    expectFlips(machine, 2);
    const other = createMachine(image, { engine: engine === 'fast' ? 'reference' : 'fast' });
    other.resume(structuredClone(machine.checkpoint()));
    other.step();
    expectFlips(other, 3);
    expect(other.counters().flips).toBe(met);
    expect(met).toBeGreaterThan(0);
  });
});

/** Neurons `out`, whose marks another core needs: it adds them to the sum of `end`. */
const marks = `format: plasticore/program/1
name: marks
steps: 4
input: in
populations:
  in: {size: 1}
  out: {size: 6, fields: {v: {bits: 16}, mark: {bits: 16}}}
  end: {size: 1, fields: {sum: {bits: 16}}}
projections:
  next: {from: out, to: end, initialWeights: {uniform: 0}}
microcode: {rule: rule.uc}
events:
  tick: [{run: fire, over: out}, {run: take, over: next}]
readout: end.sum
`;
const taking = `kernel fire over neurons
  ld r0, self.v
  st r0, self.mark
  cmp.ge r1, r0, 30000
  emit r1
end
kernel take over synapses
  ld r0, pre.mark
  ld r1, post.sum
  add.s r1, r1, r0
  st r1, post.sum
end
`;

describe.each(engineNames)('a value that another core needs, on the %s engine', (engine) => {
  const machineWith = (faults: Faults): Machine =>
    createMachine(
      compile(
        programOf(marks, { 'rule.uc': taking }),
        failing(roundMesh(), { banks: ['state'], ...faults }),
        options,
        {
          slices: {
            in: [{ first: 0, size: 1, core: 0 }],
            out: [{ first: 0, size: 6, core: 0 }],
            end: [{ first: 0, size: 1, core: 1 }],
          },
        },
      ),
      { engine },
    );
  const values = [5, -9, 300, 0, 1000, -20000];

  test('goes into stuck cells of its copy, and is not sent again while it changes nothing there', () => {
    const machine = machineWith({});
    const [home, copy] = machine.cores.map(({ image }) =>
      image.fields.findIndex(({ name }) => name.endsWith('out.mark')),
    );
    machine.write(indexOfField(machine.image, 'out.v'), values);
    machine.begin({ label: 0, learn: true, steps: 2 });
    machine.step();
    const sent = machine.cores[0]?.read(home ?? -1) ?? [];
    const { image } = at(machine.cores, 1);
    const field = at(image.fields, copy ?? -1);
    const held = Array.from(sent, (value, item) =>
      heldOn({ seed: 7, rate: 0.1 }, 1, image, field, item, value),
    );
    expect([...(machine.cores[1]?.read(copy ?? -1) ?? [])]).toEqual(held);
    expect(held).not.toEqual([...sent]);
    const first = Array.from({ length: 6 }, (_, item) =>
      heldOn({ seed: 7, rate: 0.1 }, 1, image, field, item, 0),
    );
    const changed = held.filter((value, item) => value !== first[item]).length;
    expect(changed).toBeGreaterThan(2);
    expect(machine.counters().network?.values).toBe(changed);
    machine.step();
    expect(machine.counters().network?.values).toBe(changed);
  });

  test('is what a load gives where it lives, and its copy holds that', () => {
    const machine = machineWith({ errors: 'fresh', rate: 0.05 });
    const [home = -1, copy = -1] = machine.cores.map(({ image }) =>
      image.fields.findIndex(({ name }) => name.endsWith('out.mark')),
    );
    machine.write(indexOfField(machine.image, 'out.v'), values);
    machine.begin({ label: 0, learn: true, steps: 4 });
    let changed = 0;
    for (let step = 0; step < 4; step++) {
      const before = machine.cores[1]?.readHeld(copy);
      machine.step();
      const held = machine.cores[1]?.readHeld(copy);
      expect(held).toEqual(machine.cores[0]?.read(home));
      changed += held?.filter((value, item) => value !== before?.[item]).length ?? 0;
      expect(machine.counters().network?.values).toBe(changed);
    }
    // After the first step, only what a flip changes is sent.
    expect(changed).toBeLessThan(4 * 6);
    expect(machine.cores[1]?.read(copy)).not.toEqual(machine.cores[1]?.readHeld(copy));
  });
});

test('cells are counted over all cores, in the report as well', () => {
  const image = onTwo({});
  const counts = image.cores.map((core) => countFailing({ ...core.image, cores: [core] }));
  const [shadow, state] = countFailing(image);
  // 27 shadow weights, 9 potentials of 16 bits and 3 traces of 8: the copy of `a` on core 2 needs no trace.
  expect([shadow?.cells, state?.cells]).toEqual([27 * 16, 9 * 16 + 3 * 8]);
  for (const [index, bank] of [shadow, state].entries())
    expect(bank?.stuck).toBe(counts.reduce((sum, core) => sum + at(core, index).stuck, 0));
  expect(memoryOf(image).failing).toEqual({ seed: 7, errors: 'stuck', banks: [shadow, state] });
});

test('a rate of 0 is as none', () => {
  const { faults: _, ...sound } = load(roundCore);
  const [none, zero] = [sound, failing(load(roundCore), { rate: 0 })].map((hw) => {
    const machine = createMachine(
      compile(programOf(network, { 'rule.uc': addingRule }), hw, options, { slices: apart }),
    );
    machine.begin({ label: 0, learn: true, steps: 3 });
    machine.receive(0, [0, 1]);
    machine.finish();
    return { state: machine.save(), counters: machine.counters() };
  });
  expect(zero).toEqual(none);
});

test('partial sums may not lie where cells fail', () => {
  const summing = network
    .replace('{deliver: a}, {run: learn, over: ab}', '{run: back, over: ab}')
    .replace('spike: {a: [{run: add, over: ab}]}', 'spike: {}')
    .replace('overflow: saturate}}}', 'overflow: saturate}, sum: {bits: 16}}}');
  const back = 'kernel back over synapses\n  ld r0, syn.weight\n  reduce r0, pre.sum\nend\n';
  expect(() =>
    compile(programOf(summing, { 'rule.uc': back }), failing(load(roundCore), {}), options, {
      slices: apart,
    }),
  ).toThrow("back(ab) leaves partial sums of a.sum in bank 'state', whose cells fail");
});
