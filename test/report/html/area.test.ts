import { describe, expect, test } from 'vitest';
import { makePage, subjectOfRuns } from '../../../src/report/html/page.ts';
import { draw } from '../../../src/report/html/render.ts';
import { designParts } from '../../../src/report/html/sections/design-parts.ts';
import { overview } from '../../../src/report/html/sections/overview.ts';
import { makeStudy } from '../../../src/report/html/study.ts';
import { handMadeReport, handMadeRun } from './hand-made.ts';

/** A chip of two cores of 1.5 mm2, and energies with bounds. */
const whole = handMadeReport();
const energyPj = { ...whole.test.perSample.energyPj, interval: { low: 1500, high: 3000 } };
const perSample = { ...whole.test.perSample, energyPj };
const report = {
  ...whole,
  test: { ...whole.test, perSample },
  core: {
    ...whole.core,
    area: {
      totalUm2: 3e6,
      cores: 2,
      byUnit: { 'banks.state': 1e6, control: 5e5 },
      bySource: { paper: 1.5e6 },
      interval: { low: 2e6, high: 5e6 },
    },
  },
};
const run = { ...handMadeRun(), report: JSON.stringify(report) };

describe('the area on the page', () => {
  test('has a bar for each design, of all cores by unit', () => {
    const body = designParts.of(subjectOfRuns(makeStudy([run])))?.drawn(draw).text ?? '';
    expect(body).toContain('Area, by unit');
    // Two cores of 1 mm2 of banks.
    expect(body).toContain('data-tip="mp16-8, state bank: 2.00 mm2 (66.7 %)"');
    expect(makePage({ folders: [run] }, draw).text).toContain('id="designs-area"');
  });

  test('stands among the designs with its bounds, as energies do', () => {
    const body = overview.of(subjectOfRuns(makeStudy([run])))?.drawn(draw).text ?? '';
    expect(body).toContain('data-v="3000000">3.00 mm2 (2 to 5)<');
    expect(body).toContain('2.00 nJ (1.5 to 3)');
  });

  test('is absent where the hw-model states none', () => {
    const none = handMadeRun();
    expect(makePage({ folders: [none] }, draw).text).not.toContain('id="designs-area"');
    expect(overview.of(subjectOfRuns(makeStudy([none])))?.drawn(draw).text).toContain('>2.00 nJ</td>');
  });
});
