import { writeNpz } from '../../data/index.ts';
import { deployCell, weightArrays } from '../../experiment/index.ts';
import { checkWritable, findFile, writeAtomically } from '../../fs/index.ts';
import { memoryFiles } from '../../image/index.ts';
import { exportNir, type NirExport } from '../../import/index.ts';
import { createMachine } from '../../machine/index.ts';
import { writeNir } from '../../nir/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { kindOf } from '../file-kind.ts';
import { readImageFile } from '../files.ts';
import { openExperimentOf } from '../open-experiment.ts';
import { argument, hwOption, precisionOption, textOption } from '../options.ts';
import { deployProgram } from '../subject.ts';
import type { Terminal } from '../terminal.ts';
import { writeMemoryFiles } from './compile.ts';

export const exportCommand = defineCommand({
  positionals: ['from'],
  options: {
    from: argument(
      'An image (.pcore), or the --out folder of a run, which holds what it has learnt; for --nir also an experiment or a program',
      ['experiment', 'program'],
    ),
    nir: textOption('Write the network as a .nir file, which other frameworks read'),
    hw: { ...hwOption, describe: 'With --nir: the core to compile an experiment or a program for' },
    precision: { ...precisionOption, describe: 'With --nir: the precision to compile at' },
    weights: textOption('Write weights and their scales as a .npz file, which numpy and --weights read'),
    memh: textOption('Folder for one $readmemh file per bank and a map of them, for an RTL'),
  },
  examples: [
    ['export runs/first --memh rtl/', 'memories of an RTL with the weights that a run has learnt'],
    ['export digits.pcore --weights weights.npz', 'the weights that an image starts with'],
    ['export runs/first --nir learnt.nir', 'what a run has learnt, for other frameworks'],
  ],
  async run({ from, weights, memh, nir, hw, precision }, terminal) {
    if (weights === undefined && memh === undefined && nir === undefined)
      throw new PlasticoreError('usage', 'missing: --weights, --memh or --nir');
    if (nir?.endsWith('.nir') === false)
      throw new PlasticoreError('usage', `--nir: expected the name of a .nir file, found '${nir}'`);
    if (weights?.endsWith('.npz') === false)
      throw new PlasticoreError('usage', `--weights: expected the name of a .npz file, found '${weights}'`);
    if (nir !== undefined) {
      checkWritable(nir);
      const { graph, notes } = await networkFrom(from, { hw, precision }, terminal);
      writeAtomically(nir, await writeNir(graph));
      for (const note of [`${nir}: ${[...graph.nodes.keys()].join(', ')}`, ...notes]) terminal.note(note);
      if (weights === undefined && memh === undefined) return;
    }
    const image = readImageFile(from);
    if (weights !== undefined) {
      checkWritable(weights);
      const arrays = weightArrays(createMachine(image, { engine: 'reference' }));
      writeAtomically(weights, writeNpz(arrays));
      terminal.note(`${weights}: ${Object.keys(arrays).join(', ')}`);
    }
    if (memh !== undefined) {
      const files = memoryFiles(image);
      writeMemoryFiles(memh, files);
      terminal.note(`${memh}: ${files.map(({ name }) => name).join(', ')}`);
    }
  },
});

/** The network of an image or a run; or of an experiment or a program, whose convolutions are known. */
async function networkFrom(
  from: string,
  { hw, precision }: { readonly hw: string | undefined; readonly precision: string | undefined },
  terminal: Terminal,
): Promise<NirExport> {
  const kind = kindOf(from);
  if (kind !== 'experiment' && kind !== 'program') {
    if (hw !== undefined || precision !== undefined)
      throw new PlasticoreError(
        'usage',
        `${option(hw === undefined ? 'precision' : 'hw')}: an image is already compiled`,
      );
    return exportNir(createMachine(readImageFile(from)));
  }
  const { program, image } =
    kind === 'experiment'
      ? deployCell(
          (await openExperimentOf({ experiment: from, hw }, terminal)).experiment,
          { hw, precision },
          findFile,
        )
      : deployProgram(from, { hw, precision });
  return exportNir(createMachine(image), program.spec);
}
