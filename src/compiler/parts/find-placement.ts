import { coreNumbers, type HwModel, Mesh } from '../../hardware/index.ts';
import type { Placement, Population } from '../../image/index.ts';
import { refuse } from '../../program/index.ts';
import { type Place, PlasticoreError } from '../../text/index.ts';
import type { Analysis } from '../compile-core.ts';
import { offered } from '../precision.ts';
import { axonNetworkOf, axonsOf, sendingProjections } from './axons.ts';
import { cut } from './cut.ts';
import { layOutParts } from './lay-out.ts';
import { crowdedCores, describeShortages, isDivisible, type Shortage, smallCores } from './limits.ts';
import { type Cutting, coresHolding, distribute, type Portion, statedPlacement } from './placement.ts';

/**
 * Places a program: on as many cores as it states, or else on as few as hold it; slices that it states are where it
 * says. Which core of the mesh has which slices follows from what they send each other. Nothing is drawn.
 *
 * @throws PlasticoreError `invalid-value` if the program states more cores than there are
 */
export function findPlacement(analysis: Analysis): Placement {
  const { program, hw } = analysis.target;
  const stated = program.spec.placement.cores;
  const most = coresOf(hw);
  if (stated !== undefined && stated > most)
    refuse(
      program,
      ['placement', 'cores'],
      `hw-model '${hw.name}' has ${most} cores, found ${stated}`,
      'enlarge chip.mesh',
    );
  const fewest = stated === undefined ? onFewest(analysis, most) : undefined;
  // Of a placement that fits nowhere, only what it lacks is asked: no need to lay it out.
  if (stated === undefined && fewest === undefined) return distributed(analysis, most);
  const placement = fewest ?? distributed(analysis, stated ?? most);
  if (hw.chip === undefined) return placement;
  const pinned = new Set(coresHolding(statedOf(analysis)));
  // A core that is stated but does not exist is refused where placements are checked.
  if ([...pinned].some((core) => core >= most)) return placement;
  return layOutParts(placement, axonsOf(axonNetworkOf(analysis), placement), new Mesh(hw.chip.mesh), pinned);
}

/** A program distributed over as few cores as hold it; undefined if `most` do not. */
function onFewest(analysis: Analysis, most: number): Placement | undefined {
  const tried = (cores: number): Placement | undefined =>
    (['full', 'fair'] as const)
      .map((cutting) => distributed(analysis, cores, cutting))
      .find(
        (placement) =>
          crowdedCores(analysis, placement).length === 0 &&
          smallCores(analysis, cut(analysis, placement).builders).length === 0,
      );
  let low = 0;
  let high = Math.min(most, leastCores(analysis));
  let found = tried(high);
  while (found === undefined) {
    if (high === most) return undefined;
    low = high;
    high = Math.min(2 * high, most);
    found = tried(high);
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const fewer = tried(middle);
    if (fewer === undefined) low = middle;
    else [high, found] = [middle, fewer];
  }
  return found;
}

/** Far more cores than a chip has are not tried. */
const mostTimes = 8;

/**
 * Refuses a placement whose cores are too small.
 *
 * @param place of the placement
 * @param at the program at another precision
 * @throws PlasticoreError `fit` with all that is too small, and what would fit
 */
export function refuseShortages(
  analysis: Analysis,
  shortages: readonly Shortage[],
  place: Place,
  at: (precision: string) => Analysis,
): never {
  const { program, hw, precision } = analysis.target;
  const cores = coresOf(hw);
  const fewest = onFewest(free(analysis), mostTimes * cores);
  const needed = fewest && coresHolding(fewest).length;
  const others =
    needed !== undefined && needed <= cores
      ? []
      : offered(hw).filter((name) => name !== precision.name && holdsAt(() => at(name), cores));
  const ways = [
    ...(needed === undefined ? [] : [advice(needed, cores)]),
    ...(others.length === 0 ? [] : [`at ${others.join(', ')} it fits`]),
  ];
  throw new PlasticoreError(
    'fit',
    `program '${program.spec.name}' at ${precision.name} does not fit the cores of hw-model '${hw.name}': ${describeShortages(shortages)}`,
    {
      ...place,
      hint:
        ways.length > 0
          ? ways.join('; ')
          : `${mostTimes * cores} such cores do not hold it: make the populations smaller or the cores larger`,
    },
  );
}

function advice(needed: number, cores: number): string {
  return needed <= cores
    ? `on ${needed} of its cores it fits: state no placement, or {cores: ${needed}}`
    : `${needed} such cores hold it: enlarge chip.mesh`;
}

/** The same program without a placement of its own. */
function free(analysis: Analysis): Analysis {
  const { program } = analysis.target;
  const spec = { ...program.spec, placement: { slices: {} } };
  return { ...analysis, target: { ...analysis.target, program: { ...program, spec } } };
}

