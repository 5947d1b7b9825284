import { type NdArray, npzArrays } from '../data/index.ts';
import {
  type Conventions,
  conventions,
  conventionsAt,
  type Framework,
  isNeuron,
  itemCount,
  type NirGraph,
  NirNetwork,
  type NodeConventions,
  nodeOrderOf,
  type Observer,
  shapesOf,
} from '../nir/index.ts';
import { at, PlasticoreError } from '../text/index.ts';
import type { NamedSamples } from './decide-input.ts';
import type { InputData } from './input-data.ts';
import { networkOf } from './map/network.ts';
import { keysFor, readingInWords } from './readings.ts';
import { type Decision, type GivenRules, readingChoices } from './rules.ts';

/** The readings that layers of a framework may have, beside its convention. */
const meanings: Readonly<Record<Framework, readonly Partial<NodeConventions>[]>> = {
  strict: [{}],
  snntorch: [{}, { reset: 'zero-late' }, { reset: 'subtract' }, { reset: 'value' }],
  norse: [{}, { current: 'euler' }, { reset: 'subtract' }],
  sinabs: [
    {},
    { normalised: false },
    { fires: 'reaches' },
    { fires: 'reaches', normalised: false },
    { reset: 'value' },
    { reset: 'value', normalised: false },
    { reset: 'value', fires: 'reaches' },
    { reset: 'value', fires: 'reaches', normalised: false },
  ],
  rockpool: [{}, { fires: 'reaches' }],
  spikingjelly: [{}, { reset: 'subtract' }],
  lava: [{}],
};

/** The most combinations of readings of layers that no recording tells apart. */
const mostTogether = 256;
/** Samples that readings are tried on. */
const mostSamples = 20;
/** The share of spikes that may differ in a recording of floats of 32 bits. */
const mostDiffering = 1e-3;

/** The finding on some nodes: a layer with a recording, and those before it without one. */
export interface Finding {
  readonly nodes: readonly string[];
  readonly array: string;
  /** How many readings were tried. */
  readonly tried: number;
  /** Share of the recorded spikes that the best reading does not reproduce. */
  readonly differing: number;
  readonly isReproduced: boolean;
  /** By node, the best reading, in words; those of nodes that were assumed differently are marked. */
  readonly readings: readonly {
    readonly node: string;
    readonly words: string;
    readonly isAssumed: boolean;
  }[];
}

/**
 * Finds how the neurons of a graph are read, layer by layer: the reading, of those that the framework can mean, whose
 * spikes in doubles are the recorded ones. Where none is, the assumed one stays.
 */
export function findReadings(
  graph: NirGraph,
  assumed: Conventions,
  given: GivenRules,
  samples: NamedSamples | undefined,
  data: InputData | undefined,
): {
  readonly rules: Conventions;
  readonly findings: readonly Finding[];
  readonly decisions: readonly Decision[];
} {
  const recordings =
    samples !== undefined && data !== undefined && 'arrays' in samples
      ? recordingsIn(samples.arrays, samples.path, graph, data.steps)
      : [];
  if (data === undefined || recordings.length === 0) return { rules: assumed, findings: [], decisions: [] };
  const { names } = nodeOrderOf(graph);
  const input = networkOf(graph, assumed).input.node;
  const nodes = new Map(assumed.nodes);
  const findings: Finding[] = [];
  const decided = new Set<string>();
  for (const recording of recordings) {
    const leading = leadingTo(recording.node, graph);
    const open = names.filter((name) => {
      const type = graph.nodes.get(name)?.type;
      return type !== undefined && isNeuron(type) && leading.has(name) && !decided.has(name);
    });
    const candidates = together(open.map((name) => candidatesFor(graph, name, assumed, given)));
    const count = Math.min(mostSamples, recording.samples, data.samples);
    let best: { readonly choice: readonly NodeConventions[]; readonly wrong: number } | undefined;
    const all = Math.max(1, spikesIn(recording, count));
    for (const choice of candidates) {
      const rules = {
        ...assumed,
        nodes: new Map([...nodes, ...open.map((name, index) => [name, at(choice, index)] as const)]),
      };
      const limit = best?.wrong ?? Infinity;
      const wrong = compared(graph, rules, recording, data, input, count, limit);
      if (best === undefined || wrong < best.wrong) best = { choice, wrong };
      if (wrong === 0) break;
    }
    if (best === undefined) continue;
    const { choice, wrong } = best;
    const isReproduced = wrong / all <= mostDiffering;
    findings.push({
      nodes: open,
      array: recording.array,
      tried: candidates.length,
      differing: wrong / all,
      isReproduced,
      readings: open.map((node, index) => {
        const own = at(choice, index);
        return {
          node,
          words: readingWords(graph, node, own),
          isAssumed:
            readingWords(graph, node, own) === readingWords(graph, node, conventionsAt(assumed, node)),
        };
      }),
    });
    for (const [index, node] of open.entries()) {
      decided.add(node);
      if (isReproduced) nodes.set(node, at(choice, index));
    }
  }
  const decisions = findings.flatMap(({ isReproduced, array, readings }) =>
    readings.flatMap(({ node, words: value }): Decision[] =>
      isReproduced
        ? [{ what: `reading of '${node}'`, value, why: `found: it gives the spikes of ${array}` }]
        : [],
    ),
  );
  return { rules: { ...assumed, nodes }, findings, decisions };
}

