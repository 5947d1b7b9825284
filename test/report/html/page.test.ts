import { describe, expect, test } from 'vitest';
import { html } from '../../../src/report/html/markup.ts';
import { htmlReport } from '../../../src/report/index.ts';
import { handMadeRun, predictionsFile, recordingFile, weightsFile } from './hand-made.ts';
import { sweepWith } from './many-designs.ts';

const full = { predictions: predictionsFile, weights: weightsFile, recording: recordingFile };

describe('the page', () => {
  test('is the same bytes each time, and needs nothing from elsewhere', async () => {
    const page = await htmlReport([handMadeRun({}, full), handMadeRun({ seed: 2, accuracy: 0.75 }, full)]);
    expect(await htmlReport([handMadeRun({}, full), handMadeRun({ seed: 2, accuracy: 0.75 }, full)])).toBe(
      page,
    );
    const elsewhere = page.replaceAll('xmlns="http://www.w3.org/2000/svg"', '');
    expect(elsewhere).not.toMatch(/https?:|url\((?!#)|@import|src=/);
    // What differs between equal runs is not in it.
    expect(page).not.toContain('a machine that nobody should see');
  });

  test('escapes what files say', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const page = await htmlReport(
      [
        handMadeRun({ experiment: evil, precision: `mp<b>` }, full),
        handMadeRun({ experiment: evil, precision: `mp<b>`, settings: ['a=<i>'] }, full),
      ],
      sweepWith('mp1', '<u>no</u>'),
    );
    expect(page).not.toMatch(/<img|<b>|<i>|<u>/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(page).toContain('mp&lt;b&gt;');
    expect(page).toContain('&lt;u&gt;no&lt;/u&gt;');
  });

  test('says what would supply a section that has nothing', async () => {
    const page = await htmlReport([
      handMadeRun({ history: [] }),
      handMadeRun({ history: [], precision: 'fp32' }),
    ]);
    expect(page).toContain('<code>plasticore run EXPERIMENT --out DIR --record &#39;spikes:*&#39;</code>');
    expect(page).toContain('There is no <code>predictions.csv</code> beside a report');
    expect(page).toContain('There is no <code>weights.npz</code> beside a report');
    expect(page).toContain('No run here was trained: a run of an epoch or more has a history.');
    expect(page).toContain('error bars need several seeds');
  });

  test('says in a sentence what a chart of one part would show, and leaves out what has nothing to compare', async () => {
    const run = handMadeRun({}, full);
    const page = await htmlReport([run]);
    expect(page).toContain('id="energy-source-test"');
    expect(page).toContain('id="memory-savings"');
    const one = `${run.report}`.replaceAll(/"derived":\d+,"measured":\d+/g, '"derived":2000,"measured":0');
    const poorer = one.replace(/"savings":\[.*?\]/, '"savings":[]');
    const other = await htmlReport([{ ...run, report: poorer }]);
    expect(other).toContain('All energy here rests on figures of one kind: <em>derived</em>');
    expect(other).not.toContain('id="energy-source-test"');
    expect(other).not.toContain('id="memory-savings"');
    // 512 + 256 + 32 bits, in one bar.
    expect(other).toContain('id="memory-training"');
    expect(other).not.toContain('float32 core: 32 bits');
  });

  test('a template escapes everything but markup', () => {
    expect(html`<p title="${'"'}">${['<', html`<br>`, 1, null]}</p>`.drawn(() => '').text).toBe(
      '<p title="&quot;">&lt;<br>1</p>',
    );
  });
});
