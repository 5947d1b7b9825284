/** The pages of results, and what fills their tables. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/report/index.ts';
import { accuracyTables } from './accuracy.ts';
import { energyTable, memoryTable, shareTable, visitTable } from './costs.ts';
import { crossingTables, workingTables } from './crossover.ts';
import { pricedRuns } from './kept.ts';
import { lifeCostTables, lifetimeTables } from './lifetime.ts';
import { numbersTables } from './numbers.ts';
import { odinTables } from './odin.ts';
import { paperTables } from './paper.ts';
import { reckonTables } from './reckon.ts';
import { rulesTables } from './rules.ts';
import { speechCostTables, speechTables } from './speech.ts';
import { transferTables } from './transfer.ts';
import { undervoltCostTables, undervoltTables } from './undervolt.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tables, by the names of the marks between which they stand. */
export type Tables = Readonly<Record<string, string>>;

/** Tables whose runs are kept, because they have energies or times. */
export interface PricedTables {
  /** The name under which the runs are kept. */
  readonly runs: string;
  readonly experiments: RegExp;
  readonly names: readonly string[];
  readonly tablesOf: (reports: readonly Report[]) => Tables;
}

/** All tables that have energies or times. */
export const pricedTables: readonly PricedTables[] = [
  {
    runs: 'published-networks',
    experiments: /^(gomez-tang|mnist-snn-100|mnist-conv32)/,
    names: ['paperSnn', 'paperSnnCosts', 'paperCsnn', 'paperCsnnCosts'],
    tablesOf: paperTables,
  },
  {
    runs: 'energy',
    experiments: /^(mnist-snn|mnist-csnn|spoken-r?snn)$/,
    names: ['energy', 'visits', 'shares'],
    tablesOf: (reports) => ({
      energy: energyTable(reports),
      visits: visitTable(reports),
      shares: shareTable(reports),
    }),
  },
  {
    runs: 'rules',
    experiments: /^(rules-|braille-delays|ecg)/,
    names: ['rules', 'rulesFront', 'rulesPrecisions', 'sequences', 'heartbeats'],
    tablesOf: rulesTables,
  },
  {
    runs: 'crossover',
    experiments: /^(crossover|mnist-mlp|mnist-cnn)/,
    names: ['workingCosts', 'crossings', 'accounts'],
    tablesOf: crossingTables,
  },
  {
    runs: 'lifetime',
    experiments: /^lifetime-(?!few)/,
    names: ['lifetimeCosts', 'lifetimeSpeakersCosts'],
    tablesOf: lifeCostTables,
  },
  {
    runs: 'speech',
    experiments: /^speech-(r?snn(-replay)?|windows|delays)$/,
    names: ['speechCosts'],
    tablesOf: speechCostTables,
  },
  { runs: 'series', experiments: /^mackey-glass$/, names: ['mackeyGlass'], tablesOf: numbersTables },
  { runs: 'transfer', experiments: /^transfer$/, names: ['transfer'], tablesOf: transferTables },
  { runs: 'undervolt', experiments: /^undervolt/, names: ['undervoltCosts'], tablesOf: undervoltCostTables },
  {
    runs: 'chips',
    experiments: /^(odin-mnist|reckon-cue)$/,
    names: ['odin', 'reckon'],
    tablesOf: (reports) => ({ ...odinTables(reports), ...reckonTables(reports) }),
  },
];

/** Tables without energies, from the reports of runs as they are. */
export function plainTables(all: readonly Report[]): Tables {
  const validated = all.filter(({ validation }) => validation !== undefined);
  const reports = all.filter(({ test }) => test !== undefined);
  return {
    ...accuracyTables(reports),
    memory: memoryTable(reports),
    ...workingTables(reports),
    ...speechTables(reports, validated),
    ...lifetimeTables(reports),
    ...undervoltTables(reports),
  };
}

/** The tables of all kept runs at the prices of now. */
export const pricedNow = (): Tables =>
  Object.assign({}, ...pricedTables.map(({ runs, tablesOf }) => tablesOf(pricedRuns(runs)))) as Tables;

/** A page of results, by its path from the root of the package. */
export interface ResultsPage {
  readonly path: string;
  readonly text: string;
}

/** All of them, as they are. */
export function resultsPages(): readonly ResultsPage[] {
  const below = readdirSync(join(root, 'docs/results')).sort();
  return ['RESULTS.md', 'docs/rules.md', ...below.map((name) => `docs/results/${name}`)].map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
}

const marked = /<!-- (\w+) -->\n([\s\S]*?)<!-- end -->/g;

/** The names of a page's tables. */
export const tablesOn = ({ text }: ResultsPage): readonly string[] =>
  [...text.matchAll(marked)].flatMap(([, name]) => name ?? []);

/** A page with tables in their places; others stay as they are. */
export function filled({ path, text }: ResultsPage, tables: Tables): ResultsPage {
  return {
    path,
    text: text.replace(marked, (whole, name: string) => {
      const table = tables[name];
      return table === undefined ? whole : `<!-- ${name} -->\n${table}\n<!-- end -->`;
    }),
  };
}

/** The pages of results, with energies and times as they follow from the kept runs now. */
export function pricedPages(): readonly ResultsPage[] {
  const tables = pricedNow();
  return resultsPages().map((page) => filled(page, tables));
}
