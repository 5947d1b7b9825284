import { describe, expect, test } from 'vitest';
import { edit, failure, load, placeOf, tiny } from './tiny.ts';

const source = {
  name: 'paper',
  cite: 'A paper',
  kind: 'measured',
  checked: 'primary',
  interval: { low: 1, high: 1 },
};
const unitSources = { energyPj: source, areaUm2: source };
const bankSources = { readPj: source, writePj: source, leakUw: source, areaUm2: source };

test('a model is resolved: banks are listed with their names, sources are filled in', () => {
  expect(load(tiny)).toEqual({
    name: 'tiny',
    description: 'two lanes',
    technologyNm: 28,
    supplyV: 0.9,
    clockMhz: 100,
    arithmetic: 'integer',
    baseline: undefined,
    like: undefined,
    lanes: 2,
    datapathBits: 16,
    precision: { weightBits: [4, 8], shadowBits: [8, 16], accumulatorBits: [16] },
    inferenceWeights: 'stored',
    align: 'items',
    sequencer: 'microcode',
    columnGate: 'clock',
    controller: undefined,
    kernels: {},
    otherKernels: {},
    registers: undefined,
    fetch: undefined,
    generators: [],
    clockPower: undefined,
    operations: {
      integer: {
        add: { unitsPerLane: 3, energyPj: { 8: 1, 16: 2 }, areaUm2: 10, sources: unitSources },
        move: { unitsPerLane: 1, energyPj: { 16: 1 }, areaUm2: 5, sources: unitSources },
      },
      float32: {},
    },
    banks: [
      {
        name: 'synapses',
        capacityBits: 1024,
        wordBits: 32,
        ports: { shared: 1 },
        bitMask: false,
        readPj: 3,
        writePj: 4,
        leakUw: 1,
        areaUm2: 700,
        accessNs: undefined,
        sources: bankSources,
      },
      {
        name: 'neurons',
        capacityBits: 512,
        wordBits: 16,
        ports: { read: 1, write: 2 },
        bitMask: true,
        readPj: 1,
        writePj: 2,
        leakUw: 0,
        areaUm2: 300,
        accessNs: undefined,
        sources: bankSources,
      },
    ],
    placement: { weight: 'synapses', shadow: 'synapses', state: 'neurons' },
    router: {
      fifoDepth: 8,
      whenFull: 'drop',
      pushPj: 1,
      popPj: 2,
      areaUm2: 40,
      sources: { pushPj: source, popPj: source, areaUm2: source },
    },
    overheads: { fillCycles: 0, kernelCycles: 1, rowCycles: 2, eventCycles: 3, source },
    staticPower: { powerUw: 9, source },
    control: { areaUm2: 50, energyPj: 0, sources: { areaUm2: source, energyPj: source } },
    figures: { kinds: { paper: 'measured' }, intervals: { paper: { low: 1, high: 1 } } },
    otherShapes: [],
    clockRemarks: [],
  });
});

const removal = 'a file that extends another removes an entry by setting it to null';

