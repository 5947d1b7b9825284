import { dirname, isAbsolute, join } from 'node:path';
import { findFile } from '../../fs/index.ts';
import { describeDivergence, describeExercised } from '../../golden/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { goldenFormats, replayTrace } from '../../trace/index.ts';
import { defineCommand } from '../command.ts';
import { readImageFile, readTraceFile } from '../files.ts';
import { chipsOf } from '../open-experiment.ts';
import { argument, chipOption, engineOption } from '../options.ts';

const bundled = (await goldenFormats()).map(({ name }) => name);

export const verify = defineCommand({
  positionals: ['trace'],
  options: {
    trace: argument(
      `A trace: ${bundled.slice(0, -1).join(', ')} or ${bundled.at(-1)}, or of a format of --chip; .json, .json.gz or .json.br`,
    ),
    chip: chipOption,
    engine: engineOption,
  },
  examples: [
    ['verify digits.trace.json', 'what plasticore golden wrote, or an RTL'],
    ['verify digits.trace.json --engine reference', 'on the reference engine'],
    ['verify golden.json --chip ./mine.mjs', 'in the format of a chip of yours'],
  ],
  async run({ trace: file, chip, engine }, terminal) {
    const trace = await readTraceFile(file, await goldenFormats(await chipsOf(chip, terminal)));
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
      const { exercised } = verdict;
      if (exercised !== undefined)
        for (const line of describeExercised(exercised)) terminal.print(`  ${line}`);
      return;
    }
    throw new PlasticoreError('run', `${file}: diverges${where}\n${describeDivergence(verdict.divergence)}`);
  },
});
