import { describe, expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { bitsFrom } from '../../../src/random/index.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

/*
 * If a kernel draws twice from one declared generator, it keeps the first words of all of a tile's lanes while it draws
 * the second ones, at any position in the generator's sequence.
 */
const recurrence = { near: 9, far: 21 };
const bitsPerAdvance = 640;
const core = `${roundCore}\ngenerators:\n  g: {recurrence: [9, 21], bitsPerAdvance: ${bitsPerAdvance}, wordBits: 32, lanes: 4}\n`;
const steps = 60;

const program = (columns: number): string => `format: plasticore/program/1
name: twice
steps: ${steps}
input: in
populations: {in: {size: 1}, b: {size: ${columns}, fields: {x: {kind: integer, bits: 16}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: b}]}
readout: b.x
`;

const microcode = `kernel k over neurons
  draw r0, g
  draw r1, g
  xor  r2, r0, r1
  shr  r2, r2, 20
  ld   r3, self.x
  xor  r3, r3, r2
  st   r3, self.x
end`;

describe.each(engineNames)('two draws from one generator on the %s engine', (name) => {
  // Eight columns are two tiles of four lanes, carried out as vectors; seven are carried out one by one.
  it.each([8, 7])('keep their words apart, over %i columns', (columns) => {
    const engine = start(name, imageOf(program(columns), microcode, core));
    const { banks, generators } = engine.save();
    const state = 0x155a5;
    engine.restore({ banks, generators: Uint32Array.from([...generators.subarray(0, 4), state]) });
    run(
      engine,
      Array.from({ length: steps }, () => []),
    );
    const bits = bitsFrom(recurrence, state, bitsPerAdvance * 4 * steps);
    const wordOf = (advance: number, lane: number): number => {
      const first = bitsPerAdvance * advance + 32 * lane;
      return bits.subarray(first, first + 32).reduce((sum, bit, place) => sum + bit * 2 ** place, 0);
    };
    const expected = Array.from({ length: columns }, (_, column) => {
      let x = 0;
      for (let step = 0; step < steps; step++) {
        const first = 4 * step + 2 * Math.floor(column / 4);
        x ^= (wordOf(first, column % 4) ^ wordOf(first + 1, column % 4)) >>> 20;
      }
      return x;
    });
    expect(valuesIn(engine, 'b.x')).toEqual(expected);
  });
});
