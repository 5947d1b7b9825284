import { offered } from '../../compiler/index.ts';
import { deploy, findHwModel, parseSettings } from '../../experiment/index.ts';
import { findFile } from '../../fs/index.ts';
import type { HwModel } from '../../hardware/index.ts';
import type { Image } from '../../image/index.ts';
import { memoryOf } from '../../report/index.ts';
import { hasSavings, memoryTables, savingsNote } from '../../report/node.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { hwOption, inferenceOption, jsonOption, listOption, setOption } from '../options.ts';
import { refuseExperimentSettings } from './compile.ts';

export const memory = defineCommand({
  positionals: ['program'],
  options: {
    program: {
      type: 'string',
      demandOption: true,
      completes: ['program'],
      describe: 'A bundled program by name, or the path of a file',
    },
    hw: { ...hwOption, demandOption: true },
    precision: listOption(
      'One or several, joined by commas; by default all that the hw-model offers, and its baseline',
    ),
    inference: inferenceOption,
    set: setOption,
    json: jsonOption,
  },
  examples: [
    ['memory mnist-snn --hw reference', 'all precisions of the reference core, beside each other'],
    ['memory mnist-snn --hw reference --precision mp16-8,fp32 --json', 'two of them, as JSON'],
    ['memory mnist-snn --hw reference --set hw.inferenceWeights=sliced', 'without copies of the weights'],
  ],
  run(options, terminal) {
    const settings = parseSettings(options.set ?? []);
    refuseExperimentSettings(settings.experiment);
    const hw = { name: options.hw, from: '' };
    const { inference } = options;
    const precisions = options.precision ?? allPrecisions(findHwModel(hw, '', findFile, settings.hw));
    const images: { precision: string; image: Image }[] = [];
    const misfits: { precision: string; reason: string }[] = [];
    for (const precision of precisions) {
      const program = { name: options.program, from: '' };
      try {
        const { image } = deploy({ program, hw, precision, seed: 1, settings, inference }, findFile);
        images.push({ precision, image });
      } catch (error) {
        if (precisions.length === 1 || !(error instanceof PlasticoreError) || error.code !== 'fit')
          throw error;
        misfits.push({ precision, reason: error.message });
      }
    }
    const all = images.map(({ precision, image }) => ({ precision, memory: memoryOf(image) }));
    if (options.json) {
      terminal.print(JSON.stringify({ schema: 'plasticore/memory/1', precisions: all, misfits }, null, 2));
      return;
    }
    const [first] = images;
    if (first !== undefined) {
      const flags = first.image.fields.filter(({ kind }) => kind !== 'real').map(({ name }) => name);
      terminal.print(memoryTables(all, terminal.style));
      if (hasSavings(all)) terminal.print(`\n${terminal.style.dim(savingsNote(flags))}`);
    }
    for (const { precision, reason } of misfits) terminal.print(`\n${precision}: ${reason}`);
  },
});

/** The precisions that a core offers, and fp32 if it has a baseline. */
function allPrecisions(hw: HwModel): string[] {
  return [...offered(hw), ...(hw.baseline === undefined ? [] : ['fp32'])];
}
