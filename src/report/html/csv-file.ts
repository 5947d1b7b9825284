import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { z } from 'zod';
import { PlasticoreError } from '../../text/index.ts';

const rows = z.array(z.record(z.string(), z.string()));

/**
 * The lines of a CSV file below its head, by column.
 *
 * @throws PlasticoreError `data` with the line
 */
export function parseCsv(text: string, file: string): Readonly<Record<string, string>>[] {
  try {
    return rows.parse(parse(text, { columns: true, skip_empty_lines: true }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new PlasticoreError('data', `not a readable CSV file: ${error.message}`, { file });
  }
}
