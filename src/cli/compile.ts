import { deploy, parseSettings } from '../experiment/index.ts';
import { findFile, writeAtomically } from '../experiment/node.ts';
import { writeImage } from '../image/index.ts';
import { memoryOf } from '../report/index.ts';
import { grouped } from '../report/node.ts';
import { PlasticoreError } from '../source/index.ts';
import { defineCommand } from './command.ts';
import { hwOption, largestSeed, precisionOption, seedOption, setOption, wholeOption } from './options.ts';

export const compile = defineCommand({
  usage: 'compile <program>',
  summary: 'Compile a program for a core into an image',
  positionals: ['program'],
  options: {
    program: {
      type: 'string',
      demandOption: true,
      describe: 'A bundled program by name, or the path of a file',
    },
    hw: { ...hwOption, demandOption: true },
    precision: { ...precisionOption, demandOption: true },
    out: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      demandOption: true,
      describe: 'The image to write, a .pcore file',
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
      'your own, changed',
    ],
  ],
  run(options, terminal) {
    if (!options.out.endsWith('.pcore')) {
      throw new PlasticoreError('usage', `--out: expected the name of a .pcore file, found '${options.out}'`);
    }
    const settings = parseSettings(options.set ?? []);
    refuseExperimentSettings(settings.experiment);
    const { image } = deploy(
      {
        program: { name: options.program, from: '' },
        hw: { name: options.hw, from: '' },
        precision: options.precision,
        seed: wholeOption('seed', options.seed, 0, largestSeed) ?? 1,
        settings,
      },
      findFile,
    );
    const bytes = writeImage(image);
    writeAtomically(options.out, bytes);
    const { totalBits, allocatedBits } = memoryOf(image);
    terminal.note(
      `${options.out}: ${image.program} for ${image.machine.hwModel} at ${image.machine.precision}, ` +
        `${grouped(totalBits)} bits in words of ${grouped(allocatedBits)}; ${grouped(bytes.length)} bytes`,
    );
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
