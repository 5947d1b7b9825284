import { readFileSync, writeFileSync } from 'node:fs';
import { findResults } from '../../src/experiment/node.ts';
import type { Report } from '../../src/report/index.ts';
import { accuracyTables, validationTable } from './accuracy.ts';
import { tablesOfChips } from './chips/tables.ts';
import { energyTable, memoryTable, visitTable } from './costs.ts';
import { crossoverTables } from './crossover.ts';
import { lifetimeTables } from './lifetime.ts';
import { numbersTables } from './numbers.ts';
import { paperTables } from './paper.ts';
import { speechTables } from './speech.ts';
import { undervoltTables } from './undervolt.ts';

// npx tsx scripts/results/main.ts RUNS [TABLE ...]   puts tables of the runs below the folder RUNS into RESULTS.md,
// each between
//                                                    <!-- TABLE --> and <!-- end -->: all of them, or those that are
// named

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: npx tsx scripts/results/main.ts RUNS [TABLE ...]');

const all = findResults(folder).runs.map(({ report }) => JSON.parse(report) as Report);
const validated = all.filter(({ validation }) => validation !== undefined);
const reports = all.filter(({ test }) => test !== undefined);
const tables: Readonly<Record<string, string>> = {
  ...accuracyTables(reports),
  ...paperTables(reports),
  validation: validationTable(validated, /^mnist-/),
  spokenValidation: validationTable(validated, /^spoken-/),
  memory: memoryTable(reports),
  ...(await tablesOfChips({ tested: reports, validated })),
  ...crossoverTables(reports),
  ...speechTables(reports, validated),
  ...lifetimeTables(reports),
  ...numbersTables(reports),
  ...undervoltTables(reports),
  energy: energyTable(reports),
  visits: visitTable(reports),
};

const path = 'RESULTS.md';
const missing: string[] = [];
const filled = readFileSync(path, 'utf8').replace(
  /<!-- (\w+) -->\n[\s\S]*?<!-- end -->/g,
  (whole, name: string) => {
    if (wanted.length > 0 && !wanted.includes(name)) return whole;
    const table = tables[name];
    if (table !== undefined) return `<!-- ${name} -->\n${table}\n<!-- end -->`;
    missing.push(name);
    return whole;
  },
);
writeFileSync(path, filled);
console.log(
  `${path}: from ${all.length} runs${missing.length > 0 ? `; no table ${missing.join(', ')}` : ''}`,
);
