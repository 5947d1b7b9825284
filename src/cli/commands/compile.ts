import { placementText } from '../../compiler/index.ts';
import { parseSettings } from '../../experiment/index.ts';
import { writeAtomically, writeTogether } from '../../fs/index.ts';
import { coreImageOf, type MemoryFile, memoryFiles, writeImage } from '../../image/index.ts';
import { microcodeFile, microcodeUnitOf } from '../../microcode/index.ts';
import { grouped, memoryOf } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import {
  argument,
  hwOption,
  inferenceOption,
  outOption,
  placementOption,
  precisionOption,
  seedOption,
  setOption,
  textOption,
  weightsOption,
} from '../options.ts';
import { deployProgram } from '../subject.ts';

export const compileCommand = defineCommand({
  positionals: ['program'],
  options: {
    program: argument('A bundled program by name, or the path of a file', ['program']),
    hw: { ...hwOption, demandOption: true },
    precision: { ...precisionOption, demandOption: true },
    out: outOption('The image to write, a .pcore file'),
    memh: textOption('Folder for one $readmemh file per bank and a map of them, for an RTL'),
    microcode: textOption(
      'File for what a programmable core is loaded with, as JSON: see rtl --style microcode',
    ),
    placement: placementOption,
    'write-placement': textOption(
      'Write where the neurons are on a chip of many cores: a placement file, which --placement reads',
    ),
    seed: { ...seedOption, default: '1' },
    weights: weightsOption,
    inference: inferenceOption,
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
    [
      'compile mnist-snn --hw reference --precision mp16-8 --inference -o digits.pcore',
      'without what serves learning alone',
    ],
    [
      'compile mnist-snn --hw reference --precision mp16-8 --weights runs/first/weights.npz -o digits.pcore',
      'with the weights that a run has learnt',
    ],
    [
      'compile mnist-snn --hw mesh --precision mp16-8 --write-placement where.yaml',
      'where the neurons are on a chip of many cores',
    ],
  ],
  run(options, terminal) {
    const { out, memh, microcode, writePlacement } = options;
    if ([out, memh, microcode, writePlacement].every((file) => file === undefined))
      throw new PlasticoreError('usage', 'missing: --out, --memh, --microcode or --write-placement');
    if (out?.endsWith('.pcore') === false) {
      throw new PlasticoreError('usage', `--out: expected the name of a .pcore file, found '${out}'`);
    }
    refuseExperimentSettings(parseSettings(options.set ?? []).experiment);
    const { image, hw } = deployProgram(options.program, options);
    if (writePlacement !== undefined) {
      if (image.chip === undefined)
        throw new PlasticoreError(
          'usage',
          `--write-placement: hw-model '${image.core.hwModel}' has one core: there is nothing to place`,
          { hint: 'choose an hw-model with `chip`, such as mesh' },
        );
      writeAtomically(writePlacement, placementText(image.placement));
      terminal.note(
        `${writePlacement}: ${image.program} on ${image.cores.length} cores of ${image.core.hwModel}`,
      );
    }
    const { totalBits, allocatedBits } = memoryOf(image);
    const what =
      `${image.program} for ${image.core.hwModel} at ${image.core.precision}, ` +
      `${grouped(totalBits)} bits in words of ${grouped(allocatedBits)}`;
    if (out !== undefined) {
      const bytes = writeImage(image);
      writeAtomically(out, bytes);
      terminal.note(`${out}: ${what}; ${grouped(bytes.length)} bytes`);
    }
    if (microcode !== undefined) {
      const text = microcodeFile(coreImageOf(image), microcodeUnitOf(hw));
      writeAtomically(microcode, text);
      terminal.note(`${microcode}: the microcode of ${what}`);
    }
    if (memh !== undefined) {
      const files = memoryFiles(image);
      writeMemoryFiles(memh, files);
      terminal.note(`${memh}: ${what}; ${files.map(({ name }) => name).join(', ')}`);
    }
  },
});

/** Writes memory files into a folder, which has one for each core of several. */
export function writeMemoryFiles(folder: string, files: readonly MemoryFile[]): void {
  writeTogether(
    folder,
    files.map(({ name, text }) => [name, text] as const),
  );
}

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
