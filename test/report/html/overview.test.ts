import { describe, expect, test } from 'vitest';
import { makePage } from '../../../src/report/html/page.ts';
import { draw } from '../../../src/report/html/render.ts';
import { cards } from '../../../src/report/html/sections/cards.ts';
import { makeStudy } from '../../../src/report/html/study.ts';
import { type HandMade, handMadeRun } from './hand-made.ts';

const wide = { samples: 10_000, chance: 0.1 };
const cardsOf = (...runs: readonly HandMade[]) =>
  cards(makeStudy(runs.map((run) => handMadeRun(run))).designs).drawn(draw).text;

describe('the cards', () => {
  test('name a design that is best by more than the standard error', () => {
    // One run each: sqrt(0.9 x 0.1 / 10 000) = 0.003 and sqrt(0.92 x 0.08 / 10 000) = 0.0027, together 0.0040.
    const text = cardsOf(
      { ...wide, precision: 'mp16-8', accuracy: 0.92 },
      { ...wide, precision: 'mp8-8', accuracy: 0.9 },
    );
    expect(text).toContain('<strong>92.00 %</strong> <span>mp16-8</span>');
  });

  test('name none where the difference lies within it', () => {
    const text = cardsOf(
      { ...wide, precision: 'mp16-8', accuracy: 0.903 },
      { ...wide, precision: 'mp8-8', accuracy: 0.9 },
    );
    expect(text).toContain('mp16-8; mp8-8: no difference beyond the standard error');
    expect(text).not.toContain('90.30 %');
  });

  test('name no design at chance, however little energy it takes', () => {
    const dead = { ...wide, precision: 'mp8-4', accuracy: 0.1, energyPj: 1 };
    const text = cardsOf(dead, { ...wide, precision: 'mp16-8', accuracy: 0.9, energyPj: 2000 });
    expect(text).toContain('<strong>2.00 nJ</strong> <span>mp16-8, per test sample</span>');
    expect(text).not.toContain('mp8-4');
    expect(cardsOf(dead)).toContain('No design answers better than chance');
  });

  test('name no energy that rests on figures of another shape', () => {
    const remarks = [{ about: 'energy', text: 'readPj of banks.state: stated for words of 256 bits' }];
    const text = cardsOf(
      { ...wide, accuracy: 0.9, energyPj: 1, settings: ['hw.banks.state.wordBits=512'], remarks },
      { ...wide, accuracy: 0.5, energyPj: 2000, settings: ['hw.banks.state.wordBits=256'] },
    );
    expect(text).toContain('<strong>90.00 %</strong> <span>mp16-8, wordBits 512 *</span>');
    expect(text).toContain('<strong>2.00 nJ</strong> <span>mp16-8, wordBits 256, per test sample</span>');
  });
});

test('the page has the remarks of a design once, with its seeds, and explains the asterisk', () => {
  const remark = { about: 'energy', text: 'readPj of banks.state: stated for <another> shape' };
  const dead = { about: 'activity', text: "no neuron of population 'hidden' spikes" };
  const folders = [
    handMadeRun({ seed: 1, remarks: [remark, dead] }),
    handMadeRun({ seed: 2, remarks: [remark] }),
  ];
  const { text: page } = makePage({ folders }, draw);
  expect(page.match(/stated for &lt;another&gt; shape/g)).toHaveLength(1);
  expect(page).toMatch(
    /no neuron of population (?:'|&#39;|&apos;)hidden(?:'|&#39;|&apos;) spikes<\/td><td>1<\/td>/,
  );
  expect(page).toContain('Energies of this design rest on figures');
  expect(makePage({ folders: [handMadeRun()] }, draw).text).not.toContain('id="remarks"');
});

test('axes around equal values have labels of a few digits', () => {
  // 0.1 + 0.1 + 0.1 is 0.30000000000000004: a mean of that third would have a deviation, and an axis of eighteen
  // digits.
  const folders = ['mp16-8', 'mp8-8'].flatMap((precision) =>
    [1, 2, 3].map((seed) => handMadeRun({ precision, seed, accuracy: 0.1 })),
  );
  const { text: page } = makePage({ folders }, draw);
  const labels = [...page.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
  expect(labels).toContain('10');
  expect(labels.filter((text) => /^-?\d*\.\d{6,}/.test(text))).toEqual([]);
  // Equal values have no error.
  expect(page).toContain('data-tip="mp16-8: 10.00 %, 2.00 nJ"');
});
