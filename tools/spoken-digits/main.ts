/**
 * Makes `spoken-twenty`: twenty classes of spoken digits in the layout of SHD, by a synthesiser of speech (espeak-ng)
 * and a model of the cochlea. `npx tsx tools/spoken-digits/main.ts --to spoken-twenty/` writes the whole of it,
 * `--recordings 2` few recordings of each word and voice (22 by default, of which 5 test).
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { PlasticoreError } from '../../src/text/index.ts';
import { makeSpokenTwenty } from './make.ts';

try {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: 'spoken-twenty' },
      recordings: { type: 'string', default: '22' },
      workers: { type: 'string', default: String(availableParallelism()) },
    },
  });
  const { synthesiser, files } = await makeSpokenTwenty({
    to: values.to,
    recordings: whole('recordings', values.recordings, 2, 1000),
    workers: whole('workers', values.workers, 1, 1024),
    onProgress: (done, total) => {
      if (done % 100 === 0) console.error(`${done}/${total} samples`);
    },
  });
  for (const { path, samples } of files) console.log(`${path}: ${samples} samples`);
  console.log(`Made by espeak-ng ${synthesiser}; another version may speak otherwise.`);
} catch (error) {
  const isKnown = error instanceof PlasticoreError || (error instanceof TypeError && 'code' in error);
  if (!isKnown) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** A whole number of the command line. */
function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new PlasticoreError(
    'usage',
    `--${name}: expected a whole number, ${least} to ${most}, found '${text}'`,
  );
}
