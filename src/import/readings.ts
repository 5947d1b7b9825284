import {
  type Conventions,
  conventionsAt,
  isNeuron,
  type NeuronType,
  type NirGraph,
  type NodeConventions,
} from '../nir/index.ts';
import { asFlag } from '../text/index.ts';
import { type OpenChoice, openChoices } from './rules.ts';

/** How the neurons of a node are read. */
export interface Reading {
  readonly node: string;
  readonly type: NeuronType;
  /** The readings that a file leaves open, and on which such neurons depend. */
  readonly choices: Partial<NodeConventions>;
}

const spiking: readonly NeuronType[] = ['IF', 'LIF', 'CubaLIF'];
const leaking: readonly NeuronType[] = ['LI', 'LIF', 'CubaLI', 'CubaLIF'];
const withCurrent: readonly NeuronType[] = ['CubaLI', 'CubaLIF'];

/** The readings on which neurons of a type depend. */
export function keysFor(type: NeuronType, rules: NodeConventions): readonly (keyof NodeConventions)[] {
  const isScaled = leaking.includes(type) && rules.leak === 'exponential' && !withCurrent.includes(type);
  return [
    'dt',
    ...(leaking.includes(type) ? (['leak'] as const) : []),
    ...(isScaled ? (['normalised'] as const) : []),
    ...(withCurrent.includes(type) ? (['current'] as const) : []),
    ...(spiking.includes(type) ? (['fires', 'reset'] as const) : []),
    'start',
  ];
}

/** How each node with neurons is read. */
export function readingsOf({ nodes }: Pick<NirGraph, 'nodes'>, rules: Conventions): readonly Reading[] {
  return [...nodes].flatMap(([node, { type }]) => {
    if (!isNeuron(type)) return [];
    const own = conventionsAt(rules, node);
    const choices = Object.fromEntries(keysFor(type, own).map((key) => [key, own[key]]));
    return [{ node, type, choices }];
  });
}

/** The same in words, with the options that would change it; nodes that are read alike share a line. */
export function readingNotes(readings: readonly Reading[]): readonly string[] {
  const alike = new Map<string, Reading[]>();
  for (const reading of readings) {
    const text = `${reading.type}: ${wordsOf(reading.choices)}`;
    alike.set(text, [...(alike.get(text) ?? []), reading]);
  }
  return [...alike].map(([text, nodes]) => {
    const [first] = nodes;
    if (first === undefined) throw new Error(text);
    const names = nodes.map(({ node }) => `'${node}'`).join(', ');
    const changes = openChoices.filter((choice) => choice in first.choices);
    const options = changes.map((choice) => asFlag(choice, `${first.node}=${others(choice, first.choices)}`));
    return `${names}, ${text}; to read ${nodes.length === 1 ? 'it' : 'one'} otherwise: ${options.join(', ')}`;
  });
}

export function wordsOf({
  dt,
  leak,
  normalised,
  current,
  fires,
  reset,
  start,
}: Partial<NodeConventions>): string {
  return [
    `steps of ${dt}`,
    ...(leak === undefined ? [] : [`leak ${leak}${normalised === true ? ', input scaled' : ''}`]),
    ...(current === undefined ? [] : [`current ${current}`]),
    ...(fires === undefined ? [] : [`fires ${fires}`]),
    ...(reset === undefined ? [] : [`reset ${reset === 'subtract' ? 'subtract-now' : reset}`]),
    `starts at ${start}`,
  ].join(', ');
}

/** Another choice, as an example. */
function others(choice: OpenChoice, choices: Partial<NodeConventions>): string {
  const examples = {
    dt: '0.001',
    reset: choices.reset === 'subtract' || choices.reset === 'subtract-late' ? 'zero' : 'subtract',
    fires: choices.fires === 'reaches' ? 'above' : 'reaches',
    leak: choices.leak === 'euler' ? 'exponential' : 'euler',
    current: choices.current === 'jump' ? 'euler' : 'jump',
  };
  return examples[choice];
}
