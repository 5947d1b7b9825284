import { describe, expect, test } from 'vitest';
import { makePage, subjectOfRuns } from '../../../src/report/html/page.ts';
import { draw } from '../../../src/report/html/render.ts';
import { areaByUnit } from '../../../src/report/html/sections/area.ts';
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
  test('has a bar for each design, and a table of all cores with bounds', () => {
    const body = areaByUnit.of(subjectOfRuns(makeStudy([run])))?.drawn(draw).text ?? '';
    expect(body).toContain('Area of a core, by unit');
    expect(body).toContain('3.00 mm2 (2 to 5)');
    expect(body).toContain('banks.state');
    expect(makePage({ folders: [run] }, draw).text).toContain('<section id="area"');
  });

  test('stands among the designs, beside energies with their bounds', () => {
    const body = overview.of(subjectOfRuns(makeStudy([run])))?.drawn(draw).text ?? '';
    expect(body).toContain('data-v="3000000"');
    expect(body).toContain('2.00 nJ (1.5 to 3)');
  });

  test('is absent where the hw-model states none', () => {
    const none = handMadeRun();
    expect(areaByUnit.of(subjectOfRuns(makeStudy([none])))).toBeUndefined();
    expect(overview.of(subjectOfRuns(makeStudy([none])))?.drawn(draw).text).toContain('>2.00 nJ</td>');
  });
});
