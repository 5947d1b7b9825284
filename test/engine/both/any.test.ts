import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { imageOf } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

/** Eight 8-bit weights, all of them 10. A tick adds 1 to each if the step is not 0, else 3. */
const program = (columns: number): string => `format: plasticore/program/1
name: any
steps: 2
input: in
populations: {in: {size: 2}, b: {size: ${columns}, fields: {x: {kind: integer, bits: 8}}}}
projections: {p: {from: in, to: b, weights: none, fields: {w: {kind: integer, bits: 16}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: p, order: columns}], spike: {in: []}}
readout: b.x
`;

const microcode = (source: string): string => `kernel k over synapses
  ld  r4, ${source}
  any r8, r4
  sel r5, r8, 1, 3
  ld  r3, syn.w
  add r3, r3, r5
  st  r3, syn.w
end`;

describe.each(engineNames)('any on the %s engine', (name) => {
  // Nine columns are no whole tiles of four lanes: items one by one.
  it.each([8, 9])('takes a value that all items of a row share, over %i columns', (columns) => {
    const engine = start(name, imageOf(program(columns), microcode('host.step')));
    run(engine, [[], []]);
    // Step 0 adds 3, step 1 adds 1.
    expect(valuesIn(engine, 'p.w')).toEqual(Array(2 * columns).fill(4));
  });

  it.each([8, 9])('is set if any item of a tile is, over %i columns', (columns) => {
    const engine = start(name, imageOf(program(columns), microcode('post.x')));
    engine.write(
      engine.image.fields.findIndex((field) => field.name === 'b.x'),
      Array.from({ length: columns }, (_, column) => Number(column === 5)),
    );
    run(engine, [[], []]);
    // Only the tile of columns 4 to 7 has a value: twice 1 there, twice 3 elsewhere.
    const row = Array.from({ length: columns }, (_, column) => (column >= 4 && column < 8 ? 2 : 6));
    expect(valuesIn(engine, 'p.w')).toEqual([...row, ...row]);
  });
});
