/** A design as files that the command line runs to the same bytes. */
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { compilerVersion } from '../../src/compiler/index.ts';
import { type CellChoice, type Experiment, loadCell } from '../../src/experiment/index.ts';
import {
  command,
  type FileKind,
  type Find,
  option,
  PlasticoreError,
  type SourceText,
} from '../../src/text/index.ts';
import type { Design } from '../shared/design.ts';
import { chosen } from './compile.ts';

/** A file that the design uses, and how others name it. */
interface UsedFile {
  readonly kind: FileKind | 'arrays';
  readonly content: string | Uint8Array;
  /** The files that name it, and by what. */
  readonly references: { readonly reference: string; readonly from: string }[];
}

/**
 * The files of a design, by path: `experiment.yaml`, `program.yaml`, `core.yaml`, the rules, and whatever else these
 * name. They use nothing that comes with the package, so that another version of it runs the same.
 *
 * @param find knows the design's edits
 */
export function designFiles(design: Design, find: Find): Readonly<Record<string, string | Uint8Array>> {
  const { recording, used } = recorder(find);
  const { experiment, choice } = chosen(design, recording);
  const { source, spec } = experiment;
  loadCell(experiment, choice, recording);
  const pathOf = newPaths([...used].filter(([file]) => file !== source.file));
  // The other precisions may name further files, such as a baseline.
  for (const precision of spec.precisions) loadIfRight(experiment, { ...choice, precision }, recording);
  const files = [...used]
    .filter(([file]) => file !== source.file)
    .map(([file, { content }]) => {
      const isYaml = typeof content === 'string' && file.endsWith('.yaml');
      return [pathOf(file), isYaml ? renamed(content, file, used, pathOf) : content] as const;
    });
  return {
    'README.md': readme(spec.name),
    'experiment.yaml': experimentText(design, source, used, pathOf),
    ...Object.fromEntries(files.sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function loadIfRight(experiment: Experiment, choice: CellChoice, find: Find): void {
  try {
    loadCell(experiment, choice, find);
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
  }
}

/** Finds files, and notes which. */
function recorder(find: Find) {
  const used = new Map<string, UsedFile>();
  const note = (
    kind: UsedFile['kind'],
    file: string,
    content: UsedFile['content'],
    reference: string,
    from: string,
  ) => {
    const { references } = used.get(file) ?? { references: [] };
    used.set(file, { kind, content, references: [...references, { reference, from }] });
  };
  const findText = (kind: FileKind, reference: string, from: string) => {
    const found = find(kind, reference, from);
    note(kind, found.file, found.text, reference, from);
    return found;
  };
  const { bytes } = find;
  const recording: Find = Object.assign(findText, {
    ...(bytes !== undefined && {
      bytes: (reference: string, from: string) => {
        const found = bytes(reference, from);
        note('arrays', found.file, found.bytes, reference, from);
        return found;
      },
    }),
  });
  return { recording, used };
}

/**
 * The program is `program.yaml`, and the core `core.yaml`. The folders of the package stand in the folder of the
 * experiment, except where two files would have one name.
 *
 * @param used in the order in which they were found: a core is found before those that it names
 */
function newPaths(used: readonly (readonly [string, UsedFile])[]): (file: string) => string {
  const first = (kind: FileKind): string => used.find(([, each]) => each.kind === kind)?.[0] ?? '';
  const paths = new Map([
    [first('program'), 'program.yaml'],
    [first('hw-model'), 'core.yaml'],
  ]);
  const taken = new Set([...paths.values(), 'experiment.yaml', 'README.md']);
  return (file) => {
    const known = paths.get(file);
    if (known !== undefined) return known;
    const short = file.replace(/^(programs|hw-models|experiments)\//, '');
    const path = taken.has(short) ? file : short;
    paths.set(file, path);
    taken.add(path);
    return path;
  };
}

/** The key of arrays. Their bundled files may have the name of another bundled file. */
const arraysKey = 'file';

/** What a file calls others, by the key that names them, and the new paths of these from its own. */
function newNames(
  file: string,
  path: string,
  used: ReadonlyMap<string, UsedFile>,
  pathOf: (file: string) => string,
): (key: string, reference: string) => string | undefined {
  const names = new Map(
    [...used].flatMap(([target, { kind, references }]) =>
      references
        .filter(({ from }) => from === file)
        .map(({ reference }) => {
          const isArrays = kind === 'arrays';
          return [`${isArrays} ${reference}`, relativePath(path, pathOf(target))] as const;
        }),
    ),
  );
  return (key, reference) => names.get(`${key === arraysKey} ${reference}`);
}

/** A text in which the files that it names have their new paths. All else stays as it is. */
function renamed(
  text: string,
  file: string,
  used: ReadonlyMap<string, UsedFile>,
  pathOf: (file: string) => string,
): string {
  const targets = newNames(file, pathOf(file), used, pathOf);
  const places: { readonly start: number; readonly end: number; readonly path: string }[] = [];
  visit(parseDocument(text), {
    Pair(_, { key, value }, ancestors) {
      if (!isScalar(value) || typeof value.value !== 'string' || !value.range) return;
      const name = isScalar(key) ? String(key.value) : '';
      const path = targets(name, value.value);
      const parent = ancestors.at(-2);
      const isRule = isPairOf(parent, 'microcode');
      if (path === undefined || path === value.value || !(isRule || fileKeys.includes(name))) return;
      places.push({ start: value.range[0], end: value.range[1], path });
    },
  });
  return withoutSchema(
    places
      .sort((one, other) => other.start - one.start)
      .reduce((whole, { start, end, path }) => whole.slice(0, start) + path + whole.slice(end), text),
  );
}

/** Keys whose values name files. */
const fileKeys: readonly string[] = ['extends', 'baseline', 'macros', arraysKey];

function isPairOf(node: unknown, key: string): boolean {
  if (typeof node !== 'object' || node === null || !('key' in node)) return false;
  return isScalar(node.key) && node.key.value === key;
}

function relativePath(from: string, to: string): string {
  return '../'.repeat(from.split('/').length - 1) + to;
}

/** Without the line that names a schema, which is not in the folder. */
function withoutSchema(text: string): string {
  return text.replace(/^# yaml-language-server: .*\n/, '');
}

/** The experiment with all that the design chooses. */
function experimentText(
  design: Design,
  { text, file }: SourceText,
  used: ReadonlyMap<string, UsedFile>,
  pathOf: (file: string) => string,
): string {
  const document = parseDocument(withoutSchema(text));
  const names = newNames(file, 'experiment.yaml', used, pathOf);
  const { precision, seed, settings } = design;
  const add = (list: string, name: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    const listed: unknown = document.toJS()[list];
    const isListed = Array.isArray(listed) && listed.includes(value);
    if (!isListed) document.set(list, [...(Array.isArray(listed) ? listed : []), value]);
    document.setIn(['default', name], value);
  };
  const choices = Object.entries(settings);
  for (const [path, value] of choices.filter(([path]) => path.startsWith('experiment.')))
    document.setIn(keysOf(path).slice(1), value);
  document.set('program', 'program.yaml');
  document.set('hw', 'core.yaml');
  const own = document.get('set');
  if (isMap(own))
    visit(own, {
      // A setting names a file itself, or a key within it does.
      Pair(_, { key, value }, ancestors) {
        if (!isScalar(value) || typeof value.value !== 'string') return;
        const name = isScalar(key) ? String(key.value) : '';
        const isFile = ancestors.at(-1) === own || fileKeys.includes(name);
        if (isFile) value.value = names(name, value.value) ?? value.value;
      },
    });
  add('precisions', 'precision', precision);
  add('seeds', 'seed', seed);
  for (const [path, value] of choices.filter(([path]) => !path.startsWith('experiment.'))) {
    // The last one counts, so that it has to stand behind those that were there.
    if (isMap(document.get('set'))) document.deleteIn(['set', path]);
    document.setIn(['set', path], typeof value === 'string' ? pathOf(value) : value);
  }
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

const keysOf = (path: string): (string | number)[] =>
  path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));

function readme(name: string): string {
  return `# ${name}, from the playground of Plasticore ${compilerVersion}

    ${command('run experiment.yaml')}

runs what the page runs, to the same state: the page's own run to its end has the hash that report.json holds as
\`provenance.stateSha256\` (${command('run experiment.yaml', option('json', 'report.json'))}). Data that you have dropped on the page
are not here: ${command('run experiment.yaml', option('data', 'FILE'))} names them.
`;
}
