import * as z from 'zod';
import { frameworks } from '../nir/index.ts';
import {
  expected,
  formatTag,
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
  resetNames,
  startNames,
} from './rules.ts';

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
  format: key(
    formatTag('readings', 1),
    'The kind of the file, and the version of its format.',
    'plasticore/readings/1',
  ),
  from: key(oneOf(frameworks), 'The framework that wrote the graph.').optional(),
  all: key(reading.prefault({}), 'Of all neurons.', { dt: 0.001 }),
  nodes: key(recordOf(z.string(), reading).prefault({}), 'Of single nodes, by name.', {
    out: { reset: 'zero' },
  }),
});

type Readings = ValueOf<typeof readingsSchema>;
type Reading = Readings['all'];

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
function stated<Choice extends keyof Reading>(
  { all, nodes }: Readings,
  choice: Choice,
): ByNode<NonNullable<Reading[Choice]>> {
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
