import { dirname, isAbsolute, join } from 'node:path';
import { findFile } from '../../fs/index.ts';
import { describeDivergence } from '../../golden/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { goldenFormats, replayTrace } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { readImageFile, readTraceFile } from '../files.ts';
import { engineOption } from '../options.ts';

const formats = (await goldenFormats()).map(({ name }) => name);

export const verify = defineCommand({
  positionals: ['trace'],
  options: {
    trace: {
      type: 'string',
      demandOption: true,
      describe: `A trace: ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}; .json, .json.gz or .json.br`,
    },
    engine: engineOption,
  },
  examples: [
    ['verify digits.trace.json', 'what plasticore golden wrote, or an RTL'],
    ['verify digits.trace.json --engine reference', 'on the reference engine'],
  ],
  async run({ trace: file, engine }, terminal) {
    const trace = await readTraceFile(file);
    const verdict = replayTrace(trace, {
      file,
      engine,
      find: findFile,
      readImage: (reference, from) =>
        readImageFile(isAbsolute(reference) ? reference : join(dirname(from), reference)),
    });
    const where = trace.usesEngine ? ` on engine ${engine}` : '';
    if (verdict.agrees) {
      terminal.print(`${file}: identical${where}: ${verdict.summary}`);
      return;
    }
    throw new PlasticoreError('run', `${file}: diverges${where}\n${describeDivergence(verdict.divergence)}`);
  },
});
