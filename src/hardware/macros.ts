import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { type Place, PlasticoreError, suggest } from '../text/index.ts';

/** Separate read and write ports, or ports that do either. */
export type Ports = { readonly read: number; readonly write: number } | { readonly shared: number };

/** One type of SRAM macro, as offered by a memory compiler. */
export interface Macro {
  readonly words: number;
  readonly bits: number;
  readonly ports: Ports;
  /** Energy of one access to a word of the macro. */
  readonly readPj: number;
  readonly writePj: number;
  readonly leakUw: number;
  readonly areaUm2: number;
  readonly accessNs: number;
}

/** A bank built of equal macros. */
export interface MacroArray {
  readonly macro: Macro;
  /** Macros side by side. Together they hold a word, and each access reads or writes all of them. */
  readonly across: number;
  /** Rows of such macros. An access goes to one row. */
  readonly deep: number;
  /** Number of whole words that fit, times the width of a word. Macro bits beyond the word's width are unused. */
  readonly capacityBits: number;
  readonly readPj: number;
  readonly writePj: number;
  readonly leakUw: number;
  readonly areaUm2: number;
}

interface MacroRequest {
  readonly capacityBits: number;
  readonly wordBits: number;
  readonly ports: Ports;
  /** The clock's period. An access takes at most one cycle. */
  readonly periodNs: number;
}

interface NumberRule {
  readonly expected: string;
  allows(value: number): boolean;
}

const wholeCount: NumberRule = {
  expected: 'a whole number, at least 1',
  allows: (value) => Number.isSafeInteger(value) && value >= 1,
};
const notNegative: NumberRule = { expected: 'a number, at least 0', allows: (value) => value >= 0 };
const positive: NumberRule = { expected: 'a number above 0', allows: (value) => value > 0 };

const numbers = {
  words: wholeCount,
  bits: wholeCount,
  readPj: notNegative,
  writePj: notNegative,
  leakUw: notNegative,
  areaUm2: positive,
  accessNs: positive,
} as const;

/** The columns of a CSV of macros; their order in the file is free. */
const macroColumns = [
  'words',
  'bits',
  'ports',
  'readPj',
  'writePj',
  'leakUw',
  'areaUm2',
  'accessNs',
] as const;

/**
 * Reads a CSV of SRAM macros: a header with the eight columns, a macro on each line.
 *
 * `ports` is `NrMw` (N read and M write ports: `1r1w`), or `Nrw` or plain `N` (ports that read or write: `1rw`).
 * Empty lines and lines that start with `#` are skipped. A fault is thrown with its line and the name of its column.
 */
export function parseMacros(text: string, file: string): readonly Macro[] {
  const rows = readRows(text, file);
  const [header, ...body] = rows;
  if (header === undefined || body.length === 0) {
    throw new PlasticoreError('data', 'expected a header and at least one macro, found none', {
      file,
      hint: `the columns are ${macroColumns.join(',')}`,
    });
  }
  checkHeader(header.cells, { file, line: header.line });
  return body.map(({ cells, line }) => readMacro(header.cells, cells, { file, line }));
}

/** Where a table of macros comes from: the first sentence of the comment at its head; undefined without one. */
export function citationOf(csv: string): string | undefined {
  const comment = /^(?:#[^\n]*\n)+/.exec(csv)?.[0].replace(/^# ?/gm, '').replaceAll('\n', ' ');
  return comment?.split(/\.(?:\s|$)/)[0]?.trim() || undefined;
}

interface Row {
  readonly cells: readonly string[];
  readonly line: number;
}

function readRows(text: string, file: string): readonly Row[] {
  const rows: Row[] = [];
  try {
    parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ cells, line: lines });
      },
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : undefined;
    throw new PlasticoreError('data', `not valid CSV: ${error.message}`, { file, line });
  }
  return rows;
}

function checkHeader(found: readonly string[], place: Place): void {
  found.forEach((name, index) => {
    const known = macroColumns.some((column) => column === name);
    if (!known) {
      throw new PlasticoreError('unknown-key', `unknown column '${name}'`, {
        ...place,
        hint: suggest(name, macroColumns),
      });
    }
    if (found.indexOf(name) < index)
      throw new PlasticoreError('data', `column '${name}' appears twice`, place);
  });
  for (const column of macroColumns) {
    if (!found.includes(column)) throw new PlasticoreError('data', `column '${column}' is missing`, place);
  }
}