/** What is replaced, by what, where the fault is then found (the text there), the message; the code if another. */
const faults: [string, string, string, string, string?][] = [
  ['lanes: 2', 'lames: 2', 'lames', "unknown key 'lames'; did you mean 'lanes'?", 'unknown-key'],
  [
    'unitsPerLane: 3',
    'unitPerLane: 3',
    'unitPerLane',
    "unknown key 'unitPerLane'; did you mean 'unitsPerLane'?",
    'unknown-key',
  ],
  ['leakUw: 1', 'leakUW: 1', 'leakUW', "unknown key 'leakUW'; did you mean 'leakUw'?", 'unknown-key'],
  ['    move:', '    mov:', 'mov:', "unknown key 'mov'; did you mean 'move'?", 'unknown-key'],
  [
    'hw-model/1',
    'hw-model/3',
    'plasticore/hw-model/3',
    "format: 'plasticore/hw-model/3' is newer than this release reads ('plasticore/hw-model/1'); it needs plasticore 3.0 or later",
  ],
  [
    'hw-model/1',
    'program/1',
    'plasticore/program/1',
    "format: this is a program ('plasticore/program/1'); an hw-model is expected here",
  ],
  ['name: tiny\n', '', 'format:', 'name: missing: expected a name'],
  [
    'clockMhz: 100',
    'clockMhz: fast',
    'fast',
    "clockMhz: expected a frequency in MHz (a number above 0), found 'fast'",
  ],
  [
    'clockMhz: 100',
    'clockMhz: 0',
    '0\narithmetic',
    'clockMhz: expected a frequency in MHz (a number above 0), found 0',
  ],
  ['supplyV: 0.9', 'supplyV:', '\nclockMhz', 'supplyV: expected a voltage (a number above 0), found nothing'],
  [
    'arithmetic: integer',
    'arithmetic: bfloat16',
    'bfloat16',
    "arithmetic: expected integer or float32, found 'bfloat16'",
  ],
  [
    'kind: measured',
    'kind: guessed',
    'guessed',
    "sources.paper.kind: expected measured, simulated, synthesised, fitted or derived, found 'guessed'",
  ],
  [
    'lanes: 2',
    'lanes: 1025',
    '1025',
    'lanes: expected a number of lanes (a whole number, 1 to 1024), found 1025',
  ],
  [
    'lanes: 2',
    'lanes: 1.5',
    '1.5',
    'lanes: expected a number of lanes (a whole number, 1 to 1024), found 1.5',
  ],
  [
    'fifoDepth: 8',
    'fifoDepth: 1000000000',
    '1000000000',
    'router.fifoDepth: expected a number of events (a whole number, 1 to 1048576), found 1000000000',
  ],
  [
    'datapathBits: 16',
    'datapathBits: 33',
    '33',
    'datapathBits: expected a width in bits (a whole number, 8 to 32), found 33',
  ],
  [
    'datapathBits: 16',
    'datapathBits: 7',
    '7\nprecision',
    'datapathBits: expected a width in bits (a whole number, 8 to 32), found 7',
  ],
  [
    'weightBits: [4, 8]',
    'weightBits: [4, 0]',
    '0]',
    'precision.weightBits.1: expected a width in bits (a whole number, 1 to 32), found 0',
  ],
  [
    'weightBits: [4, 8]',
    'weightBits: 9',
    '9\n  shadowBits',
    'precision.weightBits: expected a list of widths in bits, such as [8, 16], found 9',
  ],
  [
    'weightBits: [4, 8]',
    'weightBits: []',
    '[]',
    'precision.weightBits: expected a list of widths in bits, such as [8, 16], found a list of 0',
  ],
  ['weightBits: [4, 8]', 'weightBits: [4, 4]', '4]', 'precision.weightBits.1: 4 is listed twice'],
  [
    'accumulatorBits: [16]',
    'accumulatorBits: [24]',
    '24]',
    'precision.accumulatorBits.0: 24 bits do not fit the datapath of 16',
  ],
  [
    'energyPj: {8: 1, 16: 2}',
    'energyPj: {}',
    '{}',
    'operations.integer.add.energyPj: expected at least one width, found none',
  ],
  [
    'energyPj: {8: 1, 16: 2}',
    'energyPj: {8: 3, 16: 2}',
    '2}, areaUm2: 10',
    'operations.integer.add.energyPj.16: expected at least the 3 pJ of 8 bits, found 2 pJ',
  ],
  [
    'energyPj: {8: 1, 16: 2}',
    'energyPj: {8: 1}',
    '{8: 1}',
    'operations.integer.add.energyPj: expected an energy for 16 bits, found none above 8',
  ],
  [
    'energyPj: {8: 1, 16: 2}',
    'energyPj: {8: -1, 16: 2}',
    '-1',
    'operations.integer.add.energyPj.8: expected an energy in pJ (a number, at least 0), found -1',
  ],
  [
    'energyPj: {8: 1, 16: 2}',
    'energyPj: {byte: 1, 16: 2}',
    '1, 16: 2}',
    'operations.integer.add.energyPj.byte: expected a width in bits (1 to 64) as the key',
  ],
  [
    'energyPj: {8: 1, 16: 2}',
    'energyPj: 2',
    '2, areaUm2: 10',
    'operations.integer.add.energyPj: expected a table from operand width in bits to energy in pJ, such as {8: 0.03, 16: 0.05}, or auto, found 2',
  ],
  [
    'areaUm2: 10, source: paper',
    'areaUm2: 10, source: papers',
    'papers',
    "operations.integer.add.source: there is no source 'papers'; did you mean 'paper'?",
  ],
  [
    'powerUw: 9, source: paper',
    'powerUw: 9, source: thesis',
    'thesis',
    "staticPower.source: there is no source 'thesis'; known: paper",
  ],
  [
    'powerUw: 9, source: paper',
    'powerUw: 9',
    '{powerUw',
    "staticPower.source: missing: expected the name of an entry of 'sources'",
  ],
  [
    'powerUw: 9',
    'powerUw: -9',
    '-9',
    'staticPower.powerUw: expected a power in uW (a number, at least 0), found -9',
  ],
  [
    'state: neurons',
    'state: neuron',
    'neuron}',
    "placement.state: there is no bank 'neuron'; did you mean 'neurons'?",
  ],
  [
    'wordBits: 32',
    'wordBits: 0',
    '0, ports',
    'banks.synapses.wordBits: expected a width in bits (a whole number, at least 1), found 0',
  ],
  [
    'capacityBits: 1024',
    'capacityBits: 1000',
    '1000',
    "banks.synapses.capacityBits: expected a multiple of the word's 32 bits, found 1000",
  ],
  [
    '{shared: 1}',
    '{shared: 1, read: 1}',
    '{shared: 1, read: 1}',
    `banks.synapses.ports: expected either read and write, or shared, found read and shared; ${removal}`,
  ],
  [
    '{shared: 1}',
    '{write: 1}',
    '{write: 1}',
    `banks.synapses.ports: expected either read and write, or shared, found write; ${removal}`,
  ],
  [
    '{shared: 1}',
    '{}',
    '{}',
    `banks.synapses.ports: expected either read and write, or shared, found none; ${removal}`,
  ],
  [
    'bitMask: false',
    'bitMask: no',
    'no, readPj',
    "banks.synapses.bitMask: expected true or false, found 'no'",
  ],
  [
    'readPj: 3, ',
    '',
    '{capacityBits: 1024',
    "banks.synapses.readPj: missing: expected the bank's costs, or 'macros'",
  ],
  [
    'readPj: 3, ',
    'readPj: 3, macros: sram.csv, ',
    '3, macros',
    `banks.synapses.readPj: 'macros' gives the costs of this bank, so 'readPj' must not be given as well; ${removal}`,
  ],
  [
    '  neurons: {',
    '  2nd: {',
    '{capacityBits: 512',
    'banks.2nd: expected a name of letters, digits, - and _ that starts with a letter; at most 100',
  ],
  ['banks:\n', 'banks: 7\nextra:\n', '7\nextra', 'banks: expected a mapping, found 7'],
  ['lanes: 2\n', 'lanes: 2\nextra:\n', 'extra', "^unknown key 'extra'; known: ", 'unknown-key'],
  ['whenFull: drop', 'whenFull: wait', 'wait', "router.whenFull: expected drop or stall, found 'wait'"],
  [
    'rowCycles: 2',
    'rowCycles: -2',
    '-2',
    'overheads.rowCycles: expected a number of cycles (a whole number, 0 to 65536), found -2',
  ],
  ['control: {areaUm2: 50, source: paper}\n', '', 'format:', 'control: missing: expected a mapping'],
  [
    'control: {areaUm2: 50, source: paper}\n',
    'control: 50\n',
    '50\n',
    'control: expected a mapping, found 50',
  ],
  [
    'lanes: 2',
    'lanes: 2\nlike: mp8-4',
    'mp8-4',
    'like: only a model whose arithmetic is float32 has nominal widths',
  ],
  [
    tiny.slice(tiny.indexOf('  integer:'), tiny.indexOf('banks:')),
    '  {}\n',
    '{}',
    'operations.integer: missing: arithmetic is integer',
  ],
];

