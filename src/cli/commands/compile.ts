import { join } from 'node:path';
import { deploy, parseSettings } from '../../experiment/index.ts';
import { findFile, makeFolder, writeAtomically } from '../../fs/index.ts';
import { memoryFiles, writeImage } from '../../image/index.ts';
import { grouped, memoryOf } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { hwOption, precisionOption, seedOption, setOption } from '../options.ts';

export const compile = defineCommand({
  positionals: ['program'],
  options: {
    program: {
      type: 'string',
      demandOption: true,
      completes: ['program'],
      describe: 'A bundled program by name, or the path of a file',
    },
    hw: { ...hwOption, demandOption: true },
    precision: { ...precisionOption, demandOption: true },
    out: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      describe: 'The image to write, a .pcore file',
    },
    memh: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for one $readmemh file per bank and a map of them, for an RTL',
    },
    seed: { ...seedOption, default: '1' },
    set: setOption,
  },
  examples: [
    [
      'compile mnist-snn --hw reference --precision mp16-8 -o digits.pcore',
      'an image for the reference core',
    ],
    [
      'compile net.yaml --hw chip.yaml --precision mp8-4 -o net.pcore --set program.steps=4',
      'your own program, changed',
    ],
    ['compile mnist-snn --hw reference --precision mp8-8 --memh rtl/', 'memories for an RTL'],
  ],
  run(options, terminal) {
    const { out, memh } = options;
    if (out === undefined && memh === undefined)
      throw new PlasticoreError('usage', 'missing: --out or --memh');
    if (out?.endsWith('.pcore') === false) {
      throw new PlasticoreError('usage', `--out: expected the name of a .pcore file, found '${out}'`);
    }
    const settings = parseSettings(options.set ?? []);
    refuseExperimentSettings(settings.experiment);
    const { image } = deploy(
      {
        program: { name: options.program, from: '' },
        hw: { name: options.hw, from: '' },
        precision: options.precision,
        seed: options.seed ?? 1,
        settings,
      },
      findFile,
    );
    const { totalBits, allocatedBits } = memoryOf(image);
    const what =
      `${image.program} for ${image.core.hwModel} at ${image.core.precision}, ` +
      `${grouped(totalBits)} bits in words of ${grouped(allocatedBits)}`;
    if (out !== undefined) {
      const bytes = writeImage(image);
      writeAtomically(out, bytes);
      terminal.note(`${out}: ${what}; ${grouped(bytes.length)} bytes`);
    }
    if (memh !== undefined) {
      makeFolder(memh);
      const files = memoryFiles(image);
      for (const { name, text } of files) writeAtomically(join(memh, name), text);
      terminal.note(`${memh}: ${what}; ${files.map(({ name }) => name).join(', ')}`);
    }
  },
});

/** Only `run` has an experiment. */
export function refuseExperimentSettings(
  overrides: readonly { readonly place: { readonly file?: string | undefined } }[],
): void {
  const [first] = overrides;
  if (first === undefined) return;
  throw new PlasticoreError(
    'usage',
    'there is no experiment here: a path begins with program or hw',
    first.place,
  );
}