function readMacro(header: readonly string[], cells: readonly string[], place: Place): Macro {
  const extra = cells[header.length];
  if (extra !== undefined) {
    throw new PlasticoreError('data', `'${extra}' is beyond the last column, '${header.at(-1)}'`, place);
  }
  const cell = (column: string): string => cells[header.indexOf(column)] ?? '';
  const number = (column: keyof typeof numbers): number => {
    const rule = numbers[column];
    const value = cell(column) === '' ? Number.NaN : Number(cell(column));
    if (Number.isFinite(value) && rule.allows(value)) return value;
    throw badCell(column, rule.expected, cell(column), place);
  };
  return {
    words: number('words'),
    bits: number('bits'),
    ports: readPorts(cell('ports'), place),
    readPj: number('readPj'),
    writePj: number('writePj'),
    leakUw: number('leakUw'),
    areaUm2: number('areaUm2'),
    accessNs: number('accessNs'),
  };
}

function readPorts(text: string, place: Place): Ports {
  const shared = /^([1-9]\d?)(rw)?$/i.exec(text);
  if (shared !== null) return { shared: Number(shared[1]) };
  const separate = /^([1-9]\d?)r([1-9]\d?)w$/i.exec(text);
  if (separate !== null) return { read: Number(separate[1]), write: Number(separate[2]) };
  throw badCell('ports', 'ports such as 1rw, 2rw or 1r1w', text, place);
}

function badCell(column: string, expected: string, found: string, place: Place): PlasticoreError {
  const shown = found === '' ? 'nothing' : `'${found}'`;
  return new PlasticoreError('data', `column '${column}': expected ${expected}, found ${shown}`, place);
}

/**
 * Chooses the type of macro whose array makes the bank with the least area; among equals the one with the least read
 * energy, then the first in the file.
 *
 * A macro is suitable if its access fits the clock's period and its ports can do, in one cycle, whatever the bank's
 * ports can do. For example, `1r1w` is provided by 1r1w or 2rw, and one shared port by 1rw, or by 1r1w with one of its
 * two ports idle.
 */
export function chooseMacros(macros: readonly Macro[], wanted: MacroRequest, place: Place): MacroArray {
  const withPorts = macros.filter((macro) => serves(macro.ports, wanted.ports));
  const fitting = withPorts.filter((macro) => macro.accessNs <= wanted.periodNs);
  const [first, ...others] = fitting.map((macro) => build(macro, wanted));
  if (first === undefined) throw noMacro(withPorts, wanted, place);
  return others.reduce(
    (best, next) =>
      next.areaUm2 < best.areaUm2 || (next.areaUm2 === best.areaUm2 && next.readPj < best.readPj)
        ? next
        : best,
    first,
  );
}

function noMacro(withPorts: readonly Macro[], wanted: MacroRequest, place: Place): PlasticoreError {
  const wantedPorts = describePorts(wanted.ports);
  if (withPorts.length === 0) {
    return new PlasticoreError('fit', `macros: none has the ports of this bank, ${wantedPorts}`, place);
  }
  const fastest = Math.min(...withPorts.map((macro) => macro.accessNs));
  return new PlasticoreError(
    'fit',
    `macros: none with ${wantedPorts} answers within the clock's period, ${wanted.periodNs} ns`,
    { ...place, hint: `the fastest takes ${fastest} ns: it fits a clock of ${1000 / fastest} MHz` },
  );
}

function describePorts(ports: Ports): string {
  return 'shared' in ports ? `${ports.shared}rw` : `${ports.read}r${ports.write}w`;
}

function serves(has: Ports, needs: Ports): boolean {
  if ('shared' in has) return has.shared >= ('shared' in needs ? needs.shared : needs.read + needs.write);
  return 'shared' in needs
    ? Math.min(has.read, has.write) >= needs.shared
    : has.read >= needs.read && has.write >= needs.write;
}

function build(macro: Macro, { capacityBits, wordBits }: MacroRequest): MacroArray {
  const across = Math.ceil(wordBits / macro.bits);
  const deep = Math.ceil(Math.ceil(capacityBits / wordBits) / macro.words);
  return {
    macro,
    across,
    deep,
    capacityBits: deep * macro.words * wordBits,
    readPj: across * macro.readPj,
    writePj: across * macro.writePj,
    leakUw: across * deep * macro.leakUw,
    areaUm2: across * deep * macro.areaUm2,
  };
}
