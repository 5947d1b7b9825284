import { enumerated, evaluate, inGroups, type Path } from '../../text/index.ts';
import { type LaidLayer, laidLayersOf, layerSizes, type NetworkLayout } from './layout.ts';
import type { Bound, LayerCores, Limit, MappingRules } from './limits.ts';
import { type NetworkQuantity, quantities } from './quantities.ts';

/** Something of a network that a chip, or the tool that maps networks to it, does not take. */
export interface Misfit {
  /** One sentence: what of the network, what was found, what is taken, and whose limit it is. */
  readonly message: string;
  /** What would help. */
  readonly hint: string;
  readonly path: Path;
}

/** How much a network takes of what has a largest value. */
export interface Share {
  /** `hidden neurons` */
  readonly what: string;
  readonly needed: number;
  readonly available: number;
}

/** All that keeps a network from a chip: of each limit and subject one, in the order of the hw-model. */
export function misfits(network: NetworkLayout, { name, mapping }: MappedModel): Misfit[] {
  if (mapping === undefined) return [];
  const chip = `hw-model '${name}'`;
  const ofLimits = mapping.limits.flatMap((limit): Misfit[] => {
    const quantity: NetworkQuantity = quantities[limit.quantity];
    return quantity
      .measure(network)
      .filter(({ value }) => !isWithin(value, limit.bound))
      .map(({ subject, value, path }) => ({
        message: `${subject} ${quantity.says(shown(value))}; ${chip} takes ${boundText(limit)}${ownerText(limit)}`,
        hint: limit.help ?? quantity.help,
        path,
      }));
  });
  return [
    ...ofLimits,
    ...(mapping.layerCores === undefined ? [] : crowding(network, mapping.layerCores, chip)),
  ];
}

/** An hw-model, as far as limits need it. */
export interface MappedModel {
  readonly name: string;
  readonly mapping: MappingRules | undefined;
}

/** How much a network takes of each amount that has a largest value, and of cores that hold a layer each. */
export function limitSharesOf(network: NetworkLayout, { limits, layerCores }: MappingRules): Share[] {
  const ofLimits = limits.flatMap(({ quantity: name, bound }): Share[] => {
    const quantity: NetworkQuantity = quantities[name];
    if (!('most' in bound) || quantity.isAmount !== true) return [];
    const found = quantity
      .measure(network)
      .flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
    const needed = Math.max(0, ...found);
    return needed === 0 ? [] : [{ what: inWords(name), needed, available: bound.most }];
  });
  if (layerCores === undefined) return ofLimits;
  const layers = laidLayersOf(network).length;
  return [{ what: 'cores of a layer', needed: layers, available: layerCores.cores.length }, ...ofLimits];
}

/** `hiddenNeurons` as `hidden neurons`. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A layer with the words that it needs of each memory, and the cores that have them. */
interface LayerNeeds {
  readonly layer: LaidLayer;
  readonly words: Readonly<Record<string, number>>;
  readonly candidates: readonly number[];
}

function layerNeeds(network: NetworkLayout, { needs, cores }: LayerCores): LayerNeeds[] {
  return laidLayersOf(network).map((layer) => {
    const sizes: Readonly<Record<string, number>> = layer.sizes;
    const words = Object.fromEntries(
      Object.entries(needs).map(([memory, formula]) => [
        memory,
        evaluate(formula, (name) => sizes[name], layerSizes),
      ]),
    );
    const holds = (core: Readonly<Record<string, number>>): boolean =>
      Object.entries(words).every(([memory, needed]) => needed <= (core[memory] ?? Number.NaN));
    return { layer, words, candidates: [...cores.keys()].filter((core) => holds(cores[core] ?? {})) };
  });
}

/** Layers that no core holds; and if there are none, layers that have too few cores between them. */
function crowding(network: NetworkLayout, layerCores: LayerCores, chip: string): Misfit[] {
  const layers = layerNeeds(network, layerCores);
  const homeless = layers.filter(({ candidates }) => candidates.length === 0);
  if (homeless.length > 0) return homeless.map((layer) => tooLarge(layer, layerCores, chip));
  const matching = matchLayers(layers.map(({ candidates }) => candidates));
  if ('cores' in matching) return [];
  const { crowded, candidates } = matching;
  const some = crowded.flatMap((index) => layers[index] ?? []);
  const names = enumerated(some.map(({ layer }) => `'${layer.population.name}'`));
  const room =
    candidates.length === layerCores.cores.length
      ? `has ${candidates.length} cores, of one layer each`
      : `has room for them on ${candidates.length === 1 ? 'one core' : `${candidates.length} cores`} (${enumerated(candidates.map(String))}), of one layer each`;
  return [
    {
      message: `populations ${names} need a core each; ${chip} ${room}`,
      hint: 'take fewer layers, or make these smaller so that other cores hold them',
      path: some.at(-1)?.layer.population.path ?? [],
    },
  ];
}

