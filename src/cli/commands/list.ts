import { findProgram, loadExperiment } from '../../experiment/index.ts';
import { bundledNames, findFile } from '../../fs/index.ts';
import { loadHwModel, resolveForModel } from '../../hardware/index.ts';
import { table } from '../../report/node.ts';
import type { FileKind } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';

/** The bundled files: the heading of each kind, and how to read a file's description. */
const kinds: readonly (readonly [kind: FileKind, heading: string, describe: (name: string) => string])[] = [
  ['experiment', 'experiments', (name) => loadExperiment(findFile('experiment', name, '')).spec.description],
  ['program', 'programs', (name) => findProgram({ name, from: '' }, findFile).spec.description],
  ['microcode', 'rules', ruleDescription],
  [
    'hw-model',
    'hw-models',
    (name) => {
      const { text, file } = findFile('hw-model', name, '');
      return loadHwModel(text, file, resolveForModel(findFile)).description;
    },
  ],
];

export const listCommand = defineCommand({
  positionals: [],
  options: { json: jsonOption },
  examples: [['list', 'everything that commands know by name']],
  run({ json }, terminal) {
    const listed = kinds.map(([kind, heading, describe]) => ({
      heading,
      files: bundledNames(kind).map((name) => ({ name, description: firstSentence(describe(name)) })),
    }));
    if (json) {
      const byHeading = Object.fromEntries(listed.map(({ heading, files }) => [heading, files]));
      terminal.print(JSON.stringify(byHeading, null, 2));
      return;
    }
    const tables = listed.map(({ heading, files }) =>
      table(
        [heading, ''],
        files.map(({ name, description }) => [name, description]),
        'l',
        terminal.style,
      ),
    );
    terminal.print(tables.join('\n\n'));
  },
});

/** The comment at the top of a microcode file. */
function ruleDescription(name: string): string {
  const lines = findFile('microcode', name, '').text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith(';'));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^;+\s*/, ''))
    .join(' ');
}

function firstSentence(text: string): string {
  const whole = text.replace(/\s+/g, ' ').trim();
  return /^(.*?)\.(?: |$)/.exec(whole)?.[1] ?? whole;
}
