/** Files of a design, and those beside it: what the editor lists. */
import { bundles, type FileKind } from '../../../src/text/index.ts';

export type Texts = Readonly<Record<string, string>>;

/** The files of a design, once it has been compiled. */
export interface RunningFiles {
  readonly experimentFile: string;
  readonly programFile: string;
  readonly hwFile: string;
  /** The program and its rules. */
  readonly sources: readonly string[];
}

export interface FileGroup {
  readonly kind: FileKind;
  readonly title: string;
  readonly files: readonly string[];
}

/** The kinds that are shown. Tables of macros are not: nothing runs on one. */
type ShownKind = Exclude<FileKind, 'macros'>;

const titles: Readonly<Record<ShownKind, string>> = {
  experiment: 'Experiments',
  program: 'Programs',
  microcode: 'Rules',
  'hw-model': 'Cores',
};

/** The kind of a bundled file, by its folder; undefined elsewhere. */
export function kindOf(path: string): FileKind | undefined {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return (Object.keys(titles) as ShownKind[]).find(
    (kind) => bundles[kind].folder === folder && path.endsWith(bundles[kind].extension),
  );
}

/** The name by which other files call it: `learn.uc`, `mnist-snn`. Rules keep their extension. */
export function shortName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/\.yaml$/, '');
}

/** The path of a bundled file, by kind and name. */
export function pathOf(kind: FileKind, name: string): string {
  const { folder, extension } = bundles[kind];
  return `${folder}/${name}${extension}`;
}

/** The text of a file as the design has it; undefined if there is none. */
export function textOf(path: string, edits: Texts, texts: Texts): string | undefined {
  return edits[path] ?? texts[path];
}

/**
 * Edits with a new text for a file. A text that is as it was before is no edit.
 *
 * @param text undefined for a file as it was before all edits: one that was made on the page is then gone
 */
export function withText(edits: Texts, path: string, text: string | undefined, texts: Texts): Texts {
  const { [path]: _, ...others } = edits;
  return text === undefined || text === texts[path] ? others : { ...others, [path]: text };
}

/** The running design's files: experiment, program, rules, core, and the cores that it extends. */
export function runningFiles(
  { experimentFile, programFile, hwFile, sources }: RunningFiles,
  edits: Texts,
  texts: Texts,
): string[] {
  const cores: string[] = [];
  for (let core: string | undefined = hwFile; core !== undefined && !cores.includes(core); ) {
    cores.push(core);
    const base = namedIn(textOf(core, edits, texts), 'extends');
    core = base === undefined ? undefined : pathOf('hw-model', base);
  }
  const rules = sources.filter((path) => path !== programFile);
  const all = [experimentFile, programFile, ...rules, ...cores];
  return [...new Set(all)].filter((path) => textOf(path, edits, texts) !== undefined);
}

/** The paths of all files: bundled ones, and those that were made on the page. */
export function pathsOf(edits: Texts, texts: Texts): string[] {
  return [...new Set([...Object.keys(texts), ...Object.keys(edits)])];
}

/** All files that are not running, by kind. */
export function otherFiles(running: readonly string[], edits: Texts, texts: Texts): FileGroup[] {
  return (Object.keys(titles) as ShownKind[]).map((kind) => ({
    kind,
    title: titles[kind],
    files: pathsOf(edits, texts)
      .filter((path) => kindOf(path) === kind && !running.includes(path))
      .sort(),
  }));
}

/** The change that runs a file which is not running now. */
export interface Offer {
  readonly experiment?: string;
  readonly hw?: string;
  readonly words: string;
}

/**
 * The ways to run a file: an experiment runs; on a core runs the present one; a program or a rule runs
 * through an experiment that uses it.
 *
 * @param experiment the name of the running one
 */
export function offerFor(path: string, experiment: string, edits: Texts, texts: Texts): Offer | undefined {
  const kind = kindOf(path);
  const name = shortName(path);
  if (kind === 'experiment') return { experiment: name, words: 'Run this experiment' };
  if (kind === 'hw-model') return { hw: name, words: `Run ${experiment} on this core` };
  const uses = (user: FileKind, isUse: (text: string) => boolean) =>
    pathsOf(edits, texts).filter((each) => kindOf(each) === user && isUse(textOf(each, edits, texts) ?? ''));
  const programs = kind === 'program' ? [path] : uses('program', (text) => text.includes(`rules/${name}`));
  const users = uses('experiment', (text) =>
    programs.some((program) => namedIn(text, 'program') === shortName(program)),
  ).map(shortName);
  // An experiment of the same name is the one that the program is known by.
  const [user] = users.includes(name) ? [name] : users;
  return user === undefined ? undefined : { experiment: user, words: `Run ${user}, which uses it` };
}

/** The bare name that a top-level key of a YAML text gives. */
function namedIn(text: string | undefined, key: string): string | undefined {
  return new RegExp(`^${key}: *['"]?([\\w-]+)['"]? *(?:#.*)?$`, 'm').exec(text ?? '')?.[1];
}

/** The file that is shown first: the rule that learns, else the first rule, else the program. */
export function firstFile(
  { programFile, sources }: RunningFiles,
  kernels: readonly {
    readonly counts: string | null;
    readonly source: { readonly file: string } | undefined;
  }[],
): string {
  const learns = kernels.find(({ counts, source }) => counts === 'update' && source !== undefined);
  return learns?.source?.file ?? sources.find((path) => path.endsWith('.uc')) ?? programFile;
}
