import { describe, expect, test } from 'vitest';
import { makePage } from '../../../src/report/html/page.ts';
import { draw } from '../../../src/report/html/render.ts';
import {
  type Drift,
  driftJson,
  driftLayersCsv,
  driftSamplesCsv,
  readDrift,
} from '../../../src/report/index.ts';
import { driftTables, plain } from '../../../src/report/node.ts';
import { expectError } from '../../support/errors.ts';
import { handMadeRun } from './hand-made.ts';

const drift: Omit<Drift, 'schema'> = {
  program: 'net',
  hwModel: 'reference',
  precision: 'mp16-8',
  samples: 2,
  steps: 4,
  layers: [
    {
      node: 'first<lif>',
      population: 'first',
      neurons: 1000,
      rate: { float: 0.25, integer: 0.24 },
      differing: 0.125,
      correlation: 0.99,
      error: 0.01,
    },
    { node: 'out', population: 'out', neurons: 2 },
  ],
  bySample: [
    { label: 1, recorded: 1, float: 1, integer: 1, differing: [0.1, null] },
    { label: 0, recorded: 0, float: 0, integer: 1, differing: [0.15, null] },
  ],
  agreement: 0.5,
  accuracy: { float: 1, integer: 0.5 },
  recorded: { float: 1, integer: 0.5 },
};
const read = readDrift(driftJson(drift), 'drift.json');

test('a comparison is the same after it was written and read', () => {
  expect(read).toEqual({ schema: 'plasticore/drift/1', ...drift });
});

test.each([
  ['{', 'not JSON, or cut short'],
  ['{"schema": "plasticore/drift/2"}', "'plasticore/drift/2' is newer"],
  [driftJson({ ...drift, agreement: 2 }), 'agreement'],
])('refuses %s', (text, words) => {
  expectError(() => readDrift(text, 'drift.json'), 'format', words);
});

describe('tables', () => {
  test('have a row for each layer, and the answers', () => {
    const text = driftTables(read, { ...plain, columns: 200 });
    expect(text).toMatch(/^first<lif> +first +1 000 +0\.2500 +0\.2400 +12\.5 % +0\.9900 +0\.0100$/m);
    expect(text).toMatch(/^right +100\.00 % +50\.00 %$/m);
    expect(text).toMatch(/^as in float +50\.00 %$/m);
  });

  test('as CSV, by layer and by sample', () => {
    expect(driftLayersCsv(read).split('\n').slice(1, 3)).toEqual([
      'first<lif>,first,1000,0.25,0.24,0.125,0.99,0.01',
      'out,out,2,,,,,',
    ]);
    expect(driftSamplesCsv(read)).toBe(
      'sample,label,recorded,float,integer,differing.first<lif>,differing.out\n0,1,1,1,1,0.1,\n1,0,0,0,1,0.15,\n',
    );
  });
});

describe('the page', () => {
  test('has a section where an import has compared', () => {
    expect(makePage({ folders: [handMadeRun()] }, draw).text).not.toContain('id="drift"');
    const { text: page } = makePage({ folders: [{ ...handMadeRun(), drift: driftJson(drift) }] }, draw);
    expect(page).toContain('<section id="drift"');
    expect(page).toContain(
      'net on reference at mp16-8, 2 samples: 100.00 % right in floats, 50.00 % in integers; both agree on 50.00 % of the answers; 50.00 % as the data record them.',
    );
    expect(page).toContain('first&lt;lif&gt;');
    expect(page).not.toContain('first<lif>');
  });

  test('lists samples with different answers first, and one comparison of several runs once', () => {
    const runs = [1, 2].map((seed) => ({ ...handMadeRun({ seed }), drift: driftJson(drift) }));
    const { text: page } = makePage({ folders: runs }, draw);
    const [, table = ''] = /id="drift-1-samples".*?<tbody>(.*?)<\/tbody>/s.exec(page) ?? [];
    expect([...table.matchAll(/<th scope="row">(\d+)</g)].map(([, sample]) => sample)).toEqual(['1', '0']);
    expect(page).not.toContain('drift-2');
  });
});