/** The findings, in words. */
export function findingNotes(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ nodes, array, tried, differing, isReproduced, readings }) => {
    const names = nodes.map((node) => `'${node}'`).join(', ');
    const share = differing === 0 ? '' : ` but for ${(100 * differing).toPrecision(2)} % of its spikes`;
    const words = readings
      .map(({ node, words: text }) => (nodes.length === 1 ? text : `'${node}' ${text}`))
      .join('; ');
    if (!isReproduced)
      return `none of ${tried} readings of ${names} gives the recording ${array}: the nearest, ${words}, gives it${share}; the assumed one stays`;
    const isNew = readings.some(({ isAssumed }) => !isAssumed);
    return `${names}: ${array} is reproduced${share} ${isNew ? `by another reading than assumed, which is taken: ${words}` : 'as assumed'}`;
  });
}

function readingWords(graph: NirGraph, node: string, rules: NodeConventions): string {
  const type = graph.nodes.get(node)?.type;
  if (type === undefined || !isNeuron(type)) return '';
  return readingInWords(Object.fromEntries(keysFor(type, rules).map((key) => [key, rules[key]])));
}

/** The possible readings of a node, the assumed one first. A reading that was given stays. */
function candidatesFor(
  graph: NirGraph,
  node: string,
  assumed: Conventions,
  given: GivenRules,
): readonly NodeConventions[] {
  const own = conventionsAt(assumed, node);
  const fixed = Object.fromEntries(
    readingChoices.flatMap((choice) =>
      given[choice]?.all === undefined && given[choice]?.nodes.has(node) !== true
        ? []
        : [[choice, own[choice]]],
    ),
  );
  const frameworks = given.from === undefined ? frameworkNames : [given.from];
  const all = frameworks.flatMap((framework) =>
    meanings[framework].map((meaning) => ({ ...conventions[framework], ...meaning, ...fixed })),
  );
  const unlike = new Map<string, NodeConventions>();
  for (const candidate of [own, ...all]) {
    const words = readingWords(graph, node, candidate);
    if (!unlike.has(words)) unlike.set(words, candidate);
  }
  return [...unlike.values()];
}

const frameworkNames = Object.keys(meanings).filter((name): name is Framework => name in conventions);

/** All combinations, those of the first choices first, and alike ones of all nodes before others; at most so many. */
function together(choices: readonly (readonly NodeConventions[])[]): readonly (readonly NodeConventions[])[] {
  const [first] = choices;
  if (first === undefined) return [];
  if (choices.length === 1) return first.map((choice) => [choice]);
  const alike = first.map((_, index) => choices.map((own) => at(own, Math.min(index, own.length - 1))));
  const mixed = choices.reduce<readonly (readonly NodeConventions[])[]>(
    (combined, own) =>
      combined.flatMap((before) => own.map((choice) => [...before, choice])).slice(0, mostTogether),
    [[]],
  );
  const isAlike = (choice: readonly NodeConventions[]) =>
    alike.some((other) => other.every((own, index) => own === choice[index]));
  return [...alike, ...mixed.filter((choice) => !isAlike(choice))].slice(0, mostTogether);
}

