/** A graph of NIR before it is imported: what it says, and what a person says where it does not. */
import { inputKindNames, networkOf, rulesOf } from '../../src/import/index.ts';
import { describeNir, frameworks, readNir } from '../../src/nir/index.ts';
import { evaluate, option, PlasticoreError, suggest } from '../../src/text/index.ts';
import type { DroppedFile } from '../shared/dropped-file.ts';
import type { GraphOptions, GraphView } from '../shared/graphs.ts';

/** The inputs of a graph that can be asked about the digits. */
const digitPixels = 784;

/** What a graph says of itself. */
export async function graphView(file: DroppedFile): Promise<GraphView> {
  const graph = await readNir(file);
  const { input } = networkOf(graph, rulesOf({}, graph).rules);
  return {
    layers: describeNir(graph)
      .nodes.filter(({ type }) => type !== 'Input' && type !== 'Output')
      .map(({ type, output }) => `${type} ${output.join(' x ')}`),
    input: input.shape,
    takesDigits: takesDigits(input),
  };
}

/** Whether the digits have as many pixels as a graph has inputs. */
export function takesDigits({ size }: { readonly size: number }): boolean {
  return size === digitPixels;
}

/** What a person says of how the neurons of a graph are read. */
export function statedRules({ from, dt }: GraphOptions) {
  const time = number('dt', dt);
  if (time !== undefined && time <= 0)
    throw new PlasticoreError('usage', `${option('dt')}: expected a time above 0, found ${time}`);
  return {
    from: from === undefined ? undefined : oneOf(frameworks, from, 'framework'),
    dt: time === undefined ? undefined : { all: time, nodes: new Map<string, number>() },
  };
}

/** What a person says of what comes in. */
export function statedInput({ input, scale, offset, steps }: GraphOptions) {
  return {
    input: input === undefined ? undefined : oneOf(inputKindNames, input, 'kind of input'),
    scale: number('scale', scale),
    offset: number('offset', offset),
    steps,
  };
}

/** The value of a formula; undefined if there is none. */
function number(key: string, formula: string | undefined): number | undefined {
  return formula === undefined ? undefined : evaluate(formula, () => undefined, [], { file: option(key) });
}

function oneOf<Name extends string>(names: readonly Name[], asked: string, what: string): Name {
  const found = names.find((name) => name === asked);
  if (found !== undefined) return found;
  throw new PlasticoreError('usage', `unknown ${what} '${asked}'`, { hint: suggest(asked, names) });
}
