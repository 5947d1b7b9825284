import { madeNames, makeSpokenTwenty } from '../../data/node.ts';
import { grouped } from '../../report/index.ts';
import { table } from '../../report/node.ts';
import { PlasticoreError, suggest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { jsonOption, wholeOption } from '../options.ts';
import { makingDisplay } from '../progress.ts';
import { stopOnSignals } from '../signals.ts';

export const dataMake = defineCommand({
  positionals: ['name'],
  options: {
    name: { type: 'string', demandOption: true, describe: `The data set: ${madeNames.join(' or ')}` },
    to: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for the files; by default one with the name of the data set',
    },
    recordings: wholeOption('Recordings of each word and speaker; by default 22, of which 5 test', 2, 1000),
    workers: wholeOption(
      'Utterances to hear at the same time, each on a thread; by default one for each processor',
      1,
    ),
    json: jsonOption,
  },
  examples: [
    ['data make spoken-twenty', 'twenty classes of spoken digits in the layout of SHD, by espeak-ng'],
    ['data make spoken-twenty --recordings 2 --to few', 'a few of them'],
  ],
  async run({ name, to, recordings, workers, json }, terminal) {
    const made = madeNames.find((candidate) => candidate === name);
    if (made === undefined)
      throw new PlasticoreError('usage', `unknown data set '${name}'`, { hint: suggest(name, madeNames) });
    const display = makingDisplay(terminal);
    const signals = stopOnSignals();
    const options = {
      to: to ?? made,
      recordings,
      workers,
      signal: signals.signal,
      onProgress: (done: number, total: number) => display.update({ part: made, done, total }),
    };
    try {
      const { synthesiser, files } = await makeSpokenTwenty(options);
      display.stop();
      if (json) {
        terminal.print(JSON.stringify({ name: made, folder: options.to, synthesiser, files }, null, 2));
        return;
      }
      const rows = files.map(({ path, samples, bytes, sha256 }) => [
        path,
        grouped(samples),
        grouped(bytes),
        sha256,
      ]);
      terminal.print(table(['file', 'samples', 'bytes', 'SHA-256'], rows, 'lrrl', terminal.style));
      terminal.print(
        `\nMade by espeak-ng ${synthesiser}; another version may speak otherwise. Synthetic speech is easier to recognise than speech.`,
      );
    } finally {
      display.stop();
      signals.stop();
    }
  },
});
