import { readBytes } from '../../fs/index.ts';
import { describeNir, itemCount, type NirDescription, readNir } from '../../nir/index.ts';
import { grouped } from '../../report/index.ts';
import { type Style, table } from '../../report/node.ts';
import { rounded } from '../../text/index.ts';

/** Whether a file is a graph of NIR, or a network of lava-dl, by its name. */
export function isNirFile(file: string): boolean {
  return /\.(nir|net)$/i.test(file);
}

/** Describes a graph of NIR, in tables or as JSON. */
export async function inspectNir(file: string, json: boolean, style: Style): Promise<string> {
  const description = describeNir(await readNir({ name: file, bytes: readBytes(file) }));
  return json ? JSON.stringify(description, null, 2) : nirTables(file, description, style);
}

function nirTables(
  file: string,
  { version, framework, nodes, edges, notes }: NirDescription,
  style: Style,
): string {
  const shape = (lengths: readonly number[]): string => (lengths.length === 0 ? '1' : lengths.join(' x '));
  const range = (low: number, high: number): string =>
    low === high ? String(rounded(low)) : `${rounded(low)} to ${rounded(high)}`;
  const weights = nodes.flatMap(({ parameters }) => parameters.filter(({ name }) => name === 'weight'));
  const head = [
    ['file', file],
    [
      'written by',
      framework ?? (version === '' ? 'a version of nir that it does not say' : `nir ${version}`),
    ],
    ['weights', grouped(weights.reduce((sum, weight) => sum + itemCount(weight.shape), 0))],
    ['recurrent edges, one step each', String(edges.filter(({ isLate }) => isLate).length)],
    ...notes.map((note) => ['note', note]),
  ];
  const rows = nodes.flatMap(({ name, type, input, output, parameters }) => {
    const [first = ['', '', ''], ...others] = parameters.map((parameter) => [
      parameter.name,
      shape(parameter.shape),
      range(parameter.low, parameter.high),
    ]);
    return [
      [name, type, shape(input), shape(output), ...first],
      ...others.map((parameter) => ['', '', '', '', ...parameter]),
    ];
  });
  const arrows = edges.map(({ from, to, isLate }) => [
    from,
    to,
    isLate ? 'in the next step' : 'in the same step',
  ]);
  return [
    table(['graph', ''], head, 'l', style),
    table(['node', 'type', 'gets', 'gives', 'parameter', 'shape', 'values'], rows, 'l', style),
    table(['from', 'to', 'arrives'], arrows, 'l', style),
  ].join('\n\n');
}
