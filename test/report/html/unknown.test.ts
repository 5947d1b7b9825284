import { describe, expect, test } from 'vitest';
import { makePage } from '../../../src/report/html/page.ts';
import { draw } from '../../../src/report/html/render.ts';
import { type HandMade, handMadeRun } from './hand-made.ts';

const remarks = [{ about: 'energy', text: 'has no energies: they are unknown' }];
const unknown: HandMade = { energyPj: null, precision: 'own', remarks };
const pageOf = (...runs: readonly HandMade[]) =>
  makePage({ folders: runs.map((run) => handMadeRun(run)) }, draw);
/** Its text and pictures, without what scripts do. */
const shown = (text: string) => text.replaceAll(/<script[^>]*>.*?<\/script>/gs, '');
/** The figure behind a picture. */
const csvOf = (page: ReturnType<typeof pageOf>, id: string) =>
  page.pictures.find((picture) => picture.id === id)?.csv() ?? '';

describe('the page of runs whose energies nobody knows', () => {
  const page = pageOf({ ...unknown, seed: 1 }, { ...unknown, seed: 2 });
  const text = shown(page.text);

  test('says so in its tables, and prints no energy', () => {
    // A design, in training and test; two runs, likewise; the two kernels that ran, likewise.
    expect(text.match(/<td class="n" data-v="">unknown<\/td>/g)).toHaveLength(2 + 4 + 4);
    expect(text).not.toMatch(/[\d>]\s?[pnµm]?J\b/);
    expect(text).not.toMatch(/NaN|Infinity/);
  });

  test('has no chart of energies, and says why', () => {
    expect(text.match(/All energies are unknown, as the hw-model states none/g)).toHaveLength(1);
    expect(page.pictures.map(({ id }) => id).filter((id) => /energy/i.test(id))).toEqual([]);
  });

  test('marks no energy of another shape', () => {
    expect(text).not.toContain('own *');
    expect(text).not.toContain('stated for another shape');
    expect(text).not.toContain('Least energy');
  });
});

describe('the page of runs on this core and on another', () => {
  const known: HandMade = { energyPj: 2000, precision: 'mp16-8', accuracy: 0.75 };
  const page = pageOf(unknown, known);
  const text = shown(page.text);

  test('draws what is known, and names what charts leave out', () => {
    expect(text.match(/The energies of own are unknown/g)).toHaveLength(2);
    expect(csvOf(page, 'front-energyPj-accuracy').trim().split('\n').slice(1)).toEqual([
      'mp16-8,2000,0.75,true',
    ]);
    // A quarter of 2000 pJ are additions.
    expect(csvOf(page, 'energy-unit-test')).toMatch(/^unit,mp16-8 \[pJ\]$/m);
    expect(csvOf(page, 'energy-unit-test')).toMatch(/^add,500$/m);
    expect(text).not.toMatch(/NaN|Infinity/);
  });

  test('calls the least energy that of the other', () => {
    expect(text).toContain('<strong>2.00 nJ</strong> <span>mp16-8, per test sample</span>');
  });
});
