import { expect, test } from 'vitest';
import { keptRuns, pricedRun } from '../scripts/results/kept.ts';
import { pricedTables, resultsPages, tablesOn } from '../scripts/results/pages.ts';

// That the pages have the energies of now: generated.test.ts.

const pages = resultsPages();

test('each table of energies stands on one page, and each page has tables or none', () => {
  const on = pages.flatMap(tablesOn);
  const priced = pricedTables.flatMap(({ names }) => names);
  expect(on.filter((name) => priced.includes(name)).sort()).toEqual([...priced].sort());
  expect(new Set(on).size).toBe(on.length);
});

test('pages of results state no energy outside of tables that are priced, but published ones', () => {
  const loose = pages.flatMap(({ path, text }) => {
    const prose = text.replaceAll(/<!-- \w+ -->[\s\S]*?<!-- end -->/g, '');
    return [...prose.matchAll(/[\d.]+ [µnm]J/g)].map(([found]) => `${path}: ${found}`);
  });
  // CLP-SNN on Loihi 2, and ReckOn's published figures for learning.
  expect(loose).toEqual(['docs/results/lifetime.md: 0.05 mJ', 'docs/results/others.md: 178 nJ']);
});

test.each(pricedTables.filter(({ runs }) => keptRuns(runs).length > 0))(
  'the runs of $runs are of its experiments, and name no folder of a computer',
  ({ runs, experiments }) => {
    const kept = keptRuns(runs);
    const names = kept.map(({ report }) => report.provenance.experiment ?? '');
    expect(names.filter((name) => !experiments.test(name))).toEqual([]);
    expect(JSON.stringify(kept)).not.toMatch(/"\/|\/(home|root|tmp|work)\//);
  },
);

test('counts of a program that is compiled to other work are refused', () => {
  const [run] = keptRuns('series');
  if (run === undefined) throw new Error('no run is kept');
  const { perSample } = pricedRun(run).test ?? {};
  expect(perSample?.energyPj.total).toBeGreaterThan(0);
  expect(() => pricedRun({ ...run, work: run.work.slice(1) })).toThrow(
    'compiled to other work than when it ran',
  );
});
