/** The word under the pointer, explained. */
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { FileKind } from '../../../../src/text/index.ts';
import { meaningDom } from './microcode-completion.ts';
import type { Vocabulary } from './names.ts';
import { explainWord, type Meaning } from './words.ts';
import { explainKey } from './yaml-completion.ts';
import { schemaFor } from './yaml-schema.ts';

export function hoverMicrocode(vocabularyNow: () => Vocabulary): Extension {
  return hoverTooltip(({ state }, offset) => {
    const line = state.doc.lineAt(offset);
    const found = explainWord(state.doc.toString(), line.number, offset - line.from, vocabularyNow());
    if (found === undefined) return null;
    const from = line.from + found.word.from;
    return tooltip(found, from, from + found.word.text.length);
  });
}

export function hoverYaml(kind: FileKind): Extension {
  return hoverTooltip(async ({ state }, offset) => {
    const schema = await schemaFor(kind);
    const found = schema && explainKey(state.doc.toString(), offset, schema);
    return found === undefined ? null : tooltip(found, found.from, found.to);
  });
}

function tooltip(meaning: Meaning, pos: number, end: number) {
  return { pos, end, above: true, create: () => ({ dom: meaningDom(meaning) }) };
}
