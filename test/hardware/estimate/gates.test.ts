import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthesisedUnits } from '../../../scripts/estimators/synthesised-units.ts';
import { estimators, nandUm2 } from '../../../src/hardware/index.ts';
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

test('no fit has used them, but that of control', () => {
  const used = estimators.flatMap(({ name, figures }) =>
    Object.values(figures).some(({ points }) => points.some(({ cite }) => cite.includes('yosys')))
      ? [name]
      : [],
  );
  expect(used).toEqual(['control']);
});
