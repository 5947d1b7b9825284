import { describe, expect, test } from 'vitest';
import type { Source } from '../../src/hardware/index.ts';
import { edit, failure, load, placeOf, tiny } from './tiny.ts';

const child = `format: plasticore/hw-model/1
extends: tiny.yaml
name: child
`;
const others = { 'tiny.yaml': tiny };

const memo = {
  name: 'memo',
  cite: 'A memo',
  kind: 'derived',
  checked: 'memory',
  interval: { low: 1, high: 1 },
} as const;
/** The source of a figure that is used with another shape. */
const ofOtherShape = (source: Source | undefined) => ({
  ...source,
  name: 'paper (stated for another shape)',
  kind: 'stated for another shape',
});

test('mappings merge key by key, scalars and lists are replaced, the rest is inherited', () => {
  const model = load(
    `${child}lanes: 4
precision: {weightBits: [2]}
sources: {memo: {cite: A memo, kind: derived, checked: memory}}
operations: {integer: {add: {energyPj: {8: 0.5}, source: memo}}}
banks: {neurons: {capacityBits: 1024}}
`,
    others,
  );
  const base = load(tiny);
  expect(model).toEqual({
    ...base,
    name: 'child',
    lanes: 4,
    precision: { ...base.precision, weightBits: [2] },
    operations: {
      ...base.operations,
      integer: {
        ...base.operations.integer,
        add: {
          unitsPerLane: 3,
          energyPj: { 8: 0.5, 16: 2 },
          areaUm2: 10,
          sources: { energyPj: memo, areaUm2: memo },
        },
      },
    },
    // What is inherited was stated for two lanes, and for a bank of 512 bits.
    banks: [
      base.banks[0],
      {
        ...base.banks[1],
        capacityBits: 1024,
        sources: {
          readPj: ofOtherShape(base.banks[1]?.sources.readPj),
          writePj: ofOtherShape(base.banks[1]?.sources.writePj),
          leakUw: ofOtherShape(base.banks[1]?.sources.leakUw),
          areaUm2: base.banks[1]?.sources.areaUm2,
        },
      },
    ],
    staticPower: {
      ...base.staticPower,
      source: ofOtherShape(base.staticPower.source),
    },
    figures: model.figures,
    otherShapes: model.otherShapes,
    clockRemarks: model.clockRemarks,
  });
  expect(model.figures).toEqual({
    kinds: {
      paper: 'measured',
      memo: 'derived',
      'paper (stated for another shape)': 'stated for another shape',
    },
    intervals: {
      paper: { low: 1, high: 1 },
      memo: { low: 1, high: 1 },
      'paper (stated for another shape)': { low: 1, high: 1 },
    },
  });
  expect(model.otherShapes.map(({ entry }) => entry)).toEqual([
    'banks.neurons',
    'banks.neurons',
    'staticPower',
  ]);
});

test('null removes an entry', () => {
  const ports = 'banks: {neurons: {ports: {read: null, write: null, shared: 2}}}';
  expect(load(`${child}${ports}\n`, others).banks[1]?.ports).toEqual({ shared: 2 });
  const one = 'banks: {neurons: null}\nplacement: {state: synapses}\n';
  expect(load(`${child}${one}`, others).banks.map((bank) => bank.name)).toEqual(['synapses']);
});

test('a chain of three', () => {
  const grandchild = child.replace('tiny.yaml', 'child.yaml').replace('name: child', 'name: grandchild');
  const model = load(`${grandchild}lanes: 8\n`, {
    ...others,
    'child.yaml': `${child}lanes: 4\nclockMhz: 50\nbaseline: other\n`,
  });
  expect(model).toMatchObject({
    name: 'grandchild',
    lanes: 8,
    clockMhz: 50,
    baseline: 'other',
    supplyV: 0.9,
  });
});

test('a name is not inherited', () => {
  const text = edit(child, 'name: child\n', '');
  expect(failure(() => load(text, others)).describe()).toBe('model.yaml:1:1: name: missing: expected a name');
});

test('what it extends is resolved from the file that says so', () => {
  const error = failure(() => load(edit(child, 'tiny.yaml', 'tinny.yaml'), others));
  expect(error.describe()).toBe("model.yaml:2:10: there is no file 'tinny.yaml'");
});

