import { expect, test } from 'vitest';
import { estimatorPages } from '../../../scripts/estimators/pages.ts';
import { estimate, estimatorNamed } from './estimate.ts';

const pageOf = (name: string): string =>
  estimatorPages().find(({ path }) => path === `docs/estimators/${name}.md`)?.text ?? '';

test("a page's law has the very figure that the command prints", () => {
  const at = { technologyNm: 28, supplyV: 0.9 };
  const { energyPj = 0 } = estimate('fetch', at);
  const { energyPj: accessPj = 0 } = estimate('registers', { widthBits: 16, ...at });
  expect(pageOf('fetch')).toContain(`Fit: ${energyPj.toPrecision(2)} pJ at 28 nm and 0.9 V`);
  expect(pageOf('registers')).toContain(`3 accesses to registers of ${accessPj.toPrecision(2)} pJ each`);
});

test('pages say what is no measurement, and what errs together', () => {
  const scaled = estimatorNamed('arithmetic').figures.energyPj?.points.filter(({ of }) =>
    /32 bits, 2[28] nm/.test(of),
  );
  expect(scaled?.map(({ cite }) => cite)).toEqual(
    Array(2).fill('derived from Horowitz by the scaling of Stillmaker and Baas 2017'),
  );
  expect(pageOf('sram')).toContain("Whole cores' logic is charged with their banks");
  expect(pageOf('README')).toContain('they check how the parts add up, not the parts');
  expect(pageOf('README')).toContain('their errors are correlated a little');
});

test('areas of control behind its energy are listed as areas', () => {
  const csv = estimatorPages().find(({ path }) => path.endsWith('points/control.csv'))?.text ?? '';
  const rows = csv.split('\n').filter((line) => line.startsWith('estimator:control.energy'));
  // Energies of netlists are in no fit.
  const fitted = rows.filter((line) => !line.includes('in no fit'));
  expect(fitted).toHaveLength(6);
  expect(fitted.filter((line) => !/,\d+,um2,/.test(line))).toEqual([]);
  expect(csv).toContain('infers, 1 lane, 1344 bits');
});

test('a page counts what lies within an interval only where something lies beyond', () => {
  expect(pageOf('control')).toContain('No fit has used 5 others, all within the interval.');
  expect(pageOf('sram')).toMatch(
    /No fit has used \d+ others, of which \d+ lie within the interval\. Beyond it:/,
  );
});
