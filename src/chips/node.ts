/** Loads the chip of a module: for Node only, where code of others can be run. */
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hashModule } from '../fs/index.ts';
import { PlasticoreError, type SourceModule } from '../text/index.ts';
import { type Chip, chipFrom, type NamedChip } from './chip.ts';
import { chips as bundledChips } from './index.ts';

/**
 * Imports a module whose default export is a chip. Its code runs with all rights of this process.
 *
 * @throws PlasticoreError `image` if it is not the text that was hashed any more, `file` if it cannot be imported,
 * `invalid-value` or `unknown-key` if its default export is no chip
 */
export async function loadChip(module: SourceModule): Promise<Chip> {
  const { file, url, sha256 } = module;
  const path = fileURLToPath(url);
  const name = /([^/\\]+)\.m?js$/.exec(path)?.[1] ?? path;
  if (bundledChips.some((chip) => chip.name === name))
    throw new PlasticoreError('usage', `'${name}' is a bundled chip`, {
      file,
      hint: 'give the module another name: it is the name of its chip',
    });
  const now = hashModule(path);
  if (now !== sha256)
    throw new PlasticoreError('image', `has changed since: its SHA-256 was ${sha256}, and is ${now}`, {
      file,
      hint: 'a run, its checkpoints and its images belong to one text of the module: start anew',
    });
  provideKit();
  const chip = chipFrom(await importDefault(file, url, sha256), file);
  if (chip.name !== name)
    throw new PlasticoreError(
      'invalid-value',
      `name: expected '${name}', as the file, found '${chip.name}'`,
      {
        file,
      },
    );
  return { ...chip, module };
}

/** The bundled chips, and the one in a module that something runs on, if it is in one. */
export async function chipsFor(
  named: ({ readonly module?: SourceModule | undefined } & NamedChip) | undefined,
) {
  return named?.module === undefined ? bundledChips : [...bundledChips, await loadChip(named.module)];
}

async function importDefault(file: string, url: string, sha256: string): Promise<unknown> {
  try {
    // Node keeps a module by its URL, so that one with another text needs another.
    const exported: { readonly default?: unknown } = await import(`${url}?sha256=${sha256}`);
    return exported.default;
  } catch (error) {
    if (error instanceof PlasticoreError) throw error.file === undefined ? error.at({ file }) : error;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new PlasticoreError('file', `cannot be imported: ${message}`, {
      file,
      ...lineOf(error, url),
      hint: "expected an ES module whose default export is a chip; it may import 'plasticore/chips'",
    });
  }
}

/** Where in a module an error came up, as its stack says. */
function lineOf(error: unknown, url: string): { readonly line?: number } {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(url);
  const line = at < 0 ? undefined : /^(?:\?sha256=\w+)?:(\d+)/.exec(stack.slice(at + url.length))?.[1];
  return line === undefined ? {} : { line: Number(line) };
}

let isKitProvided = false;

/**
 * Lets modules import `plasticore/chips` from wherever they are: the package that runs answers, and no other copy of it
 * that may be installed beside them.
 */
function provideKit(): void {
  if (isKitProvided) return;
  const kit = new URL(import.meta.url.endsWith('.ts') ? './kit.ts' : './kit.js', import.meta.url).href;
  const hook = `export const resolve = (name, context, next) =>
    next(name === 'plasticore/chips' ? ${JSON.stringify(kit)} : name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  isKitProvided = true;
}