describe('each fault is found in the file that states it', () => {
  const fault = (own: string, base = tiny) => {
    const text = `${child}${own}`;
    const error = failure(() => load(text, { 'tiny.yaml': base }));
    const { message, others, file, line, column } = error;
    return { text, message, others, place: [file, line, column] };
  };
  const at = (file: string, text: string, part: string) => {
    const { line, column } = placeOf(text, part);
    return [file, line, column];
  };

  test('an unknown key of the extending file', () => {
    const { text, message, place } = fault('router:\n  fifoDept: 3\n');
    expect(message).toBe("unknown key 'fifoDept'; did you mean 'fifoDepth'?");
    expect(place).toEqual(at('model.yaml', text, 'fifoDept'));
  });

  test('an unknown key of the extended file, though the extending one has a fault too', () => {
    const base = edit(tiny, 'fifoDepth: 8', 'fifoDepth: 8, depth: 8');
    const { text, message, place, others } = fault('router: {fifoDepth: 0}\n', base);
    expect(message).toMatch(/^router.fifoDepth: expected a number of events /);
    expect(place).toEqual(at('model.yaml', text, '0}'));
    expect(others).toMatchObject([{ message: expect.stringMatching(/^unknown key 'depth'; /) }]);
    expect(others.map(({ file, line, column }) => [file, line, column])).toEqual([
      at('tiny.yaml', base, 'depth: 8'),
    ]);
  });

  test('a value of the extending file', () => {
    const { text, message, place } = fault('banks:\n  neurons: {wordBits: none}\n');
    expect(message).toMatch(/^banks.neurons.wordBits: expected a width in bits/);
    expect(place).toEqual(at('model.yaml', text, 'none'));
  });

  test('a value of the extended file', () => {
    const base = edit(tiny, 'capacityBits: 512', 'capacityBits: half');
    const { message, place } = fault('banks: {neurons: {wordBits: 8}}\n', base);
    expect(message).toMatch(/^banks.neurons.capacityBits: expected a capacity in bits/);
    expect(place).toEqual(at('tiny.yaml', base, 'half'));
  });

  test('a value that another file made wrong', () => {
    const { message, place } = fault('banks: {neurons: null}\n');
    expect(message).toBe("placement.state: there is no bank 'neurons'; known: synapses");
    expect(place).toEqual(at('tiny.yaml', tiny, 'neurons}'));
  });

  test('a table by width', () => {
    const { text, message, place } = fault('operations: {integer: {add: {energyPj: {16: 0.25}}}}\n');
    expect(message).toBe(
      'operations.integer.add.energyPj.16: expected at least the 1 pJ of 8 bits, found 0.25 pJ',
    );
    expect(place).toEqual(at('model.yaml', text, '0.25'));
  });

  test('something removed that is needed', () => {
    const { text, message, place } = fault('router: null\n');
    expect(message).toBe('router: missing: expected a mapping');
    expect(place).toEqual(at('model.yaml', text, 'null'));
  });

  test('something removed that is not there', () => {
    const text = `${child}banks: {neuron: null}\n`;
    const error = failure(() => load(text, others));
    expect(error.message).toBe(
      'banks.neuron: null removes an entry, but the extended file has no such entry',
    );
    expect(error.hint).toBe("did you mean 'neurons'?");
    expect([error.file, error.line, error.column]).toEqual(at('model.yaml', text, 'null'));
  });

  test('a fault of the YAML, of the format', () => {
    expect(fault('', 'lanes: [').place).toEqual(['tiny.yaml', 1, 9]);
    const { message, place } = fault('', edit(tiny, 'hw-model/1', 'hw-model/2'));
    expect(message).toMatch(/needs plasticore 2.0 or later/);
    expect(place).toEqual(['tiny.yaml', 1, 9]);
  });
});

test('files that extend each other', () => {
  const text = (name: string, base: string) =>
    `format: plasticore/hw-model/1\nname: ${name}\nextends: ${base}\n`;
  const error = failure(() =>
    load(text('a', 'b.yaml'), { 'b.yaml': text('b', 'model.yaml'), 'model.yaml': text('a', 'b.yaml') }),
  );
  expect(error.describe()).toBe(
    'b.yaml:3:10: extends: a file cannot extend itself: model.yaml extends b.yaml extends model.yaml',
  );
});

test('a setting chooses what a file extends', () => {
  const other = edit(tiny, 'lanes: 2', 'lanes: 3');
  const files = { ...others, 'other.yaml': other };
  const setting = (name: string) => [{ path: ['extends'], value: name, place: { file: '--set hw.extends' } }];
  expect(load(child, files).lanes).toBe(2);
  expect(load(child, files, setting('other.yaml')).lanes).toBe(3);
  // A file that extends none, too: its own keys stay.
  const alone = load(edit(tiny, 'name: tiny', 'name: alone'), files, setting('other.yaml'));
  expect([alone.name, alone.lanes]).toEqual(['alone', 2]);
  const error = failure(() => load(child, files, setting('none.yaml')));
  expect(error.file).toBe('--set hw.extends');
});
