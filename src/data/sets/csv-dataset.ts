import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { append, at, found, PlasticoreError } from '../../text/index.ts';
import { npzArrays } from '../formats/array-file.ts';
import type { NamedBytes } from '../formats/idx.ts';
import { type Dataset, describeClasses, type FeatureSet } from './dataset.ts';
import { namedDataset, readFeatures } from './named-arrays.ts';

/** Names of the column that has the labels, in small letters. */
const labelNames = ['label', 'labels', 'class', 'target', 'y'];

/** The rows of a file. */
interface CsvTable {
  readonly file: string;
  readonly labelColumn: string;
  /** Numbers of all rows, without labels. */
  readonly values: readonly number[];
  /** Names of the columns of numbers. */
  readonly names: readonly string[];
  readonly labels: readonly string[];
  /** The line in which each row begins. */
  readonly lines: readonly number[];
  /** Whether a number is written with a decimal point or an exponent: then all are shares of 1. */
  readonly isFloat: boolean;
}

/**
 * Makes a data set of CSV files: a line of column names, one of them `label`, `class`, `target` or `y`, then a line for
 * each sample. Labels are whole numbers from 0, or words, which are numbered in the order of the alphabet. Features are
 * whole numbers from 0 to 255, or numbers from 0 to 1 where any is written with a decimal point. Without a file for
 * testing, a fixed stratified fifth becomes the test set.
 *
 * @throws PlasticoreError `data` for a file that is none such, with its line
 */
export function csvDataset(name: string, files: readonly NamedBytes[]): Dataset<FeatureSet> {
  const tables = files.map(readTable);
  const words = [...new Set(tables.flatMap(({ labels }) => labels))].sort();
  const areNumbers = words.every((word) => /^\d+$/.test(word));
  const classOf = new Map(words.map((word, index) => [word, areNumbers ? Number(word) : index]));
  const isFloat = tables.some((table) => table.isFloat);
  const [train, test] = tables.map((table, part) => {
    const { file, values, names, labels, lines } = table;
    checkRange(table, isFloat ? 1 : 255);
    const numbers = Float64Array.from(values);
    const x = { shape: [labels.length, names.length], data: isFloat ? numbers : Int32Array.from(numbers) };
    const y = { shape: [labels.length], data: Int32Array.from(labels, (label) => classOf.get(label) ?? -1) };
    const source = npzArrays(new Map(Object.entries({ x, y })), file);
    const read = readFeatures(source, { features: 'x', labels: 'y' }, part === 0 ? 'train' : 'test');
    const name = file.slice(file.lastIndexOf('/') + 1);
    return { ...read, set: { ...read.set, origins: lines.map((line) => `${name}:${line}`) } };
  });
  const made = namedDataset(name, { train, test });
  const classes = areNumbers ? '' : `, ${describeClasses(words)}`;
  return {
    ...made,
    ...(!areNumbers && { classNames: words }),
    description: `${made.description}; labels from column '${at(tables, 0).labelColumn}'${classes}`,
  };
}

/** @throws PlasticoreError `data` for a value outside of 0 to `most`, with its line and column */
function checkRange({ file, values, names, lines }: CsvTable, most: number): void {
  const outside = values.findIndex((value) => value < 0 || value > most);
  if (outside < 0) return;
  const column = at(names, outside % names.length);
  throw new PlasticoreError(
    'data',
    `column '${column}': expected a number from 0 to ${most}, found ${at(values, outside)}`,
    {
      file,
      line: at(lines, Math.floor(outside / names.length)),
      hint: 'whole numbers are 0 to 255; where any number has a decimal point, all are shares of 1',
    },
  );
}

function readTable({ name: file, bytes }: NamedBytes): CsvTable {
  const values: number[] = [];
  const labels: string[] = [];
  const lines: number[] = [];
  let [head, labelAt, isFloat, line] = [[] as readonly string[], -1, false, 0];
  const refused = (message: string, hint?: string) =>
    new PlasticoreError('data', message, { file, line, hint });
  const read = (cells: readonly string[], at: { readonly lines: number }): null => {
    // The parser counts the line in which a row ends; a cell in quotes may have several.
    line = at.lines - cells.join('').split('\n').length + 1;
    if (labelAt < 0) {
      head = cells;
      labelAt = cells.findIndex((cell) => labelNames.includes(cell.toLowerCase()));
      if (labelAt < 0)
        throw refused(
          `expected names of columns, one of them ${labelNames.join(', ')}; found ${cells.slice(0, 4).join(', ')}${cells.length > 4 ? ', ...' : ''}`,
          "the first line names the columns, and that of labels 'label': label,x0,x1 and so on",
        );
      return null;
    }
    append(
      values,
      cells.flatMap((cell, column): number[] => {
        if (column === labelAt) return [];
        const value = cell === '' ? Number.NaN : Number(cell);
        if (!Number.isFinite(value))
          throw refused(`column '${head[column] ?? column}': expected a number, found ${found(cell)}`);
        isFloat ||= /[.eE]/.test(cell);
        return [value];
      }),
    );
    const label = cells[labelAt] ?? '';
    if (label === '') throw refused(`column '${head[labelAt]}': expected a label, found nothing`);
    labels.push(label);
    lines.push(line);
    return null;
  };
  try {
    parse(new TextDecoder().decode(bytes), {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      on_record: read,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PlasticoreError('data', error.message, {
      file,
      line: 'lines' in error ? Number(error.lines) : line + 1,
    });
  }
  if (labels.length === 0) throw new PlasticoreError('data', 'it holds no samples', { file });
  const names = head.filter((_, column) => column !== labelAt);
  return { file, labelColumn: at(head, labelAt), values, names, labels, lines, isFloat };
}
