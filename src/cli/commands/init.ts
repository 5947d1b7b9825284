import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { chips } from '../../chips/index.ts';
import { experimentJsonSchema, findProgram } from '../../experiment/index.ts';
import {
  bundledPath,
  checkNewFolder,
  findFile,
  packagePath,
  readText,
  statOf,
  writeTogether,
} from '../../fs/index.ts';
import { hwModelJsonSchema } from '../../hardware/index.ts';
import { programJsonSchema } from '../../program/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { textOption } from '../options.ts';

export const init = defineCommand({
  positionals: ['folder'],
  options: {
    folder: { type: 'string', describe: 'A new or empty folder; with --chip, by default its name' },
    chip: textOption(
      'Write a chip of this name instead: a controller of your own, its program, its Verilog with a test bench, and a recording',
    ),
  },
  examples: [
    ['init digits && cd digits && plasticore run experiments/first.yaml', 'a first run'],
    ['init --chip mine && cd mine && plasticore verify golden.json --chip ./mine.mjs', 'a chip of your own'],
  ],
  run({ chip, folder = chip }, terminal) {
    if (folder === undefined)
      throw new PlasticoreError('usage', 'missing: a folder, such as plasticore init digits');
    const files = Object.entries(chip === undefined ? projectFiles() : chipFiles(chip));
    checkNewFolder(folder, 'init overwrites nothing: choose another name');
    writeTogether(folder, files);
    for (const [name] of files) terminal.print(join(folder, name));
    const first =
      chip === undefined ? 'run experiments/first.yaml' : `verify golden.json --chip ./${chip}.mjs`;
    terminal.note(`\nnow: cd ${folder} && ${wordsOfThis()} ${first}`);
  },
});

/** How this command was called: npx runs it where no `plasticore` need be on the path. */
function wordsOfThis(): string {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = '' } = process.env;
  return event === 'npx' && /^["']?plasticore\b/.test(script) ? 'npx plasticore' : 'plasticore';
}

/**
 * The files of a chip: those of the chip `mine` in the package, under another name.
 *
 * @throws PlasticoreError `usage` for a name that its module, its program and its Verilog cannot all have
 */
function chipFiles(name: string): Record<string, string> {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || chips.some((chip) => chip.name === name))
    throw new PlasticoreError(
      'usage',
      `expected a name of small letters, digits and _ that no bundled chip has, found '${name}'`,
      { file: option('chip', name) },
    );
  const named = (text: string) => text.replaceAll(/\bmine(?=\b|_)/g, name);
  const folder = packagePath('templates/chip');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths
      .filter((path) => statOf(join(folder, path)).isFile())
      .map((path) => [named(path), named(readText(join(folder, path)))]),
  );
}

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
    plasticore inspect programs/mnist-snn.yaml --memory --hw hw-models/my-core.yaml

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
