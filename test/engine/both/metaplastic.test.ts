import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineNames } from '../../../src/engine/index.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { root } from '../../support/root.ts';
import { run, start, valuesIn } from './driver.ts';

const rule = readFileSync(join(root, 'programs/rules/learn-metaplastic.uc'), 'utf8');

/** Updates of 16 x 16 and 16 x -16, so that 256ths of them are whole numbers and no rounding is at random. */
const program = `format: plasticore/program/1
name: firm
steps: 1
input: in
populations:
  in: {size: 4, fields: {trace: {bits: 8, signed: false, initial: {uniform: [16, 16]}}}}
  up: {size: 16, fields: {signal: {bits: 8, initial: {uniform: [16, 16]}}}}
  down: {size: 16, fields: {signal: {bits: 8, initial: {uniform: [-16, -16]}}}}
projections:
  toUp: {from: in, to: up, initialWeights: {uniform: 12000}}
  toDown: {from: in, to: down, initialWeights: {uniform: 12000}}
microcode: {rule: rule.uc}
events:
  tick:
    - {run: learn, over: toUp, with: {rate: 0}}
    - {run: learn, over: toDown, with: {rate: 0}}
readout: up.signal
`;

it.each(engineNames)('firm weights are not undone on the %s engine', (name) => {
  const engine = start(name, imageOf(program, rule, roundCore));
  const expected = new Map<string, readonly number[]>();
  for (const [projection, update] of [
    ['toUp', 256],
    ['toDown', -256],
  ] as const) {
    const before = valuesIn(engine, `${projection}.shadow`);
    // Weights of both signs, some beyond 8192, which are firm.
    expect(before.some((weight) => weight * update < -8192 * 256)).toBe(true);
    expect(before.some((weight) => weight * update > 0)).toBe(true);
    expected.set(
      projection,
      before.map((weight) => {
        const undoes = Math.sign(update) !== (weight < 0 ? -1 : 1);
        const left = undoes ? 256 - Math.min(Math.floor(Math.abs(weight) / 32), 256) : 256;
        return weight + Math.sign(update) * left;
      }),
    );
  }
  run(engine, [[]]);
  for (const [projection, weights] of expected)
    expect(valuesIn(engine, `${projection}.shadow`)).toEqual(weights);
});
