import { expect, it } from 'vitest';
import { engineNames, kernelExecutions } from '../../../src/engine/index.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

const program = `format: plasticore/program/1
name: product
steps: 40
input: in
populations:
  in: {size: 1}
  b:
    size: 16
    fields:
      x: {kind: integer, bits: 8, signed: false, initial: {uniform: [255, 255]}}
      y: {kind: integer, bits: 7, signed: false, initial: {uniform: [127, 127]}}
      seen: {kind: integer, bits: 16}
microcode: {rule: rule.uc}
events: {tick: [{run: k, over: b}]}
readout: b.seen
`;

/** Each of 16 neurons adds what it has rounded to, so that its sum tells how often it has rounded up. */
const microcode = `kernel k over neurons
  ld r0, self.x
  ld r1, self.y
  mulsra.sr r2, r0, r1, 10
  ld r3, self.seen
  add.s r3, r3, r2
  st r3, self.seen
end`;

/*
 * 255 x 127 = 32385 is within 16 bits, but not with 10 random bits added to it. It rounds to 31 or 32, to 32 with the
 * probability of 641/1024 that its dropped bits have.
 */
it.each(engineNames)('a product and its random bits do not wrap on the %s engine', (name) => {
  const image = imageOf(program, microcode, roundCore.replace('lanes: 4', 'lanes: 16'));
  expect(kernelExecutions(image)[0]).toMatchObject({ lanes: 'int16 x 8' });
  const engine = start(name, image);
  run(
    engine,
    Array.from({ length: 40 }, () => []),
  );
  const sums = valuesIn(engine, 'b.seen');
  for (const sum of sums) {
    expect(sum).toBeGreaterThanOrEqual(40 * 31);
    expect(sum).toBeLessThanOrEqual(40 * 32);
  }
  const up = sums.reduce((all, sum) => all + sum - 40 * 31, 0) / (40 * 16);
  // 640 draws: the standard error is 0.019.
  expect(Math.abs(up - 641 / 1024)).toBeLessThan(0.1);
});
