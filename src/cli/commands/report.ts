import { join } from 'node:path';
import { findResults } from '../../experiment/node.ts';
import { checkWritable, writeAtomically } from '../../fs/index.ts';
import { amount, htmlReport } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';

export const report = defineCommand({
  positionals: ['folder'],
  options: {
    folder: {
      type: 'string',
      demandOption: true,
      describe: 'The --out folder of a run or a sweep, or a folder that holds several',
    },
    out: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'The page to write; by default report.html in the folder',
    },
  },
  examples: [
    ['report runs/precisions', 'runs/precisions/report.html, from a sweep'],
    ['report runs/first -o first.html', 'from one run; with --record spikes:* it has spike rasters'],
  ],
  async run({ folder, out = join(folder, 'report.html') }, terminal) {
    const { runs, summary } = findResults(folder);
    if (runs.length > 0) checkWritable(out);
    const page = await htmlReport(runs, summary).catch((error: unknown) => {
      throw error instanceof PlasticoreError ? within(folder, error) : error;
    });
    writeAtomically(out, page);
    terminal.note(
      `${out}: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${amount(Buffer.byteLength(page) / 1000)} kB`,
    );
  },
});

/** The same error with its file's path relative to here instead of to the folder. */
function within(folder: string, error: PlasticoreError): PlasticoreError {
  const { file, line, column } = error;
  return error.at({ file: file === undefined ? folder : join(folder, file), line, column });
}
