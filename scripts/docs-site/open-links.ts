/** Links that open in the playground what a page of the documentation shows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Design, defaultDesign } from '../../site/shared/design.ts';
import { writeLink } from '../../site/shared/link.ts';
import { defaultLook } from '../../site/shared/look.ts';
import { bundles, PlasticoreError } from '../../src/text/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
};

/** A block of a page between fences. */
export interface Block {
  /** What stands behind the opening fence. */
  readonly info: string;
  readonly text: string;
}

/**
 * The part of an address behind `playground/index.html` that opens a design there.
 *
 * @param file the file that its editor shows
 */
export function openLink(design: Design, file?: string): string {
  const look = { ...defaultLook, file };
  return `#${writeLink({ version, design, position: 0, isStill: false, look, pinned: undefined })}`;
}

/** The same, for a bundled experiment as it is. */
export const openExperiment = (experiment: string): string => openLink({ ...defaultDesign, experiment });

export const isMicrocode = ({ info }: Block): boolean => /^(asm|uc)\b/.test(info);

/**
 * The design in which a block of microcode runs, and the file that has it. The fence says which:
 *
 * - `asm in=mnist-snn:rules/lif.uc`: its kernels take the place of those with their names in a bundled file, which the
 *   named experiment uses
 * - `asm recent.uc`: the page writes out this file, and the experiment that uses it
 *
 * @param page all blocks of the page
 * @throws PlasticoreError where the fence names neither, or there is nothing of that name
 */
export function designOf(
  block: Block,
  page: readonly Block[],
): { readonly design: Design; readonly file: string } {
  const [, place = ''] = block.info.split(' ');
  const [, experiment, rule] = /^in=([\w-]+):(.+)$/.exec(place) ?? [];
  if (experiment === undefined || rule === undefined) return designOfPage(place, page);
  const file = `${bundles.program.folder}/${rule}`;
  const text = withKernels(readFileSync(join(root, file), 'utf8'), block.text, file);
  return { design: { ...defaultDesign, experiment, edits: { [file]: text } }, file };
}

function designOfPage(
  rule: string,
  page: readonly Block[],
): { readonly design: Design; readonly file: string } {
  const files = page.flatMap(({ info, text }) => {
    const [, name] = info.split(' ');
    return name === undefined || !/^[\w-]+\.(yaml|uc)$/.test(name) ? [] : [{ name, text }];
  });
  const experiment = files.find(({ text }) => /^format: plasticore\/experiment\//m.test(text));
  if (!files.some(({ name }) => name === rule) || experiment === undefined)
    throw new PlasticoreError('format', `a block of microcode says '${rule}', and not where it runs`, {
      hint: 'write ```asm in=EXPERIMENT:FILE, as in=mnist-snn:rules/lif.uc, or a file that the page writes out',
    });
  const { folder } = bundles.experiment;
  return {
    design: {
      ...defaultDesign,
      experiment: experiment.name.replace('.yaml', ''),
      edits: Object.fromEntries(files.map(({ name, text }) => [`${folder}/${name}`, text])),
    },
    file: `${folder}/${rule}`,
  };
}

/** A file of microcode with the kernels of a block in place of those with their names. */
export function withKernels(text: string, block: string, file: string): string {
  return [...block.matchAll(kernels)].reduce((whole, [kernel, name = '']) => {
    const old = [...whole.matchAll(kernels)].find(([, other]) => other === name)?.[0];
    if (old === undefined)
      throw new PlasticoreError('format', `${file} has no kernel '${name}' that a block could replace`, {
        hint: 'name a file in the fence that has one',
      });
    return whole.replace(old, () => kernel);
  }, text);
}

/** A kernel, from its head to its end. */
const kernels = /^kernel (\w+)[\s\S]*?^end$/gm;

/** The bundled experiments that a text names, each once: by name or path, as a command line does. */
export function experimentsIn(text: string, experiments: ReadonlySet<string>): string[] {
  const named = text
    .split(/\s+/)
    .map((word) => word.replace(/^(\.\/)?experiments\/([\w-]+)\.yaml$/, '$2'))
    .filter((word) => experiments.has(word));
  return [...new Set(named)];
}

/** The lines of a block for a shell that call the command. */
export function commandLines({ info, text }: Block): string {
  if (!/^(sh|console)$/.test(info)) return '';
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines.filter((line) => /\bplasticore /.test(line)).join('\n');
}
