import {
  type Conventions,
  conventions,
  type Framework,
  isNeuron,
  type NirGraph,
  type NodeConventions,
} from '../nir/index.ts';
import { option, type Place, PlasticoreError, suggest } from '../text/index.ts';

/** A choice that the file left open. */
export interface Decision {
  /** The subject of the choice: the time step, the reset, ... */
  readonly what: string;
  readonly value: string | number | boolean;
  readonly why: string;
}

/** Kinds of reset, by their names on a command line. */
export const resetNames = [
  'zero',
  'subtract',
  'value',
  'subtract-now',
  'zero-late',
  'subtract-late',
] as const;
/** When a neuron fires, by its name on a command line. */
export const firesNames = ['above', 'reaches', 'each'] as const satisfies readonly NodeConventions['fires'][];
export const leakNames = ['euler', 'exponential'] as const satisfies readonly NodeConventions['leak'][];
export const currentNames = [
  'euler',
  'jump',
  'leaking-jump',
] as const satisfies readonly NodeConventions['current'][];
export const startNames = ['zero', 'leak', 'reset'] as const satisfies readonly NodeConventions['start'][];
type ResetName = (typeof resetNames)[number];

/** A choice for all neurons, and others for single nodes. */
export interface ByNode<T> {
  readonly all?: T | undefined;
  readonly nodes: ReadonlyMap<string, T>;
}

/** Choices of the user where the file leaves them open. */
export interface GivenRules {
  readonly from?: Framework | undefined;
  readonly dt?: ByNode<number> | undefined;
  readonly reset?: ByNode<ResetName> | undefined;
  readonly fires?: ByNode<NodeConventions['fires']> | undefined;
  readonly leak?: ByNode<NodeConventions['leak']> | undefined;
  readonly current?: ByNode<NodeConventions['current']> | undefined;
  readonly normalised?: ByNode<boolean> | undefined;
  readonly start?: ByNode<NodeConventions['start']> | undefined;
  /** Where a file chooses something of all nodes, or of one; undefined where an option does. */
  readonly placeOf?:
    | ((choice: keyof NodeConventions, node: string | undefined) => Place | undefined)
    | undefined;
}

/** The readings that a file leaves open, and an option can choose. */
export const openChoices = ['dt', 'reset', 'fires', 'leak', 'current'] as const;
export type OpenChoice = (typeof openChoices)[number];
/** The readings that a file of NIR leaves open, and a file of readings can choose. */
export const readingChoices = [...openChoices, 'normalised', 'start'] as const;

const words: Readonly<Record<keyof NodeConventions, string>> = {
  dt: 'time step',
  leak: 'how potentials leak',
  normalised: 'whether an exponential leak scales the input',
  current: 'how currents take their input',
  fires: 'when a neuron fires',
  reset: 'what a spike does to the potential',
  start: 'where potentials start',
};

/**
 * The conventions to use, each with its reason.
 *
 * @throws PlasticoreError `usage` for a node that is no neuron, and for a reset to zero of neurons that reset to
 *   another value
 */
export function rulesOf(
  given: GivenRules,
  graph: Pick<NirGraph, 'nodes'>,
): {
  readonly rules: Conventions;
  readonly decisions: readonly Decision[];
} {
  const { from } = given;
  const own: Conventions = conventions[from ?? 'strict'];
  const choices = { ...given, reset: given.reset && mapped(given.reset, (name) => resetOf(name, own)) };
  const nodes = new Map<string, Partial<NodeConventions>>();
  for (const choice of readingChoices)
    for (const [node, value] of choices[choice]?.nodes ?? []) {
      checkNode(given, choice, node, graph);
      nodes.set(node, { ...nodes.get(node), [choice]: value });
    }
  const chosen = Object.fromEntries(
    readingChoices.flatMap((choice) => {
      const all = choices[choice]?.all;
      return all === undefined ? [] : [[choice, all]];
    }),
  );
  const rules: Conventions = { ...own, ...chosen, ...(nodes.size > 0 && { nodes }) };
  refuseOtherResets(given, rules, graph);
  const convention =
    from === undefined
      ? 'default: the equations of NIR at their word; the file does not say'
      : `convention of ${from}`;
  const decisions = entries(words).map(
    ([key, what]): Decision => ({
      what: `${what} (${key})`,
      value: rules[key],
      why: key in chosen ? 'given' : convention,
    }),
  );
  for (const [node, own] of nodes)
    for (const [key, value] of entries(own))
      decisions.push({ what: `${words[key]} of '${node}' (${key})`, value, why: 'given' });
  return { rules, decisions };
}

function mapped<From, To>({ all, nodes }: ByNode<From>, by: (choice: From) => To): ByNode<To> {
  return {
    ...(all !== undefined && { all: by(all) }),
    nodes: new Map([...nodes].map(([node, choice]) => [node, by(choice)])),
  };
}

function checkNode(
  given: GivenRules,
  choice: keyof NodeConventions,
  name: string,
  { nodes }: Pick<NirGraph, 'nodes'>,
): void {
  const node = nodes.get(name);
  if (node !== undefined && isNeuron(node.type)) return;
  const neurons = [...nodes].flatMap(([other, { type }]) => (isNeuron(type) ? [other] : []));
  const message =
    node === undefined ? `the graph has no node '${name}'` : `node '${name}' is a ${node.type}, no neurons`;
  throw wrongChoice(message, suggest(name, neurons), option(choice), given.placeOf?.(choice, name));
}

/** A fault in what a file of readings chooses, or else an option. */
function wrongChoice(
  message: string,
  hint: string,
  chosen: string,
  place: Place | undefined,
): PlasticoreError {
  return place === undefined
    ? new PlasticoreError('usage', `${chosen}: ${message}`, { hint })
    : new PlasticoreError('invalid-value', message, { ...place, hint });
}

/** A reset to zero that acts at once equals one to v_reset if that is zero, as in most files. */
function refuseOtherResets(
  { reset: given, placeOf }: GivenRules,
  { reset }: Conventions,
  { nodes }: Pick<NirGraph, 'nodes'>,
): void {
  if (given === undefined || reset.endsWith('late')) return;
  for (const [name, { parameters }] of nodes) {
    if ((given.nodes.get(name) ?? given.all) !== 'zero') continue;
    const other = parameters.get('v_reset')?.values.find((value) => value !== 0);
    if (other === undefined) continue;
    const isOwn = given.nodes.has(name);
    throw wrongChoice(
      `node '${name}' has a v_reset of ${other}`,
      `${option('reset', 'value')} resets to v_reset`,
      option('reset', isOwn ? `${name}=zero` : 'zero'),
      placeOf?.('reset', isOwn ? name : undefined),
    );
  }
}

function entries<Entry extends object>(record: Entry): [keyof Entry, NonNullable<Entry[keyof Entry]>][] {
  return Object.entries(record) as [keyof Entry, NonNullable<Entry[keyof Entry]>][];
}

/** `zero` and `subtract` act when the framework's reset acts. */
function resetOf(name: ResetName, { reset }: Conventions): Conventions['reset'] {
  const isLate = reset.endsWith('late');
  if (name === 'zero') return isLate ? 'zero-late' : 'value';
  if (name === 'subtract') return isLate ? 'subtract-late' : 'subtract';
  if (name === 'subtract-now') return 'subtract';
  return name;
}
