import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthesisedUnits } from '../../../scripts/estimators/synthesised-units.ts';
import { estimators, nandUm2, synthesisedCores } from '../../../src/hardware/index.ts';
import { estimate } from './estimate.ts';

/*
 * Areas of units as estimated, beside the gates that a synthesis tool makes of them. docs/estimators/gates.md has them.
 */
const ratioOf = ({ operation, widthBits, nands }: (typeof synthesisedUnits)[number]): number =>
  (estimate('arithmetic', { widthBits, technologyNm: 45, supplyV: 0.9 }, operation).areaUm2 ?? 0) /
  nandUm2 /
  nands;

test('estimates are within a factor of 2 of synthesised gates, but for the widest shifter', () => {
  const outside = synthesisedUnits.filter((unit) => Math.abs(Math.log2(ratioOf(unit))) > 1);
  expect(outside).toMatchObject([{ operation: 'integer-shift', widthBits: 32 }]);
  expect(new Set(synthesisedUnits.map(({ operation }) => operation))).toHaveLength(5);
  const page = readFileSync('docs/estimators/gates.md', 'utf8');
  expect(page.match(/\(outside\)/g)).toHaveLength(outside.length);
});

test('control is within a factor of 1.5 of each core, of which five are in no fit', () => {
  const ratios = synthesisedCores.map(({ bits, control, isFitted }) => {
    const { areaUm2 = 0 } = estimate('control', { controlBits: bits, technologyNm: 45, supplyV: 0.9 });
    return { isFitted, ratio: areaUm2 / nandUm2 / control };
  });
  expect(ratios.filter(({ ratio }) => Math.abs(Math.log(ratio)) > Math.log(1.5))).toEqual([]);
  expect(ratios.filter(({ isFitted }) => !isFitted)).toHaveLength(5);
  // Two coefficients, of six cores.
  expect(ratios.filter(({ isFitted }) => isFitted)).toHaveLength(6);
  expect(new Set(synthesisedCores.map(({ lanes }) => lanes))).toEqual(new Set([1, 2, 4, 8, 16]));
});

test('no fit has used them, but that of control', () => {
  const used = estimators.flatMap(({ name, figures }) =>
    Object.values(figures).some(({ points }) => points.some(({ cite }) => cite.includes('yosys')))
      ? [name]
      : [],
  );
  expect(used).toEqual(['control']);
});
