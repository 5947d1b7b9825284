import * as z from 'zod';
import {
  choice,
  expected,
  isBareName,
  key,
  type MergedFiles,
  resolveAt,
  type SourceText,
  strictObject,
  whole,
} from '../text/index.ts';
import { checkAccess, isAccessEstimated } from './bank-access.ts';
import { cellUm2, flavours, sram, usualFlavour } from './estimate/index.ts';
import type { Estimates } from './estimates.ts';
import { chooseMacros, citationOf, type Ports, parseMacros } from './macros.ts';
import { exact, type Source, type Sources } from './source.ts';
import {
  auto,
  estimable,
  figureIn,
  nonEmptyText,
  positiveWhole,
  type ReportFault,
  removal,
  sourceOfStated,
} from './values.ts';

/** An SRAM bank: words of equal width, read and written whole. */
export interface Bank {
  readonly name: string;
  readonly capacityBits: number;
  readonly wordBits: number;
  readonly ports: Ports;
  /** Whether single bits of a word can be written. If not, a partial write costs a read first. */
  readonly bitMask: boolean;
  /** Energy of one access to a whole word. */
  readonly readPj: number;
  readonly writePj: number;
  readonly leakUw: number;
  readonly areaUm2: number;
  /** Undefined where nothing says it. */
  readonly accessNs: number | undefined;
  readonly sources: Readonly<Record<'readPj' | 'writePj' | 'leakUw' | 'areaUm2', Source>>;
  /** Energy of carrying a word between the bank and the lanes; undefined where another figure contains it. */
  readonly wires?: { readonly readPj: number; readonly writePj: number; readonly source: Source } | undefined;
}

/** The costs of a bank, unless `macros` determines them. */
const bankCosts = {
  readPj: key(
    estimable('pJ'),
    'Energy in pJ of reading one word, or `auto`: [estimated](estimators/sram.md) from capacity, word, node and supply.',
    32.16,
  ).optional(),
  writePj: key(estimable('pJ'), 'Energy in pJ of writing one word, or `auto`.', 33.9).optional(),
  leakUw: key(
    estimable('uW'),
    'Leakage of the whole bank in µW, or `auto`: from capacity, ports, `flavour`, node, supply and temperature.',
    409.6,
  ).optional(),
  areaUm2: key(estimable('um2'), 'Area of the whole bank in µm², or `auto`.', 713000).optional(),
  wirePj: key(
    estimable('pJ'),
    'Energy in pJ of carrying one word between the bank and the lanes, or `auto`: [estimated](estimators/wires.md) from the word, the area of the core and the supply. If absent, another figure contains it.',
    12.4,
  ).optional(),
  accessNs: key(
    estimable('ns'),
    "Time in ns of an access, or `auto`; at most the clock's period. If absent, it is estimated where `readPj` is `auto`, and not checked elsewhere.",
    2.2,
  ).optional(),
};

const ports = (meaning: string) => key(whole('a number of ports', 1, 64), meaning, 1).optional();

