import { describe, expect, test } from 'vitest';
import { bundledNames, findFile } from '../../src/fs/index.ts';
import { describeOtherShapes, loadHwModel } from '../../src/hardware/index.ts';
import type { Override } from '../../src/text/index.ts';
import { failure, files, load, tiny } from './tiny.ts';

const others = { 'tiny.yaml': tiny };
const child = (changes: string) => `format: plasticore/hw-model/1
extends: tiny.yaml
name: child
${changes}
`;
const marksOf = (changes: string) => describeOtherShapes(load(child(changes), others).otherShapes);
const overridden = (path: string, value: unknown) => {
  const override: Override = { path: path.split('.'), value, place: { file: `--set hw.${path}` } };
  return loadHwModel(tiny, 'model.yaml', files({}), [override]);
};

describe('figures stated for another shape', () => {
  test('are the costs that a bank inherits while its capacity changes; its leakage of 0 holds for any', () => {
    expect(marksOf('banks: {neurons: {capacityBits: 1024}}')).toEqual([
      'readPj, writePj of banks.neurons: stated for 512 bits, used with 1024 bits',
      'areaUm2 of banks.neurons: stated for 512 bits, used with 1024 bits',
    ]);
  });

  test('are only those that are not stated anew', () => {
    const anew = 'readPj: 1, writePj: 2, areaUm2: 600';
    expect(marksOf(`banks: {neurons: {capacityBits: 1024, ${anew}}}`)).toEqual([]);
    expect(marksOf('banks: {neurons: {wordBits: 32, readPj: 2, areaUm2: 300}}')).toEqual([
      'writePj of banks.neurons: stated for words of 16 bits, used with words of 32 bits',
    ]);
  });

  test('are named together where node, supply or lanes change under all of them', () => {
    expect(marksOf('supplyV: 0.8')).toEqual([
      'energies of banks.synapses, banks.neurons, operations.integer.move, operations.integer.add, router, staticPower: stated for 0.9 V, used with 0.8 V',
    ]);
    expect(marksOf('lanes: 4')).toEqual(['powerUw of staticPower: stated for 2 lanes, used with 4 lanes']);
  });

  test('are the area of the registers of a lane where their number changes', () => {
    const registers = 'registers: {perLane: 4, energyPj: {16: 1}, areaUm2: 80, source: paper}\n';
    const own = { 'tiny.yaml': `${tiny}${registers}` };
    const marks = load(child('registers: {perLane: 8}'), own).otherShapes;
    expect(describeOtherShapes(marks)).toEqual([
      'areaUm2 of registers: stated for 4 registers a lane, used with 8 registers a lane',
    ]);
  });

  test('arise from --set and --vary as from a file, for ports too', () => {
    const { banks, router, otherShapes } = overridden('banks.neurons.ports.write', 1);
    expect(describeOtherShapes(otherShapes)[0]).toBe(
      'readPj, writePj of banks.neurons: stated for 1 read and 2 write ports, used with 1 read and 1 write ports',
    );
    expect(banks.map(({ sources }) => sources.readPj.kind)).toEqual(['measured', 'stated for another shape']);
    expect(router.sources.pushPj.kind).toBe('measured');
    expect(overridden('banks.neurons.readPj', 3).otherShapes).toEqual([]);
    expect(overridden('clockMhz', 50).otherShapes).toEqual([]);
  });

  test('a file in the middle of a chain states for its own shape', () => {
    const middle = child('lanes: 4\nstaticPower: {powerUw: 18}');
    const top = child('').replace('tiny.yaml', 'middle.yaml');
    const chain = { ...others, 'middle.yaml': middle };
    expect(load(top, chain).otherShapes).toEqual([]);
    expect(describeOtherShapes(load(`${top}lanes: 8\n`, chain).otherShapes)).toEqual([
      'powerUw of staticPower: stated for 4 lanes, used with 8 lanes',
    ]);
  });

  test('at another node, are those that the reference core states: its control, beside what is estimated', () => {
    const { text, file } = findFile('hw-model', 'reference', '');
    const node: Override = { path: ['technologyNm'], value: 22, place: { file: '--set hw.technologyNm' } };
    const resolve = (reference: string, from: string) => findFile('hw-model', reference, from);
    const [stated, small] = [[], [node]].map((settings) => loadHwModel(text, file, resolve, settings));
    // ODIN's, at 28 nm: nothing says how it follows the node, so that it stays and is marked.
    expect(small?.control.areaUm2).toBe(stated?.control.areaUm2);
    expect(describeOtherShapes(small?.otherShapes ?? [])).toEqual([
      'areaUm2 of control: stated for 28 nm, used with 22 nm',
    ]);
  });

  test.each(bundledNames('hw-model'))('are none in the bundled %s', (name) => {
    const { text, file } = findFile('hw-model', name, '');
    const model = loadHwModel(text, file, (reference, from) => findFile('hw-model', reference, from));
    expect(model.otherShapes).toEqual([]);
  });
});

test('figures beyond any core are refused, with their bounds', () => {
  expect(failure(() => overridden('clockMhz', 1e300)).message).toBe(
    'expected a frequency in MHz (a number, 0.001 to 100 000), found 1e+300',
  );
  expect(failure(() => overridden('banks.neurons.readPj', 1e30)).message).toBe(
    'expected an energy in pJ (a number, 0 to 1 000 000 000), found 1e+30',
  );
});

test('a stated kernel without figures is refused; 0 says that another figure contains it', () => {
  expect(failure(() => overridden('kernels', { integrate: { source: 'paper' } })).message).toBe(
    'integrate: states no cycles: expected cyclesPerItem or cyclesPerTile, 0 if another figure contains it, found neither',
  );
  const cycles = { cyclesPerTile: 2, source: 'paper' };
  expect(failure(() => overridden('kernels', { integrate: cycles })).message).toContain('states no energy');
  const whole = { ...cycles, energyPjPerItem: 0 };
  expect(overridden('kernels', { integrate: whole }).kernels.integrate?.energyPjPerItem).toBe(0);
});

test('no precision is left where shadow weights are narrower than weights, and no word holds a weight', () => {
  const text = tiny.replace('shadowBits: [8, 16]', 'shadowBits: [2]').replace('wordBits: 32', 'wordBits: 4');
  const fault = failure(() => loadHwModel(text, 'model.yaml', files({})));
  // All of them in one run, in the order of the file.
  expect([fault, ...fault.others].map(({ message, line }) => [line, message])).toEqual([
    [11, 'precision.weightBits.0: a weight of 4 bits is wider than every shadow weight (2)'],
    [11, 'precision.weightBits.1: a weight of 8 bits is wider than every shadow weight (2)'],
    [12, 'precision.shadowBits.0: a shadow weight of 2 bits is narrower than every weight (4, 8)'],
    [23, 'banks.synapses.wordBits: expected at least the 8 bits of a weight, found 4'],
  ]);
});
