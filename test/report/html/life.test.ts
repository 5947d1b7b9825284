import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../../src/report/index.ts';
import { handMadeRun } from './hand-made.ts';

/** A page without its markup, its lines of cells apart. */
const rowsOf = (page: string): string[] =>
  [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row.replaceAll(/<[^>]*>/g, '|').replaceAll(/\|+/g, '|'),
  );

describe('the section of lives', () => {
  test('has the matrix as a picture and as a table, means over the seeds', async () => {
    const page = await htmlReport([
      handMadeRun({
        life: {
          matrix: [
            [1, null],
            [0.5, 0.75],
          ],
        },
      }),
      handMadeRun({
        seed: 2,
        life: {
          matrix: [
            [0.5, null],
            [0, 0.25],
          ],
        },
      }),
    ]);
    expect(page).toContain('Learning over a lifetime');
    expect(page).toContain('id="lifetime-1-matrix"');
    expect(page).toContain('id="lifetime-1-course"');
    const rows = rowsOf(page);
    expect(rows).toContain('|after one|75.00 %|–|');
    expect(rows).toContain('|after two|25.00 %|50.00 %|');
    // The picture says so, too; what was not tested is no cell.
    expect(page).toContain('after one: one 75.0 %');
    expect(page).toContain('after two: two 50.0 %');
    expect(page).not.toContain('after one: two');
    expect(page).toContain('in the last test one 25.0 %, two 50.0 %');
    // Two seeds of one design, whose classes cost 3 nJ each.
    expect(
      rows.filter((row) => row.startsWith('|one|4|1|3.00 nJ|2.00 µs|800|2|3|100|750 pJ|500 ns|')),
    ).toHaveLength(1);
  });

  test('tells lives from the same stages together', async () => {
    const page = await htmlReport([
      handMadeRun({
        life: {
          matrix: [
            [1, null],
            [0.5, 0.75],
          ],
        },
      }),
      handMadeRun({ life: { matrix: [[0.9, 0.8]], joint: true } }),
    ]);
    expect(page).toContain('Accuracy matrix at mp16-8, in sequence');
    expect(page).toContain('Accuracy matrix at mp16-8, joint');
    expect(rowsOf(page)).toContain('|mp16-8, in sequence|50.00 %|75.00 %|50.00 %|-50.00 %|–|');
    expect(rowsOf(page)).toContain('|mp16-8, joint|50.00 %|75.00 %|–|–|–|');
  });

  test('is not there where no run is a life', async () => {
    expect(await htmlReport([handMadeRun({})])).not.toContain('Learning over a lifetime');
  });
});
