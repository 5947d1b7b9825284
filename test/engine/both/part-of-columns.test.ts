import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, indexOfField, roundCore } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

const columns = 33;
const sixteenLanes = edit(roundCore, 'lanes: 4', 'lanes: 16');

const program = (limit: number): string => `format: plasticore/program/1
name: part
steps: 1
input: in
populations: {in: {size: 2}, b: {size: ${columns}, fields: {x: {kind: integer, bits: 16}}}}
projections: {p: {from: in, to: b}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: k, over: p, columns: ${limit}}]}}
readout: b.x
`;

const microcode = `kernel k over row
  ld  r0, post.index
  ld  r1, post.x
  add r1, r1, r0
  add r1, r1, 1
  st  r1, post.x
end`;

describe.each(engineNames)('the %s engine', (name) => {
  it('leaves them where a gate holds for them too', () => {
    const gated = microcode
      .replace('over row', 'over row where post.g')
      .replace('ld  r0, post.index', 'ld  r0, post.g');
    const text = program(6).replace(
      'x: {kind: integer, bits: 16}',
      'x: {kind: integer, bits: 16}, g: {kind: integer, bits: 16}',
    );
    // What is added is zero with the gate: the fast engine then needs no mask, but for the columns behind.
    const image = imageOf(text, gated.replace('  add r1, r1, 1\n', ''), sixteenLanes);
    const engine = start(name, image);
    engine.write(indexOfField(image, 'b.g'), Array(columns).fill(3));
    run(engine, [[0, 1]]);
    expect(valuesIn(engine, 'b.x')).toEqual([...Array(6).fill(6), ...Array(columns - 6).fill(0)]);
  });

  // 6 columns are less than a tile of 16 lanes, 16 are a tile, 22 a tile and a part of the next, 33 are all.
  it.each([6, 16, 22, 32, 33])(
    'leaves the columns behind the first %i of a row that spikes run as they are',
    (limit) => {
      const engine = start(name, imageOf(program(limit), microcode, sixteenLanes));
      run(engine, [[0, 1]]);
      const expected = Array.from({ length: columns }, (_, column) =>
        column < limit ? 2 * (column + 1) : 0,
      );
      expect(valuesIn(engine, 'b.x')).toEqual(expected);
    },
  );
});
