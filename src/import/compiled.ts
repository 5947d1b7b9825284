/** The image of a program that an import has just made. */
import { compile } from '../compiler/index.ts';
import type { HwModel } from '../hardware/index.ts';
import type { Image } from '../image/index.ts';
import { loadProgram, type Program } from '../program/index.ts';
import { type Find, PlasticoreError } from '../text/index.ts';
import { importFiles } from './files.ts';
import type { ImportedNetwork } from './import.ts';

/** Compiles a program that was just made. Its file may not be there, so that a fault quotes it. */
export function compiledFrom(
  imported: Pick<ImportedNetwork, 'description'>,
  files: ReadonlyMap<string, string | Uint8Array>,
  source: string,
  hw: HwModel,
  precision: string,
  find: Find,
): Image {
  try {
    return compile(programOf(imported, files, find), hw, { precision, seed: 1 });
  } catch (error) {
    if (!(error instanceof PlasticoreError) || error.file?.startsWith(importFiles.program) !== true)
      throw error;
    const { neurons: microcode } = imported.description.microcode;
    const text =
      error.file === importFiles.program || typeof microcode !== 'object'
        ? String(files.get(importFiles.program))
        : microcode.text;
    const line = text.split('\n')[(error.line ?? 0) - 1];
    const made = `in the program made from ${source}${line === undefined ? '' : `, '${line.trim()}'`}`;
    throw new PlasticoreError(error.code, `${made}: ${error.parts.message}`, { hint: error.hint });
  }
}

/** The program as it stands in its files. */
function programOf(
  { description }: Pick<ImportedNetwork, 'description'>,
  files: ReadonlyMap<string, string | Uint8Array>,
  find: Find,
): Program {
  const text = String(files.get(importFiles.program));
  const weights = files.get(importFiles.weights);
  return loadProgram(
    { text, file: importFiles.program },
    {
      microcode: (reference, from) => find('microcode', reference, from),
      arrays: (name) => {
        if (weights instanceof Uint8Array) return { file: name, bytes: weights };
        throw new Error(`${description.name} has no ${name}`);
      },
    },
  );
}
