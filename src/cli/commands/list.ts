import { findHwModel, findProgram, loadExperiment } from '../../experiment/index.ts';
import { bundledNames, findFile } from '../../fs/index.ts';
import { table } from '../../report/node.ts';
import { type FileKind, PlasticoreError, suggest } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { jsonOption } from '../options.ts';
import { printData } from './list-data.ts';

/** The bundled files by their heading: the kind of each, how to read a file, and what the list says of it. */
const kinds: readonly {
  readonly heading: string;
  readonly kind: FileKind;
  read(name: string): object;
  readonly columns: readonly string[];
}[] = [
  {
    heading: 'experiments',
    kind: 'experiment',
    read: (name) => loadExperiment(findFile('experiment', name, '')).spec,
    columns: ['description'],
  },
  {
    heading: 'programs',
    kind: 'program',
    read: (name) => findProgram({ name, from: '' }, findFile).spec,
    columns: ['description'],
  },
  { heading: 'rules', kind: 'microcode', read: readRule, columns: ['description'] },
  {
    heading: 'hw-models',
    kind: 'hw-model',
    read: (name) => findHwModel({ name, from: '' }, '', findFile),
    columns: ['arithmetic', 'lanes', 'technologyNm', 'description'],
  },
];
const names = [...kinds.map(({ heading }) => heading), 'data'];

export const listCommand = defineCommand({
  positionals: ['kind'],
  options: {
    kind: { type: 'string', describe: `One of ${names.join(', ')}, in more words` },
    json: jsonOption,
  },
  examples: [
    ['list', 'everything that commands know by name'],
    ['list hw-models', 'cores and chips'],
    ['list data', 'data sets of the package, file formats and encoders'],
  ],
  run({ kind, json }, { print, style }) {
    if (kind !== undefined && !names.includes(kind))
      throw new PlasticoreError('usage', `there is no list '${kind}'; ${suggest(kind, names)}`);
    if (kind === 'data') {
      printData(json === true, { print, style });
      return;
    }
    const listed = kinds
      .filter(({ heading }) => kind === undefined || heading === kind)
      .map(({ heading, kind: of, read, columns }) => ({
        heading,
        files: bundledNames(of).map((name): Readonly<Record<string, unknown>> => {
          const said = new Map(Object.entries(read(name)));
          return kind === undefined
            ? { name, description: firstSentence(String(said.get('description'))) }
            : { name, ...Object.fromEntries(columns.map((column) => [column, said.get(column)])) };
        }),
      }));
    if (json) {
      const byHeading = Object.fromEntries(listed.map(({ heading, files }) => [heading, files]));
      print(JSON.stringify(kind === undefined ? byHeading : byHeading[kind], null, 2));
      return;
    }
    const tables = listed.map(({ heading, files }) => {
      const rows = files.map((file) => Object.values(file).map(String));
      return table(
        [
          heading,
          ...Object.keys(files[0] ?? {})
            .fill('')
            .slice(1),
        ],
        rows,
        'l',
        style,
      );
    });
    print(tables.join('\n\n'));
  },
});

/** The comment at the top of a microcode file. */
function readRule(name: string): { readonly description: string } {
  const lines = findFile('microcode', name, '').text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith(';'));
  const comment = lines.slice(0, end < 0 ? lines.length : end).map((line) => line.replace(/^;+\s*/, ''));
  return { description: comment.join(' ') };
}

function firstSentence(text: string): string {
  const whole = text.replace(/\s+/g, ' ').trim();
  return /^(.*?)\.(?: |$)/.exec(whole)?.[1] ?? whole;
}
