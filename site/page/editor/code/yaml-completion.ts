/** Completions at a place in a YAML text: keys and values of its format, and names that the text defines. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { FileKind, Path } from '../../../../src/text/index.ts';
import { meaningDom, type WordOffer } from './microcode-completion.ts';
import type { Vocabulary } from './names.ts';
import { type KeyEntry, keysIn, spotAt } from './yaml-path.ts';
import { describeKey, keysAt, type Schema, schemaFor, valuesAt } from './yaml-schema.ts';

/** Names of files, by what refers to them. */
export interface FileNames {
  readonly programs: readonly string[];
  readonly cores: readonly string[];
  /** As programs refer to them: `rules/lif.uc`. */
  readonly rules: readonly string[];
}

/** Completions for a text of a kind at an offset. */
export function yamlOffersAt(
  text: string,
  offset: number,
  schema: Schema,
  names: { readonly known: Vocabulary; readonly files: FileNames },
): { readonly from: number; readonly offers: readonly WordOffer[] } | undefined {
  const spot = spotAt(text, offset);
  if (spot === undefined) return undefined;
  const { path, is, from, hasColon, taken } = spot;
  const keys = keysIn(text);
  const values = [
    ...valuesAt(schema, path).map((label): WordOffer => ({ label, type: 'constant' })),
    ...namesAt(path, keys, names).map((label): WordOffer => ({ label, type: 'variable' })),
  ];
  if (is === 'value') return { from, offers: values };
  const offers = keysAt(schema, path)
    .filter(({ key }) => !taken.includes(key))
    .map(
      ({ key, meaning, detail, opensBlock }): WordOffer => ({
        label: key,
        type: 'property',
        meaning: { title: key, meaning, detail },
        apply: hasColon ? key : opensBlock ? `${key}:` : `${key}: `,
      }),
    );
  // An item of a list is a value as long as it is no mapping.
  return { from, offers: taken.length > 0 ? offers : [...offers, ...values] };
}

/** Names that fit at a path: the text defines them, or they are files. */
function namesAt(
  path: Path,
  keys: readonly KeyEntry[],
  { known, files }: { readonly known: Vocabulary; readonly files: FileNames },
): readonly string[] {
  const under = (key: string) =>
    keys.flatMap(({ path: each }) => (each.length === 2 && each[0] === key ? [String(each[1])] : []));
  const populations = under('populations');
  const projections = under('projections');
  const kernels = [...new Set(known.kernels.map(({ name }) => name.replace(/\(.*$/, '')))];
  const fields = keys.flatMap(({ path: each }) =>
    each.length === 4 && (each[0] === 'populations' || each[0] === 'projections') && each[2] === 'fields'
      ? [`${each[1]}.${each[3]}`]
      : [],
  );
  const last = path.findLast((step) => typeof step === 'string');
  if (path.length === 1) {
    if (last === 'program') return files.programs;
    if (last === 'hw' || last === 'extends' || last === 'baseline') return files.cores;
    if (last === 'input') return populations;
    if (last === 'readout') return fields;
  }
  if (path[0] === 'microcode') return files.rules;
  if (path[0] === 'projections') return last === 'from' || last === 'to' ? populations : [];
  if (path[0] !== 'events') return [];
  if (last === 'run') return kernels.filter((name) => !name.includes(' '));
  if (last === 'over') return [...populations, ...projections];
  if (last === 'deliver') return populations;
  return last === 'clear' || last === 'stopUnlessAny' ? [...fields, ...known.fields] : [];
}

/** The meaning of the key at an offset. */
export function explainKey(text: string, offset: number, schema: Schema) {
  const key = keysIn(text).find(({ from, to }) => from <= offset && offset <= to);
  if (key === undefined) return undefined;
  const found = describeKey(schema, key.path);
  return found && { title: String(key.path.at(-1)), ...found, from: key.from, to: key.to };
}

/** The completion source of the editor. */
export function completeYaml(
  kind: FileKind,
  namesNow: () => { readonly known: Vocabulary; readonly files: FileNames },
) {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w./-]+$/);
    if (word === null && !context.explicit) return null;
    const schema = await schemaFor(kind);
    if (schema === undefined || context.aborted) return null;
    const found = yamlOffersAt(context.state.doc.toString(), context.pos, schema, namesNow());
    if (found === undefined || found.offers.length === 0) return null;
    const seen = new Set<string>();
    const offers = found.offers.filter(({ label }) => !seen.has(label) && seen.add(label));
    return { from: found.from, options: offers.map(completionOf), validFor: /^[\w./-]*$/ };
  };
}

function completionOf({ label, type, apply, meaning }: WordOffer): Completion {
  return {
    label,
    type,
    ...(apply !== undefined && { apply }),
    ...(meaning !== undefined && {
      detail: meaning.detail,
      info: () => meaningDom({ ...meaning, detail: '' }),
    }),
  };
}
