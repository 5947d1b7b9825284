import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findResults } from '../../src/experiment/node.ts';
import { readText } from '../../src/fs/index.ts';
import type { Report, RunCounts } from '../../src/report/index.ts';
import { keep, keptOf } from './kept.ts';
import { filled, plainTables, pricedNow, pricedTables, resultsPages, tablesOn } from './pages.ts';

// npx tsx scripts/results/main.ts RUNS TABLE ...   puts tables of the runs below the folder RUNS into RESULTS.md and
// docs/results, each between <!-- TABLE --> and <!-- end -->. Of
// runs behind tables of energies, it keeps the counts in scripts/results/runs; npm run generate prices them anew.

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined || wanted.length === 0)
  throw new Error('usage: npx tsx scripts/results/main.ts RUNS TABLE ...');

const runs = findResults(folder).runs.map(({ name, report }) => ({
  report: JSON.parse(report) as Report,
  countsFile: join(folder, name, 'counts.json'),
}));
const isWanted = (name: string): boolean => wanted.includes(name);

for (const { runs: name, experiments, names } of pricedTables) {
  const own = runs.filter(({ report }) => experiments.test(report.provenance.experiment ?? ''));
  if (own.length === 0 || !names.some(isWanted)) continue;
  keep(
    name,
    own.map(({ report, countsFile }) => keptOf(report, JSON.parse(readText(countsFile)) as RunCounts)),
  );
}
const tables = { ...plainTables(runs.map(({ report }) => report)), ...pricedNow() };
const chosen = Object.fromEntries(Object.entries(tables).filter(([name]) => isWanted(name)));
const before = resultsPages();
for (const { path, text } of before.map((page) => filled(page, chosen))) writeFileSync(path, text);
const missing = before.flatMap(tablesOn).filter((name) => isWanted(name) && tables[name] === undefined);
console.log(`from ${runs.length} runs${missing.length > 0 ? `; no table ${missing.join(', ')}` : ''}`);
