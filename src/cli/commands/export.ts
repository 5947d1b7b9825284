import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeNpz } from '../../data/index.ts';
import { createCore } from '../../engine/index.ts';
import { weightArrays } from '../../experiment/index.ts';
import { runFiles } from '../../experiment/node.ts';
import { checkWritable, makeFolder, statOf, writeAtomically } from '../../fs/index.ts';
import { type Image, memoryFiles } from '../../image/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { readImageFile } from '../files.ts';

const offered = 'an image (.pcore), or the --out folder of a run on a single core';

export const exportCommand = defineCommand({
  positionals: ['from'],
  options: {
    from: {
      type: 'string',
      demandOption: true,
      describe: 'An image (.pcore), or the --out folder of a run, which holds what it has learnt',
    },
    weights: {
      type: 'string',
      requiresArg: true,
      describe: 'Write weights and their scales as a .npz file, which numpy and --weights read',
    },
    memh: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for one $readmemh file per bank and a map of them, for an RTL',
    },
  },
  examples: [
    ['export runs/first --memh rtl/', 'memories of an RTL with the weights that a run has learnt'],
    ['export digits.pcore --weights weights.npz', 'the weights that an image starts with'],
  ],
  run({ from, weights, memh }, terminal) {
    if (weights === undefined && memh === undefined)
      throw new PlasticoreError('usage', 'missing: --weights or --memh');
    if (weights?.endsWith('.npz') === false)
      throw new PlasticoreError('usage', `--weights: expected the name of a .npz file, found '${weights}'`);
    const image = imageFrom(from);
    if (weights !== undefined) {
      checkWritable(weights);
      const arrays = weightArrays(createCore(image, { engine: 'reference' }));
      writeAtomically(weights, writeNpz(arrays));
      terminal.note(`${weights}: ${Object.keys(arrays).join(', ')}`);
    }
    if (memh !== undefined) {
      makeFolder(memh);
      const files = memoryFiles(image);
      for (const { name, text } of files) writeAtomically(join(memh, name), text);
      terminal.note(`${memh}: ${files.map(({ name }) => name).join(', ')}`);
    }
  },
});

/** The image at a path: itself, or that of a run's folder. */
function imageFrom(path: string): Image {
  if (!statOf(path, `expected ${offered}`).isDirectory()) return readImageFile(path);
  const image = join(path, runFiles.image);
  if (existsSync(image)) return readImageFile(image);
  throw new PlasticoreError('file', `holds no ${runFiles.image}`, {
    file: path,
    hint: `expected ${offered} that has learnt; cells of a sweep have none: run the cell again with plasticore run --out`,
  });
}
