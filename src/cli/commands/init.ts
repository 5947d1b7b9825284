import { dirname, join, relative } from 'node:path';
import { experimentJsonSchema, findProgram } from '../../experiment/index.ts';
import { bundledPath, checkNewFolder, findFile, writeTogether } from '../../fs/index.ts';
import { hwModelJsonSchema } from '../../hardware/index.ts';
import { programJsonSchema } from '../../program/index.ts';
import { defineCommand } from '../command.ts';

export const init = defineCommand({
  positionals: ['folder'],
  options: { folder: { type: 'string', demandOption: true, describe: 'A new or empty folder' } },
  examples: [['init digits && cd digits && plasticore run experiments/first.yaml', 'a first run']],
  run({ folder }, terminal) {
    checkNewFolder(folder, 'init overwrites nothing: choose another name');
    const files = Object.entries(projectFiles());
    writeTogether(folder, files);
    for (const [name] of files) terminal.print(join(folder, name));
    terminal.note(`\nnow: cd ${folder} && plasticore run experiments/first.yaml`);
  },
});

/** The project's files. Program and rules are copies of the bundled ones, in the same folders. */
function projectFiles(): Record<string, string> {
  const schema = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'README.md': readme,
    'experiments/first.yaml': experiment,
    ...bundledProgram('mnist-snn'),
    'hw-models/my-core.yaml': hwModel,
    'schemas/experiment.schema.json': schema(experimentJsonSchema()),
    'schemas/program.schema.json': schema(programJsonSchema()),
    'schemas/hw-model.schema.json': schema(hwModelJsonSchema()),
  };
}

/** A bundled program and its microcode, by their paths in the package. */
function bundledProgram(name: string): Record<string, string> {
  const program = findProgram({ name, from: '' }, findFile);
  const folder = dirname(dirname(bundledPath('program', name)));
  return Object.fromEntries(program.sources.map(({ file, text }) => [relative(folder, file), text]));
}

const experiment = `# yaml-language-server: $schema=../schemas/experiment.schema.json
format: plasticore/experiment/1
name: first
description: A small network learns the embedded digits on a core of our own
program: ../programs/mnist-snn.yaml
hw: ../hw-models/my-core.yaml
precisions: [mp16-8, mp16-16, fp32]
seeds: [1, 2, 3]
epochs: 1
limit: 2000
set: {program.populations.hidden.size: 128}
default: {precision: mp16-8, seed: 1}
`;

const hwModel = `# yaml-language-server: $schema=../schemas/hw-model.schema.json
#
# The reference core with half its lanes; plasticore hw show ./hw-models/my-core.yaml prints every figure.
format: plasticore/hw-model/1
extends: reference
name: my-core
description: Eight lanes
lanes: 8
`;

const readme = `# A Plasticore project

    plasticore run experiments/first.yaml                     # learn, test, report
    plasticore run experiments/first.yaml --precision fp32    # the same program on the float32 baseline
    plasticore run experiments/first.yaml --out runs/first    # with report, weights and checkpoints
    plasticore memory programs/mnist-snn.yaml --hw hw-models/my-core.yaml

| file | contents |
|---|---|
| experiments/first.yaml | the experiment: program, core, precisions, seeds and data |
| programs/mnist-snn.yaml | the network, its parameters and its schedule |
| programs/rules/*.uc | its neurons and its learning rule, in microcode |
| hw-models/my-core.yaml | the core: what differs from the reference core |
| schemas/ | JSON Schemas, with which an editor completes and checks these files |

The pages in the package's docs/ explain every key of these files (program-format.md, hw-model-format.md,
experiment-format.md), and first-rule.md builds a learning rule step by step.
`;
