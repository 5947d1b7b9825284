import { describe, expect, test } from 'vitest';
import { compileCore } from '../../../src/compiler/index.ts';
import { compileModule, createCore, engineNames } from '../../../src/engine/index.ts';
import { countFailing, type Field, Memory } from '../../../src/image/index.ts';
import { loadProgram } from '../../../src/program/index.ts';
import { at } from '../../../src/text/index.ts';
import { files, load } from '../../hardware/tiny.ts';
import { roundCore } from '../../support/core.ts';
import {
  addingRule,
  cellsOf,
  type Faults,
  failing,
  flippedAfter,
  flippedNumber,
  heldOn,
  plainHash,
} from '../../support/plain-cells.ts';

const program = `format: plasticore/program/1
name: cells
description: ''
steps: 3
input: a
populations:
  a: {size: 3, fields: {trace: {kind: integer, bits: 8, signed: false, overflow: saturate}}}
  b:
    size: 9
    fields:
      v: {kind: real, bits: 16, signed: true, overflow: saturate-symmetric}
      on: {kind: flag}
projections:
  ab: {from: a, to: b, connect: dense, initialWeights: {uniform: 100}}
microcode: {rule: rule.uc}
events:
  sample: [{clear: [b.v]}]
  tick: [{deliver: a}, {run: learn, over: ab}]
  spike: {a: [{run: add, over: ab}]}
readout: b.v
`;

const failingImage = (faults: Faults, seed = 1) =>
  compileCore(
    loadProgram({ text: program, file: 'program.yaml' }, { microcode: files({ 'rule.uc': addingRule }) }),
    failing(load(roundCore), faults),
    { precision: 'mp16-8', seed },
  );

const chip = { seed: 7, rate: 0.1 };

/** A number as stuck cells leave it. */
const held = (image: ReturnType<typeof failingImage>, field: Field, item: number, value: number): number =>
  heldOn(chip, 0, image, field, item, value);

describe.each(engineNames)('on the %s engine', (engine) => {
  test('stuck cells hold their bit through initial contents, writes, clears, stores and a restored state', () => {
    const image = failingImage({});
    const sound = createCore(failingImage({ rate: 0 }), { engine });
    const core = createCore(image, { engine });
    const index = (name: string): number => image.fields.findIndex((field) => field.name === name);
    const [shadow, v] = [index('ab.shadow'), index('b.v')];
    const expected = (field: number, values: ArrayLike<number>): number[] =>
      Array.from(values, (value, item) => held(image, at(image.fields, field), item, value));
    expect([...core.read(shadow)]).toEqual(expected(shadow, sound.read(shadow)));
    expect([...core.read(shadow)]).not.toEqual([...sound.read(shadow)]);
    const values = Array.from({ length: 9 }, (_, item) => 1000 * item - 4000);
    core.write(v, values);
    expect([...core.read(v)]).toEqual(expected(v, values));
    core.begin({ label: 0, learn: true, steps: 2 });
    const cleared = expected(v, new Array(9).fill(0));
    expect([...core.read(v)]).toEqual(cleared);
    // A spike adds weights, of a bank in which nothing fails, to what the potentials hold; learning adds these.
    const [weights, before] = [core.read(index('ab.weight')), core.read(shadow)];
    core.receive(0, [1]);
    core.step();
    const added = expected(
      v,
      cleared.map((value, item) => value + at(weights, 9 + item)),
    );
    expect([...core.read(v)]).toEqual(added);
    const learnt = [...before].map((value, item) =>
      Math.max(-32767, Math.min(32767, value + at(added, item % 9))),
    );
    expect([...core.read(shadow)]).toEqual(expected(shadow, learnt));
    core.restore(sound.save());
    expect([...core.read(shadow)]).toEqual(expected(shadow, sound.read(shadow)));
  });

  test('cells that flip change what loads give in a step, not what the bank holds', () => {
    const image = failingImage({ errors: 'fresh', banks: ['weight'], rate: 0.02 });
    const core = createCore(image, { engine });
    const weight = image.fields.findIndex(({ name }) => name === 'ab.weight');
    const { bank } = cellsOf(image, at(image.fields, weight), 0);
    const sound = core.read(weight);
    const { wordBits, usedWords } = at(image.banks, bank);
    const flippedIn = (draws: number): number[] =>
      flippedAfter({ seed: 7, rate: 0.02 }, 0, bank, wordBits * usedWords, draws);
    const expected = (draws: number): number[] => {
      const flipped = new Set(flippedIn(draws));
      return [...sound].map((value, item) =>
        flippedNumber(value, cellsOf(image, at(image.fields, weight), item).cells, flipped),
      );
    };
    core.begin({ label: 0, learn: false, steps: 2 });
    expect([...core.read(weight)]).toEqual(expected(1));
    core.step();
    expect([...core.read(weight)]).toEqual(expected(2));
    expect(expected(2)).not.toEqual(expected(1));
    const other = createCore(image, { engine: engine === 'fast' ? 'reference' : 'fast' });
    other.resume(core.checkpoint());
    expect([...other.read(weight)]).toEqual(expected(2));
    core.step();
    other.step();
    expect([...other.read(weight)]).toEqual(expected(3));
    expect(other.counters()).toEqual(core.counters());
    const items = image.fields.flatMap((field) =>
      field.faulty === true
        ? Array.from({ length: field.count }, (_, item) => cellsOf(image, field, item).cells)
        : [],
    );
    const used = new Set(items.flat());
    const met = [1, 2, 3].flatMap(flippedIn).filter((cell) => used.has(cell)).length;
    expect(core.counters().flips).toBe(met);
    // The bank itself is as it was.
    const held = new Memory(image, core.save().banks).access(image, at(image.fields, weight)).readAll();
    expect([...held]).toEqual([...sound]);
  });
});

test('a core generates no code for cells that do not fail', () => {
  const { faults: _faults, ...sound } = failingImage({ rate: 0 });
  expect(compileModule(failingImage({ rate: 0 })).bytes).toEqual(compileModule(sound).bytes);
  expect(compileModule(failingImage({})).bytes).not.toEqual(compileModule(sound).bytes);
});

test('a cell that is stuck at a rate is stuck at a higher one', () => {
  const counts = [0.01, 0.1, 0.3].map((rate) => countFailing(failingImage({ rate })));
  const image = failingImage({ rate: 0.3 });
  const shadow = at(
    image.fields,
    image.fields.findIndex(({ name }) => name === 'ab.shadow'),
  );
  const cells = Array.from({ length: shadow.count }, (_, item) => cellsOf(image, shadow, item)).flatMap(
    (item) => item.cells.map((cell) => plainHash(7, 17, 0, item.bank, 0, cell)),
  );
  for (const [index, rate] of [0.01, 0.1, 0.3].entries()) {
    const [ofShadow] = at(counts, index);
    expect(ofShadow).toEqual({
      bank: 'shadow',
      rate,
      cells: cells.length,
      stuck: cells.filter((hash) => hash < rate * 2 ** 32).length,
    });
  }
});