function tooLarge({ layer, words }: LayerNeeds, { cores }: LayerCores, chip: string): Misfit {
  const largest = (memory: string): number => Math.max(...cores.map((core) => core[memory] ?? 0));
  const asked = Object.entries(words).map(([memory, needed]) => ({ memory, needed, most: largest(memory) }));
  const over = asked.filter(({ needed, most }) => needed > most);
  const needs = enumerated(
    (over.length > 0 ? over : asked).map(
      ({ memory, needed }) => `${shown(needed)} words of ${memory} memory`,
    ),
  );
  const has =
    over.length > 0
      ? `has a core with at most ${enumerated(over.map(({ memory, most }) => `${shown(most)} of ${memory} memory`))}`
      : 'has no core with as much of all of them';
  return {
    message: `population '${layer.population.name}' needs ${needs}; ${chip} ${has}`,
    hint: 'take fewer channels, a smaller window or a larger stride',
    path: layer.population.path,
  };
}

function isWithin(value: number | string, bound: Bound): boolean {
  if ('oneOf' in bound) return bound.oneOf.includes(value);
  if (typeof value === 'string') return true;
  if ('most' in bound) return value <= bound.most;
  return 'least' in bound ? value >= bound.least : value > bound.above;
}

/** `at most 16`; `only IF or LIF neurons`. */
export function boundText({ quantity, bound }: Pick<Limit, 'quantity' | 'bound'>): string {
  if ('most' in bound) return bound.most === 0 ? 'none' : `at most ${shown(bound.most)}`;
  if ('least' in bound) return `at least ${shown(bound.least)}`;
  if ('above' in bound) return `more than ${shown(bound.above)}`;
  const { noun }: NetworkQuantity = quantities[quantity];
  return `only ${enumerated(bound.oneOf.map(shown), 'or')}${noun === undefined ? '' : ` ${noun}`}`;
}

function ownerText({ of }: Pick<Limit, 'of'>): string {
  return of === 'mapper' ? ', a limit of its mapper, not of the silicon' : '';
}

/** Digits in groups of three, as in data sheets; at most three behind the point. */
function shown(value: number | string): string {
  if (typeof value === 'string') return value;
  const [whole = '', fraction] = String(Number(value.toFixed(3))).split('.');
  const digits = inGroups(Number(whole));
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

/** A core for each layer, by number; or the layers that have too few cores between them. */
type Matching =
  | { readonly cores: readonly number[] }
  | { readonly crowded: readonly number[]; readonly candidates: readonly number[] };

/**
 * Matches layers to cores, each to one of its own, along augmenting paths (H. W. Kuhn, The Hungarian Method for the
 * Assignment Problem, Naval Research Logistics Quarterly 2, 1955, for a bipartite graph). Each layer takes the first
 * core with which all so far have one.
 *
 * @param candidates for each layer, the cores that have room for it
 * @returns if there is no such matching: layers whose candidates, together, are fewer than they (Hall's condition)
 */
export function matchLayers(candidates: readonly (readonly number[])[]): Matching {
  /** By core, its layer. */
  const layerOn = new Map<number, number>();
  for (const first of candidates.keys()) {
    const tried = new Set<number>();
    const crowded = new Set([first]);
    const place = (layer: number): boolean => {
      for (const core of candidates[layer] ?? []) {
        if (tried.has(core)) continue;
        tried.add(core);
        const there = layerOn.get(core);
        if (there !== undefined) crowded.add(there);
        if (there === undefined || place(there)) {
          layerOn.set(core, layer);
          return true;
        }
      }
      return false;
    };
    if (!place(first)) {
      const ascending = (numbers: ReadonlySet<number>) => [...numbers].sort((a, b) => a - b);
      return { crowded: ascending(crowded), candidates: ascending(tried) };
    }
  }
  const coreOf = new Map([...layerOn].map(([core, layer]) => [layer, core] as const));
  return {
    cores: candidates.map((_, layer) => {
      const core = coreOf.get(layer);
      if (core === undefined) throw new Error(`layer ${layer} has no core`);
      return core;
    }),
  };
}