export const bankSection = strictObject({
  capacityBits: key(
    positiveWhole('a capacity in bits'),
    'Capacity in bits, a multiple of `wordBits`. With `macros`, the least capacity; it is rounded up to whole macros.',
    4194304,
  ),
  wordBits: key(
    positiveWhole('a width in bits'),
    'Width of a word in bits. Each access reads or writes one word.',
    128,
  ),
  ports: key(
    strictObject({
      read: ports('Ports that only read: words read in a cycle. Goes with `write`.'),
      write: ports('Ports that only write: words written in a cycle. Goes with `read`.'),
      shared: ports('Ports that read or write: accesses in a cycle. Excludes `read` and `write`.'),
    }),
    'The ports: either `read` and `write`, or `shared`.',
    { read: 1, write: 1 },
  ),
  bitMask: key(
    z.boolean({ error: expected('true or false') }),
    'Whether single bits of a word can be written. If not, writing a part of a word costs a read first.',
  ),
  ...bankCosts,
  flavour: key(
    choice(flavours),
    'The transistors, by how much they leak, from which `auto` estimates leakage: `low-standby`, `standard`, `low-operating` or `high-performance`. If absent, `standard`.',
    'low-standby',
  ).optional(),
  cellUm2: key(
    figureIn('um2 a bit'),
    'Area in µm² of a cell of one bit, in place of that of a foundry at this node, for an area that is `auto`.',
    0.12,
  ).optional(),
  largestMacroBits: key(
    positiveWhole('a capacity in bits'),
    'Capacity in bits of the largest macro on offer, for what is `auto` alone: of a larger bank, that of several equal macros, of which an access takes one. If absent, of one array.',
    262144,
  ).optional(),
  macros: key(
    nonEmptyText('the name of a CSV file of SRAM macros'),
    'A CSV file of SRAM macros, a bundled one by its name or another by its path from this file, from which the bank is built, instead of `readPj`, `writePj`, `leakUw`, `areaUm2` and `accessNs`; it wins over `auto`. Its columns are words, bits, ports (`1r1w`: one that reads and one that writes; `1rw`: one that does either), readPj, writePj, leakUw, areaUm2 and accessNs.',
    'ihp-sg13g2',
  ).optional(),
  source: sourceOfStated,
});
type BankEntry = z.infer<typeof bankSection>;

type FindsTables = (reference: string, from: string, kind: 'macros') => SourceText;

/** What of a model decides the costs of its banks. */
interface BanksFile {
  readonly banks: Readonly<Record<string, BankEntry>>;
  readonly technologyNm: number;
  readonly bankSupplyV?: number | undefined;
  readonly temperatureC?: number | undefined;
  readonly clockMhz: number;
}

const bankCostNames = ['readPj', 'writePj', 'leakUw', 'areaUm2'] as const;

export function checkBank(bank: BankEntry, path: readonly string[], report: ReportFault): void {
  const { read, write, shared } = bank.ports;
  const given = Object.entries(bank.ports).flatMap(([name, ports]) => (ports === undefined ? [] : [name]));
  const separate = read !== undefined && write !== undefined && shared === undefined;
  const common = read === undefined && write === undefined && shared !== undefined;
  if (!separate && !common) {
    const found = given.length === 0 ? 'none' : given.join(' and ');
    report([...path, 'ports'], `expected either read and write, or shared, found ${found}; ${removal}`);
  }
  for (const cost of bankCostNames) {
    if (bank.macros !== undefined && bank[cost] !== undefined && bank[cost] !== auto) {
      report(
        [...path, cost],
        `'macros' gives the costs of this bank, so '${cost}' must not be given as well; ${removal}`,
      );
    }
    if (bank.macros === undefined && bank[cost] === undefined) {
      report([...path, cost], "missing: expected the bank's costs, or 'macros'");
    }
  }
  if (bank.macros === undefined && bank.capacityBits % bank.wordBits !== 0) {
    const words = `a multiple of the word's ${bank.wordBits} bits`;
    report([...path, 'capacityBits'], `expected ${words}, found ${bank.capacityBits}`);
  }
  if (bank.macros === undefined && (bank.largestMacroBits ?? bank.wordBits) < bank.wordBits) {
    const word = `at least the word's ${bank.wordBits} bits`;
    report([...path, 'largestMacroBits'], `expected ${word}, found ${bank.largestMacroBits}`);
  }
}

/** The banks of a model: built of macros, as stated, or estimated. */
export function readBanks(
  layered: MergedFiles<BanksFile>,
  estimates: Estimates,
  sources: Sources,
  resolve: FindsTables,
): Bank[] {
  return Object.entries(layered.value.banks).map(([name, entry]) => {
    const { wordBits, bitMask } = entry;
    const ports = readPorts(entry);
    const figures =
      entry.macros === undefined
        ? ofShape(name, entry, layered.value, estimates, sources)
        : ofMacros(name, entry, entry.macros, layered, sources, resolve);
    checkAccess(figures.accessNs, ['banks', name], layered);
    return { name, wordBits, ports, bitMask, ...figures };
  });
}

type BankFigures = Omit<Bank, 'name' | 'wordBits' | 'ports' | 'bitMask'>;

