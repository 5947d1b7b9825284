import * as z from 'zod';
import { bundledNames, readBytes } from '../fs/index.ts';
import { attempt, isBareName, PlasticoreError, parseYaml } from '../text/index.ts';
import { isImagePath } from './files.ts';

type Kind = 'image' | 'experiment' | 'program' | 'hw-model';

/** For a bundled name, an experiment before a program; for a file, the kind that it states. */
export function kindOf(file: string): Kind {
  if (isBareName(file)) {
    const named = (['experiment', 'program', 'hw-model'] as const).find((kind) =>
      bundledNames(kind).includes(file),
    );
    if (named !== undefined) return named;
    throw new PlasticoreError('usage', `there is no bundled experiment or program '${file}'`, {
      hint: 'plasticore list shows them; a file is named by a path, such as ./net.yaml',
    });
  }
  if (isImagePath(file)) return 'image';
  const bytes = readBytes(file);
  // An image is packed: its first byte begins a map, and is no text.
  if ((bytes[0] ?? 0) >= 0x80 && bytes[0] !== byteOrderMark) return 'image';
  const kind = statedFormat(new TextDecoder().decode(bytes));
  if (kind === 'experiment' || kind === 'program' || kind === 'hw-model') return kind;
  throw new PlasticoreError('usage', 'neither an image nor a file that states its format', {
    file,
    hint: 'an experiment or a program has a key such as format: plasticore/program/1',
  });
}

/** The first byte of a text in UTF-8 that begins with a mark. */
const byteOrderMark = 0xef;

/** The kind of file that a YAML text states among its own keys; a text that merely shows such a file states none. */
function statedFormat(text: string): string | undefined {
  // A mapping in braces, as JSON is: its keys stand anywhere.
  if (/^(?:\s|#.*\n|---)*\{/.test(text)) {
    const read = attempt(() => parseYaml(text, '', z.looseObject({ format: z.string() })).value.format);
    return typeof read === 'string' ? /^plasticore\/([\w-]+)\//.exec(read)?.[1] : undefined;
  }
  for (const line of text.slice(0, 2 ** 16).split(/\r?\n/)) {
    const stated = /^format:\s*['"]?plasticore\/([\w-]+)\//.exec(line)?.[1];
    if (stated !== undefined) return stated;
    // Above it stand other keys, what belongs to them, comments, and the start of the document.
    if (!/^([\w-]+:|\s|[-#%]|$)/.test(line)) return undefined;
  }
  return undefined;
}
