import { bundledTexts } from 'plasticore/bundled';
import { compilerVersion } from '../../src/compiler/index.ts';
import type { Catalogue } from '../shared/protocol.ts';

/** The bundled files, from their texts alone: the page asks for them as soon as it opens. */
export function catalogue(): Catalogue {
  const named = (folder: string) =>
    Object.entries(bundledTexts)
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, text]) => ({
        name: path.slice(folder.length + 1, -'.yaml'.length),
        description: describedIn(text),
      }));
  return {
    version: compilerVersion,
    experiments: named('experiments'),
    cores: named('hw-models'),
    texts: bundledTexts,
  };
}

/** The description in a YAML text, on one line. */
function describedIn(text: string): string {
  const [, block = ''] = /^description: *(?:>-?)?\s*\n?((?:.*\n)(?: {2}.*\n)*)/m.exec(text) ?? [];
  return block.replace(/\s+/g, ' ').trim();
}
