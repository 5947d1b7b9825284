/** Names that a kernel of microcode may use: fields by role, parameters, generators. */
import {
  domains,
  eventScalars,
  hostScalars,
  indexField,
  neuronAlias,
  type Role,
  roleMeanings,
  valueField,
} from '../../../../src/isa/index.ts';
import { tableOf } from '../../../../src/text/index.ts';
import { nameParts } from '../kernels.ts';
import { type KeyEntry, keysIn } from './yaml-path.ts';

/** The names of the running design. */
export interface DesignNames {
  readonly populations: readonly { readonly name: string }[];
  readonly projections: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Names of all fields: `hidden.v`, `inputToHidden.shadow`. */
  readonly fields: readonly string[];
  /** As the report names them: `learn(inputToHidden)`. */
  readonly kernels: readonly { readonly name: string }[];
  readonly programText: string;
  readonly coreText: string;
}

/** The names of the running design, with those that only its texts have. */
export interface Vocabulary extends Omit<DesignNames, 'programText' | 'coreText'> {
  /** Parameters of the program with their formulas, as it writes them. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly generators: readonly string[];
  /** Scalars that come with the program's named events. */
  readonly scalars: readonly string[];
}

export const emptyVocabulary: Vocabulary = {
  populations: [],
  projections: [],
  fields: [],
  kernels: [],
  parameters: new Map(),
  generators: [],
  scalars: [],
};

/** A field as a kernel may write it, and the arrays that it stands for. */
export interface FieldWord {
  /** `pre.trace` */
  readonly word: string;
  /** `input.trace`, `hidden.trace`; none for counters and scalars. */
  readonly arrays: readonly string[];
}

/** The roles of a domain, and the alias for its neuron; all of them for an unknown one, such as a routine's. */
export function rolesOf(domainName: string): string[] {
  const domain = domains.find(({ name }) => name === domainName);
  const roles: readonly Role[] = domain?.roles ?? (Object.keys(roleMeanings) as Role[]);
  const hasNeuron = roles.includes('self') || roles.includes('post');
  return [...roles, ...(hasNeuron ? [neuronAlias] : [])];
}

/** The roles whose fields may gate a kernel over a domain. */
export function gatesOf(domainName: string): string[] {
  return domains
    .filter(({ name }) => name === domainName)
    .flatMap((domain: (typeof domains)[number]) => [
      ...('rowGate' in domain ? [domain.rowGate] : []),
      ...('columnGate' in domain ? [domain.columnGate] : []),
    ]);
}

/**
 * The fields that a kernel may name. They are those of the populations and projections that it runs over; of all, where
 * it runs over none.
 */
export function fieldsOf(
  known: Vocabulary,
  kernel: { readonly name: string; readonly domain: string },
): FieldWord[] {
  const bound = known.kernels
    .map(({ name }) => nameParts(name))
    .filter((parts) => parts.kernel === kernel.name)
    .map(({ over }) => over);
  const isBound = ({ name }: { readonly name: string }) => bound.includes(name);
  const some = <T extends { readonly name: string }>(all: readonly T[]) =>
    all.some(isBound) ? all.filter(isBound) : all;
  const projections = some(known.projections);
  const owners: Readonly<Record<string, readonly string[]>> = tableOf({
    self: some(known.populations).map(({ name }) => name),
    pre: projections.map(({ from }) => from),
    post: projections.map(({ to }) => to),
    syn: projections.map(({ name }) => name),
  });
  const named = new Map<string, string[]>();
  const add = (word: string, ...arrays: string[]) =>
    named.set(word, [...new Set([...(named.get(word) ?? []), ...arrays])]);
  for (const role of rolesOf(kernel.domain)) {
    const own = role === neuronAlias ? (rolesOf(kernel.domain).includes('self') ? 'self' : 'post') : role;
    for (const owner of owners[own] ?? [])
      for (const field of known.fields)
        if (field.startsWith(`${owner}.`)) add(`${role}.${field.slice(owner.length + 1)}`, field);
    if (['self', 'pre', 'post'].includes(own)) add(`${role}.${indexField}`);
    if (own === 'host') for (const scalar of hostScalars) add(`host.${scalar}`);
    if (own === 'ev')
      for (const scalar of [...eventScalars, valueField, ...known.scalars]) add(`ev.${scalar}`);
  }
  return [...named].map(([word, arrays]) => ({ word, arrays }));
}

/** The keys of the latest texts, which are long and seldom change. */
const kept = new Map<string, readonly KeyEntry[]>();
const mostKept = 4;

/** Reads the keys of a text before somebody waits for them: {@link vocabularyOf} then has them. */
export function keysOf(text: string): readonly KeyEntry[] {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const keys = keysIn(text);
  if (kept.size === mostKept) kept.clear();
  kept.set(text, keys);
  return keys;
}

/** What the texts of the running design say beside it. */
export function vocabularyOf({ programText, coreText, ...rest }: DesignNames): Vocabulary {
  const program = keysOf(programText);
  return {
    ...rest,
    parameters: parametersOf(program),
    generators: keysUnder(keysOf(coreText), 'generators'),
    scalars: keysUnder(program, 'events', 'scalars'),
  };
}

/** The names that a mapping gives. */
function keysUnder(keys: readonly KeyEntry[], ...under: readonly string[]): string[] {
  return keys.flatMap(({ path }) =>
    path.length === under.length + 1 && under.every((key, index) => path[index] === key)
      ? [String(path.at(-1))]
      : [],
  );
}

/** Parameters of a program, and those that its lists give to kernels, each as it is first written. */
function parametersOf(keys: readonly KeyEntry[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path, text } of keys) {
    const [name] = path.slice(-1);
    const isParameter = (path[0] === 'parameters' && path.length === 2) || path.at(-2) === 'with';
    if (isParameter && typeof name === 'string' && !found.has(name)) found.set(name, text);
  }
  return found;
}
