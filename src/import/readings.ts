import * as z from 'zod';
import {
  type Conventions,
  conventionsAt,
  frameworks,
  isNeuron,
  type NeuronType,
  type NirGraph,
  type NodeConventions,
} from '../nir/index.ts';
import {
  asFlag,
  byKey,
  expected,
  formatKey,
  jsonSchemaOf,
  key,
  parseYaml,
  recordOf,
  strictObject,
  type ValueOf,
} from '../text/index.ts';
import {
  type ByNode,
  currentNames,
  firesNames,
  type GivenRules,
  leakNames,
  type OpenChoice,
  openChoices,
  resetNames,
  startNames,
} from './rules.ts';

/** How the neurons of a node are read. */
export interface NodeReading {
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
export function readingsOf({ nodes }: Pick<NirGraph, 'nodes'>, rules: Conventions): readonly NodeReading[] {
  return [...nodes].flatMap(([node, { type }]) => {
    if (!isNeuron(type)) return [];
    const own = conventionsAt(rules, node);
    const choices = Object.fromEntries(keysFor(type, own).map((key) => [key, own[key]]));
    return [{ node, type, choices }];
  });
}

/** The same in words, with the options that would change it; nodes that are read alike share a line. */
export function readingNotes(readings: readonly NodeReading[]): readonly string[] {
  const alike = byKey(readings, ({ type, choices }) => `${type}: ${readingInWords(choices)}`);
  return [...alike].map(([text, nodes]) => {
    const [first] = nodes;
    if (first === undefined) throw new Error(text);
    const names = nodes.map(({ node }) => `'${node}'`).join(', ');
    const changes = openChoices.filter((choice) => choice in first.choices);
    const options = changes.map((choice) => asFlag(choice, `${first.node}=${others(choice, first.choices)}`));
    return `${names}, ${text}; to read ${nodes.length === 1 ? 'it' : 'one'} otherwise: ${options.join(', ')}`;
  });
}

export function readingInWords({
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

const oneOf = <Name extends string>(names: readonly Name[]) =>
  z.enum(names, { error: expected(names.join(', ')) });
const aboveZero = expected('a number above 0');

/** How neurons are read; what is left out stays as the framework has it. */
const reading = strictObject({
  dt: key(
    z.number({ error: aboveZero }).gt(0, { error: aboveZero }),
    'Time of a step, in the unit of the time constants.',
    0.001,
  ).optional(),
  leak: key(oneOf(leakNames), 'How potentials leak.').optional(),
  normalised: key(
    z.boolean({ error: expected('true or false') }),
    'Whether an exponential leak scales the input.',
    true,
  ).optional(),
  current: key(oneOf(currentNames), 'How synaptic currents take their input.').optional(),
  fires: key(oneOf(firesNames), 'When a neuron fires.').optional(),
  reset: key(
    oneOf(resetNames),
    'What a spike does to the potential; late ones act in the next step, after the leak.',
  ).optional(),
  start: key(oneOf(startNames), 'Where potentials start.').optional(),
});

/** A file of readings: what a file of NIR does not say of its neurons. */
const readingsSchema = strictObject({
  format: formatKey('readings'),
  from: key(oneOf(frameworks), 'The framework that wrote the graph.').optional(),
  all: key(reading.prefault({}), 'Of all neurons.', { dt: 0.001 }),
  nodes: key(recordOf(z.string(), reading).prefault({}), 'Of single nodes, by name.', {
    out: { reset: 'zero' },
  }),
});

type Readings = ValueOf<typeof readingsSchema>;
type StatedReading = Readings['all'];

/**
 * The choices of a file of readings, and those of options, which come first.
 *
 * @throws PlasticoreError with the place of what is wrong
 */
export function withReadings(given: GivenRules, text: string, file: string): GivenRules {
  const { value, locate } = parseYaml(text, file, readingsSchema);
  return {
    from: given.from ?? value.from,
    dt: joined(given.dt, stated(value, 'dt')),
    leak: joined(given.leak, stated(value, 'leak')),
    normalised: joined(given.normalised, stated(value, 'normalised')),
    current: joined(given.current, stated(value, 'current')),
    fires: joined(given.fires, stated(value, 'fires')),
    reset: joined(given.reset, stated(value, 'reset')),
    start: joined(given.start, stated(value, 'start')),
    placeOf(choice, node) {
      if (node === undefined) return given[choice]?.all === undefined ? locate(['all', choice]) : undefined;
      const isOption = given[choice]?.nodes.has(node) === true;
      return isOption || value.nodes[node]?.[choice] === undefined
        ? undefined
        : locate(['nodes', node, choice]);
    },
  };
}

/** The JSON Schema (draft 7) of a file of readings. */
export function readingsJsonSchema(): z.core.JSONSchema.BaseSchema {
  return jsonSchemaOf(readingsSchema, 'Plasticore readings');
}

/** A choice as a file states it. */
function stated<Choice extends keyof StatedReading>(
  { all, nodes }: Readings,
  choice: Choice,
): ByNode<NonNullable<StatedReading[Choice]>> {
  const single = Object.entries(nodes).flatMap(([node, { [choice]: own }]) =>
    own === undefined ? [] : [[node, own] as const],
  );
  const { [choice]: common } = all;
  return { ...(common !== undefined && { all: common }), nodes: new Map(single) };
}

function joined<T>(option: ByNode<T> | undefined, file: ByNode<T>): ByNode<T> | undefined {
  if (file.all === undefined && file.nodes.size === 0) return option;
  return { ...file, ...option, nodes: new Map([...file.nodes, ...(option?.nodes ?? [])]) };
}