function spikesIn(recording: Recording, samples: number): number {
  let spikes = 0;
  for (let sample = 0; sample < samples; sample++)
    for (const each of Array.from(recording.sample(sample))) spikes += each;
  return spikes;
}

/** How many spikes differ from a recording; stops beyond a limit. */
function compared(
  graph: NirGraph,
  rules: Conventions,
  recording: Recording,
  data: InputData,
  input: string,
  samples: number,
  limit: number,
): number {
  const network = new NirNetwork(graph, rules);
  const leading = leadingTo(recording.node, graph);
  let wrong = 0;
  for (let sample = 0; sample < samples && wrong <= limit; sample++) {
    const expected = recording.sample(sample);
    const observe: Observer = (node, step, given) => {
      if (node !== recording.node) return;
      for (const [neuron, spikes] of given.entries())
        wrong += Math.abs(spikes - at(expected, step * given.length + neuron));
    };
    network.run(new Map([[input, data.doubles(sample)]]), data.steps, observe, leading);
  }
  return wrong;
}

/** The nodes that lead to one, and itself. */
function leadingTo(end: string, { edges }: NirGraph): ReadonlySet<string> {
  const found = new Set([end]);
  for (const name of found) for (const { from, to } of edges) if (to === name) found.add(from);
  return found;
}

/** A framework's recording of a node's spikes: their numbers, sample by sample and step by step. */
interface Recording {
  readonly node: string;
  /** Its array. */
  readonly array: string;
  readonly samples: number;
  /** The spikes of a sample, in C order. */
  sample(at: number): ArrayLike<number>;
}

/**
 * The recordings of spikes in a file: arrays NODE_spikes, or, in the order of the graph, layer1_spikes, layer2_spikes
 * and so on, hidden_spikes where one layer is hidden, and output_spikes for the last layer; a name may end in how many
 * samples it has, _first20.
 *
 * @returns in the order in which the nodes act
 * @throws PlasticoreError `data` for an array of another shape
 */
function recordingsIn(
  arrays: ReadonlyMap<string, NdArray>,
  file: string,
  graph: NirGraph,
  steps: number,
): readonly Recording[] {
  const order = nodeOrderOf(graph);
  const shapes = shapesOf(graph, order);
  const layers = order.names.filter((name) => {
    const type = graph.nodes.get(name)?.type;
    return type !== undefined && isNeuron(type) && ['IF', 'LIF', 'CubaLIF'].includes(type);
  });
  const source = npzArrays(arrays, file);
  const found: Recording[] = [];
  for (const [index, node] of layers.entries()) {
    const isLast = index === layers.length - 1;
    const names = [
      node,
      `layer${index + 1}`,
      ...(isLast ? ['output'] : []),
      ...(layers.length === 2 && !isLast ? ['hidden'] : []),
    ];
    const array = [...arrays.keys()].find((name) =>
      names.some((start) => new RegExp(`^${escaped(start)}_spikes(_first\\d+)?$`).test(name)),
    );
    if (array === undefined) continue;
    const [samples = 0, ...rest] = source.shape(array);
    const size = itemCount(shapes.get(node)?.output ?? []);
    if (rest[0] !== steps || itemCount(rest) !== steps * size)
      throw new PlasticoreError(
        'data',
        `${array} is ${source.shape(array).join(' x ')}; samples x ${steps} steps x ${size} expected, the spikes of node '${node}'`,
        { file },
      );
    const values = source.numbers(array);
    const each = steps * size;
    found.push({
      node,
      array,
      samples,
      sample: (sample) =>
        Float64Array.from({ length: each }, (_, place) => at(values, sample * each + place)),
    });
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