describe('each fault is found at its place', () => {
  test.each(faults)('%j -> %j', (part, replacement, at, message, code = 'invalid-value') => {
    const text = edit(tiny, part, replacement);
    const error = failure(() => load(text));
    if (message.startsWith('^')) expect(error.message).toMatch(new RegExp(message));
    else expect(error.message).toBe(message);
    expect(error.code).toBe(code);
    expect({ file: error.file, line: error.line, column: error.column }).toEqual({
      file: 'model.yaml',
      ...placeOf(text, at),
    });
  });

  test('all of them are reported, in the order of the file, each value once', () => {
    const text = edit(edit(tiny, 'lanes: 2', 'lanes: 0\nlans: 3'), 'clockMhz: 100', 'clockMhz: -1');
    const fault = failure(() => load(text));
    expect([fault, ...fault.others].map(({ message }) => message)).toEqual([
      'clockMhz: expected a frequency in MHz (a number above 0), found -1',
      'lanes: expected a number of lanes (a whole number, 1 to 1024), found 0',
      expect.stringContaining("unknown key 'lans'; did you mean 'lanes'?"),
    ]);
  });

  test('a file that is not a mapping', () => {
    expect(failure(() => load('- lanes\n')).describe()).toBe(
      'model.yaml:1:1: expected a mapping, found a list of 1',
    );
    expect(failure(() => load('')).message).toBe('expected a mapping, found nothing');
  });
});

