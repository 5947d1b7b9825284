import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore, roundFloatCore } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

/*
 * reduce.max, with expectations by hand: rows of a population onto itself, with item j of field y in column j. The
 * largest of all is in the last column, the largest of open ones in column 3.
 */
const y = [-7, 12, -300, 90, 5, -1, 90, 8, 300];
const size = y.length;

const program = (field: string): string => `format: plasticore/program/1
name: largest
steps: 1
input: in
populations:
  in: {size: 1}
  p:
    size: ${size}
    fields:
      y: {kind: integer, bits: 16}
      g: {kind: flag}
      ${field}
projections: {self: {from: p, to: p}}
microcode: {rule: rule.uc}
events: {tick: [{run: gates, over: p}, {run: k, over: self}]}
readout: p.y
`;

/** The program itself lays y down, by selects. */
const values = y.map((value, index) => `  cmp.eq r2, r1, ${index}\n  sel    r0, r2, ${value}, r0`).join('\n');
const gates = (open: string): string => `kernel gates over neurons
  ldi    r0, 0
  ld     r1, self.index
${values}
  st     r0, self.y
${open}
  st     r3, self.g
end`;

const allOpen = '  cmp.ge r3, r1, 0';
const smallOpen = `  cmp.lt r3, r0, 100`;
const noneOpen = '  cmp.lt r3, r1, 0';
const kernel = (where: string): string => `kernel k over synapses${where}
  ld         r0, post.y
  reduce.max r0, pre.m
end`;

const lanes = (count: number, core = roundCore): string => edit(core, 'lanes: 4', `lanes: ${count}`);
const always = edit(roundCore, 'columnGate: skip-tile', 'columnGate: clock');

describe.each(engineNames)('the largest of a row on the %s engine', (name) => {
  const largest = (field: string, open: string, where: string, core: string): readonly number[] => {
    const engine = start(name, imageOf(program(field), `${gates(open)}\n${kernel(where)}`, core));
    run(engine);
    return valuesIn(engine, 'p.m');
  };
  const same = (value: number): number[] => Array(size).fill(value);
  const wide = 'm: {kind: integer, bits: 12}';

  // Nine columns are tiles of four, two, sixteen; the last one has a single item.
  it.each([4, 2, 16, 1])('is that of all columns (%i lanes)', (count) => {
    expect(largest(wide, allOpen, '', lanes(count))).toEqual(same(300));
  });

  it.each([4, 2, 16])('is that of the columns whose gate is open (%i lanes)', (count) => {
    expect(largest(wide, smallOpen, ' where post.g', lanes(count))).toEqual(same(90));
  });

  it('saturates to the field, signed and unsigned', () => {
    expect(largest('m: {kind: integer, bits: 8}', allOpen, '', roundCore)).toEqual(same(127));
    expect(largest('m: {kind: integer, bits: 8, signed: false}', allOpen, '', roundCore)).toEqual(same(255));
  });

  it('is the lowest number of the field where a row is visited without an active column', () => {
    expect(largest(wide, noneOpen, ' where post.g', always)).toEqual(same(-(2 ** 11)));
    const unsigned = 'm: {kind: integer, bits: 8, signed: false, initial: {uniform: [3, 3]}}';
    expect(largest(unsigned, noneOpen, ' where post.g', always)).toEqual(same(0));
    // -2^31 has zeros in all bits but the highest.
    const wrapping = 'm: {kind: integer, bits: 8, overflow: wrap, initial: {uniform: [3, 3]}}';
    expect(largest(wrapping, noneOpen, ' where post.g', always)).toEqual(same(0));
  });

  it('is left as it was where no tile of the row is visited', () => {
    const field = 'm: {kind: integer, bits: 8, initial: {uniform: [3, 3]}}';
    expect(largest(field, noneOpen, ' where post.g', roundCore)).toEqual(same(3));
  });

  it.each([16, 4, 3])('is found among floats (%i lanes)', (count) => {
    const field = 'm: {bits: 16}';
    const engine = start(
      name,
      imageOf(
        program(field).replace('y: {kind: integer, ', 'y: {'),
        `${gates(allOpen)}\n${kernel('')}`,
        lanes(count, roundFloatCore),
      ),
    );
    run(engine);
    expect(valuesIn(engine, 'p.m')).toEqual(same(300));
  });
});