function holdsAt(analysisOf: () => Analysis, cores: number): boolean {
  try {
    return onFewest(free(analysisOf()), cores) !== undefined;
  } catch (error) {
    // At that precision the program has another fault, so it does not help either.
    if (error instanceof PlasticoreError) return false;
    throw error;
  }
}

/** The cores of a chip. */
export function coresOf({ chip }: HwModel): number {
  return chip === undefined ? 1 : coreNumbers(chip.mesh).length;
}

function statedOf({ target }: Analysis): Placement {
  return statedPlacement(target.program.spec.placement.slices);
}

/** No fewer cores than this can hold a program: their capacities together would not do. */
function leastCores(analysis: Analysis): number {
  const sums = analysis.parts.populations.reduce<readonly number[]>((before, population, index) => {
    const more = loadsOf(analysis, population, index);
    return more.map((load, at) => load + (before[at] ?? 0));
  }, []);
  return Math.max(1, ...sums.map((load) => Math.ceil(load - 1e-9)));
}

function distributed(analysis: Analysis, count: number, cutting: Cutting = 'fair'): Placement {
  const { parts, target } = analysis;
  const stated = statedOf(analysis);
  const taken = new Map<number, number>();
  for (const [index, population] of parts.populations.entries())
    for (const { core, size } of stated[population.name] ?? []) {
      const load = (loadOf(analysis, population, index) * size) / population.size;
      taken.set(core, (taken.get(core) ?? 0) + load);
    }
  const numbers = [...taken.keys()];
  for (let number = 0; numbers.length < count; number++) if (!taken.has(number)) numbers.push(number);
  const portions = parts.populations.flatMap((population, index) =>
    stated[population.name] === undefined ? [portionOf(analysis, population, index)] : [],
  );
  const cores = numbers.sort((a, b) => a - b);
  const over = (some: readonly Portion[]): Placement => ({
    ...distribute(some, cores, target.hw.lanes, cutting, taken),
    ...stated,
  });
  const axonsOut = target.hw.chip?.limits?.axonsOut;
  return over(axonsOut === undefined ? portions : withAxons(analysis, portions, over(portions), axonsOut));
}

/** Portions in enough slices that each has room for its axons to the cores that it reaches in a placement. */
function withAxons(
  analysis: Analysis,
  portions: readonly Portion[],
  placement: Placement,
  axonsOut: number,
): Portion[] {
  const { populations, projections, input } = analysis.parts;
  return portions.map((portion) => {
    const index = populations.findIndex(({ name }) => name === portion.name);
    if (index === input) return portion;
    const reached = new Set(
      [...sendingProjections(axonNetworkOf(analysis), index)].flatMap((projection) => {
        const target = populations[projections[projection]?.target ?? -1]?.name ?? '';
        return (placement[target] ?? []).map(({ core }) => core);
      }),
    );
    return {
      ...portion,
      least: Math.max(portion.least, Math.ceil((portion.size * reached.size) / axonsOut)),
    };
  });
}

function portionOf(analysis: Analysis, population: Population, index: number): Portion {
  const { parts, target } = analysis;
  const { name, size } = population;
  const { neurons, axonsIn } = target.hw.chip?.limits ?? {};
  const sources = parts.populations.filter((_, source) =>
    [...sendingProjections(axonNetworkOf(analysis), source)].some(
      (at) => parts.projections[at]?.target === index,
    ),
  );
  return {
    name,
    size,
    load: loadOf(analysis, population, index),
    sliceLoad: axonsIn === undefined ? 0 : sources.reduce((sum, source) => sum + source.size, 0) / axonsIn,
    least: neurons === undefined || index === parts.input ? 1 : Math.ceil(size / neurons),
    most: isDivisible(analysis, index) ? size : 1,
  };
}

/** The largest of {@link loadsOf}. */
function loadOf(analysis: Analysis, population: Population, index: number): number {
  return Math.max(...loadsOf(analysis, population, index));
}

/** How much of a core's memory, synapses and neurons a population and the synapses onto it take: 1 is all of it. */
function loadsOf(
  { parts, drafts, target }: Analysis,
  { name, size }: Population,
  index: number,
): readonly number[] {
  const { banks, chip } = target.hw;
  const onto = parts.projections.filter(({ target: post }) => post === index).map((to) => to.name);
  const bitsOf = (owners: readonly string[]): number =>
    drafts
      .filter(({ stored, name: field }) => stored && owners.includes(field.split('.')[0] ?? ''))
      .reduce((sum, { count, bits }) => sum + count * bits, 0);
  const synapses = bitsOf(onto);
  const capacity = banks.reduce((sum, { capacityBits }) => sum + capacityBits, 0);
  const { neurons = Number.POSITIVE_INFINITY, synapseBits = Number.POSITIVE_INFINITY } = chip?.limits ?? {};
  return [
    (synapses + bitsOf([name])) / capacity,
    synapses / synapseBits,
    index === parts.input ? 0 : size / neurons,
  ];
}