describe('a float32 model', () => {
  const unit = (name: string) =>
    `    ${name}: {unitsPerLane: 1, energyPj: {32: 1}, areaUm2: 1, source: paper}\n`;
  const float32 = edit(
    edit(tiny, 'arithmetic: integer', 'arithmetic: float32\nlike: mp16-8'),
    'banks:\n',
    `  float32:\n${['add', 'multiply', 'shift', 'compare', 'move'].map(unit).join('')}banks:\n`,
  );

  test('has float32 operations beside its integer ones', () => {
    const model = load(float32);
    expect(model.like).toBe('mp16-8');
    expect(Object.keys(model.operations.float32).sort()).toEqual([
      'add',
      'compare',
      'move',
      'multiply',
      'shift',
    ]);
    expect(model.operations.float32.shift?.energyPj).toEqual({ 32: 1 });
    expect(Object.keys(model.operations.integer)).toEqual(['move', 'add']);
  });

  test.each(['add', 'multiply', 'shift', 'compare', 'move'])('needs %s', (name) => {
    const text = edit(float32, unit(name), '');
    const error = failure(() => load(text));
    expect(error.message).toBe(`operations.float32.${name}: missing: arithmetic is float32`);
    // At the mapping that lacks it, which begins with its first key.
    const first = name === 'add' ? 'multiply:' : '    add: {unitsPerLane: 1';
    const { line } = placeOf(text, first);
    expect({ line: error.line, column: error.column }).toEqual({ line, column: 5 });
  });

  test.each([
    [
      'like: mp16-8\n',
      '',
      'format:',
      "like: missing: a model whose arithmetic is float32 names a precision, such as 'mp16-8'",
    ],
    [
      'like: mp16-8',
      'like: 16-8',
      '16-8',
      "like: expected a precision such as 'mp16-8' (shadow width, inference width), found '16-8'",
    ],
    ['like: mp16-8', 'like: mp32-8', 'mp32-8', "like: 'mp32-8': precision.shadowBits offers 8, 16, not 32"],
    ['like: mp16-8', 'like: mp16-6', 'mp16-6', "like: 'mp16-6': precision.weightBits offers 4, 8, not 6"],
    [
      'like: mp16-8',
      'like: mp16-8\nbaseline: fp32',
      'fp32',
      `baseline: a model whose arithmetic is float32 has no baseline; ${removal}`,
    ],
  ])('%j -> %j', (part, replacement, at, message) => {
    const text = edit(float32, part, replacement);
    const error = failure(() => load(text));
    expect(error.message).toBe(message);
    expect({ line: error.line, column: error.column }).toEqual(placeOf(text, at));
  });

  test('like: an inference weight is not wider than its shadow weight', () => {
    const text = edit(edit(float32, 'weightBits: [4, 8]', 'weightBits: [4, 8, 16]'), 'mp16-8', 'mp8-16');
    expect(failure(() => load(text)).message).toBe(
      "like: 'mp8-16': an inference weight is cut from its shadow weight and cannot be wider",
    );
  });

  test('an energy of 32 bits is needed whatever the integer datapath', () => {
    const text = edit(float32, unit('shift'), unit('shift').replace('32', '16'));
    expect(failure(() => load(text)).message).toBe(
      'operations.float32.shift.energyPj: expected an energy for 32 bits, found none above 16',
    );
  });
});