function ofShape(
  name: string,
  entry: BankEntry,
  { technologyNm, bankSupplyV }: BanksFile,
  estimates: Estimates,
  sources: Sources,
): BankFigures {
  const path = ['banks', name];
  const { capacityBits, wordBits, largestMacroBits = capacityBits } = entry;
  const words = capacityBits / wordBits;
  const macros = Math.ceil(words / Math.max(1, Math.floor(largestMacroBits / wordBits)));
  const macroBits = Math.ceil(words / macros) * wordBits;
  const estimated = estimates.of(
    sram,
    path,
    {
      capacityBits:
        macros === 1
          ? estimates.input(macroBits, ...path, 'capacityBits')
          : { value: macroBits, path: [...path, 'largestMacroBits'], stated: largestMacroBits },
      wordBits: estimates.input(wordBits, ...path, 'wordBits'),
      ports: estimates.input(portsOf(readPorts(entry)), ...path, 'ports'),
      ...(bankSupplyV !== undefined && { supplyV: estimates.input(bankSupplyV, 'bankSupplyV') }),
    },
    entry.flavour ?? usualFlavour,
  );
  const stated = () => sources.named(entry.source, ...path);
  const readPj = estimated.or('readPj', entry.readPj, stated);
  const writePj = estimated.or('writePj', entry.writePj, stated);
  const times = (given: number | typeof auto | undefined): number =>
    given === undefined || given === auto ? macros : 1;
  const leakUw = estimated.or('leakUw', entry.leakUw, stated);
  const areaUm2 = estimated.or('areaUm2', entry.areaUm2, () => sources.named(entry.source));
  const bankUm2 = areaUm2.value * times(entry.areaUm2);
  return {
    capacityBits,
    readPj: readPj.value,
    writePj: writePj.value,
    leakUw: leakUw.value * times(entry.leakUw),
    // The estimate is in proportion to the cell of a foundry's node.
    areaUm2:
      entry.cellUm2 === undefined || entry.areaUm2 !== auto
        ? bankUm2
        : (bankUm2 * entry.cellUm2) / cellUm2(technologyNm),
    accessNs: isAccessEstimated(entry)
      ? estimated.of('accessNs').value
      : entry.accessNs === auto
        ? undefined
        : entry.accessNs,
    sources: {
      readPj: readPj.source,
      writePj: writePj.source,
      leakUw: leakUw.source,
      areaUm2: areaUm2.source,
    },
  };
}

function ofMacros(
  name: string,
  entry: BankEntry,
  file: string,
  { value, locate }: MergedFiles<BanksFile>,
  sources: Sources,
  resolve: FindsTables,
): BankFigures {
  const place = locate(['banks', name, 'macros']);
  const csv = resolveAt(file, place.file, place, (reference, from) => resolve(reference, from, 'macros'));
  const wanted = {
    capacityBits: entry.capacityBits,
    wordBits: entry.wordBits,
    ports: readPorts(entry),
    periodNs: 1000 / value.clockMhz,
  };
  const { macro, capacityBits, readPj, writePj, leakUw, areaUm2 } = chooseMacros(
    parseMacros(csv.text, csv.file),
    wanted,
    place,
  );
  // Of a bundled table it is known what its first sentence is, and that its figures are as a tool gave them.
  const cite = isBareName(file) ? citationOf(csv.text) : undefined;
  const source =
    entry.source === undefined && cite !== undefined
      ? sources.use({
          name: `macros:${file}`,
          cite,
          kind: 'synthesised',
          checked: 'primary',
          interval: exact,
        })
      : sources.named(entry.source);
  return {
    capacityBits,
    readPj,
    writePj,
    leakUw,
    areaUm2,
    accessNs: macro.accessNs,
    sources: { readPj: source, writePj: source, leakUw: source, areaUm2: source },
  };
}

function readPorts({ ports }: BankEntry): Ports {
  const { read, write, shared } = ports;
  if (shared !== undefined) return { shared };
  if (read === undefined || write === undefined) throw new Error('ports that the checks require are missing');
  return { read, write };
}

function portsOf(ports: Ports): number {
  return 'shared' in ports ? ports.shared : ports.read + ports.write;
}
