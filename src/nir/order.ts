import { PlasticoreError } from '../text/index.ts';
import { type Edge, isNeuron, type NirGraph } from './graph.ts';

/** An edge, and whether what passes it arrives one step later. */
export interface TimedEdge extends Edge {
  readonly isLate: boolean;
}

export interface Order {
  /** All nodes with edges, each after those whose output it takes in the same step. */
  readonly names: readonly string[];
  readonly edges: readonly TimedEdge[];
}

/**
 * The order in which nodes act within a step. Edges take no time, but for those of a cycle that leave a neuron: each of
 * them takes one step, so that a cycle never waits for itself.
 *
 * @throws PlasticoreError `data` for a cycle without a neuron
 */
export function orderOf({ nodes, edges }: NirGraph): Order {
  const cycle = cyclesOf([...nodes.keys()], edges);
  const timed = edges.map((edge): TimedEdge => {
    const type = nodes.get(edge.from)?.type;
    const isLate = type !== undefined && isNeuron(type) && cycle.get(edge.from) === cycle.get(edge.to);
    return { ...edge, isLate };
  });
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const waiting = new Set([...nodes.keys()].filter((name) => joined.has(name)));
  const names: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(
      (name) => !timed.some(({ from, to, isLate }) => to === name && !isLate && waiting.has(from)),
    );
    if (ready.length === 0) {
      throw new PlasticoreError(
        'data',
        `a cycle without a neuron: ${[...waiting].map((name) => `'${name}'`).join(', ')}`,
        {
          hint: 'only a neuron keeps a value from one step to the next',
        },
      );
    }
    for (const name of ready) waiting.delete(name);
    names.push(...ready);
  }
  return { names, edges: timed };
}

/** For each node, the first of the nodes from which and to which a way leads: nodes of one cycle have the same one. */
function cyclesOf(names: readonly string[], edges: readonly Edge[]): ReadonlyMap<string, string> {
  const reached = new Map(names.map((name) => [name, reachableFrom(name, edges)]));
  return new Map(
    names.map((name) => [
      name,
      names.find(
        (other) => other === name || (reached.get(name)?.has(other) && reached.get(other)?.has(name)),
      ) ?? name,
    ]),
  );
}

function reachableFrom(start: string, edges: readonly Edge[]): ReadonlySet<string> {
  const found = new Set<string>();
  const next = [start];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    for (const { from, to } of edges) {
      if (from !== name || found.has(to)) continue;
      found.add(to);
      next.push(to);
    }
  }
  return found;
}
