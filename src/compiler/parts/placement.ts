import * as z from 'zod';
import type { Placement, Population, Slice } from '../../image/index.ts';
import { slices } from '../../program/index.ts';
import {
  addAt,
  formatKey,
  jsonSchemaOf,
  key,
  numberAt,
  type Path,
  type Place,
  PlasticoreError,
  parseYaml,
  recordOf,
  strictObject,
  suggest,
} from '../../text/index.ts';

/**
 * Checks that a placement puts every neuron of every population on exactly one core.
 *
 * @param cores how many cores there are
 * @param locate the place of a population, or of a range of its neurons
 * @throws PlasticoreError `invalid-value` for the first neuron or core that is wrong
 */
export function checkPlacement(
  placement: Placement,
  populations: readonly Population[],
  cores: number,
  locate: (path: Path) => Place = () => ({}),
): void {
  const refuse = (path: Path, message: string, hint: string): never => {
    throw new PlasticoreError('invalid-value', `placement: ${message}`, { ...locate(path), hint });
  };
  const names = populations.map(({ name }) => name);
  const unknown = Object.keys(placement).find((name) => !names.includes(name));
  if (unknown !== undefined)
    refuse([unknown], `there is no population '${unknown}'`, suggest(unknown, names));
  for (const { name, size } of populations) {
    let next = 0;
    for (const slice of placement[name] ?? []) {
      const { first, core } = slice;
      const at = [name, rangeText(slice)];
      if (core < 0 || core >= cores)
        refuse(at, `'${name}' is on core ${core}, but the chip has ${cores}`, `name cores 0 to ${cores - 1}`);
      if (first > next) refuse(at, missing(name, next, first - 1), 'place every neuron once');
      if (first < next) refuse(at, `neuron ${first} of '${name}' is placed twice`, 'place every neuron once');
      next = first + slice.size;
      if (next > size)
        refuse(at, `'${name}' has neurons 0 to ${size - 1}, found ${next - 1}`, 'end the last slice there');
    }
    if (next < size) refuse([name], missing(name, next, size - 1), 'place every neuron once');
  }
}

/** The numbers of the cores that hold something, ascending. */
export function coresHolding(placement: Placement): number[] {
  const used = new Set(Object.values(placement).flatMap((slices) => slices.map(({ core }) => core)));
  return [...used].sort((a, b) => a - b);
}

/** The neurons of a slice as files name them. */
function rangeText({ first, size }: Pick<Slice, 'first' | 'size'>): string {
  return size === 1 ? String(first) : `${first}-${first + size - 1}`;
}

function missing(name: string, first: number, last: number): string {
  return first === last
    ? `neuron ${first} of '${name}' is on no core`
    : `neurons ${first} to ${last} of '${name}' are on no core`;
}

/** A placement as a program or a file states it, by population: `{0-127: 0}`. */
export function statedPlacement(
  stated: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Placement {
  return Object.fromEntries(
    Object.entries(stated).map(([name, slices]) => [name, statedSlices(slices)] as const),
  );
}

/** In ascending order. */
function statedSlices(stated: Readonly<Record<string, number>>): Slice[] {
  return Object.entries(stated)
    .map(([range, core]): Slice => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return { first, size: last - first + 1, core };
    })
    .sort((a, b) => a.first - b.first);
}

/** Ranges of equal numbers of tiles. */
export function cutEvenly(
  size: number,
  parts: number,
  lanes: number,
): { readonly first: number; readonly size: number }[] {
  const tiles = Math.ceil(size / lanes);
  return Array.from({ length: parts }, (_, part) => {
    const first = lanes * Math.floor((part * tiles) / parts);
    const end = Math.min(size, lanes * Math.floor(((part + 1) * tiles) / parts));
    return { first, size: end - first };
  });
}

/** A placement file: where every neuron of a program is. */
const placementSchema = strictObject({
  format: formatKey('placement'),
  populations: key(
    recordOf(z.string(), slices),
    'By population: which of its neurons, first and last, are on which core, counted from 0. Every neuron of the program is named once.',
    { input: { '0-783': 0 }, hidden: { '0-127': 1, '128-255': 2 }, output: { '0-9': 0 } },
  ),
});

/** A placement that somebody states, with the places of its parts. */
export interface GivenPlacement {
  readonly slices: Placement;
  /** The place of a population in it, or of a range of its neurons; default: in the program. */
  readonly locate?: ((path: Path) => Place) | undefined;
}

/**
 * Reads a placement file.
 *
 * @throws PlasticoreError with the place of what is wrong
 */
export function readPlacement(text: string, file: string): GivenPlacement {
  const { value, locate } = parseYaml(text, file, placementSchema);
  return {
    slices: statedPlacement(value.populations),
    locate: (path) => locate(['populations', ...path]),
  };
}

/** A placement as a file: equal placements make equal texts. */
export function placementText(placement: Placement): string {
  const populations = Object.entries(placement).flatMap(([name, own]) => [
    `  ${name}:`,
    ...own.map((slice) => `    ${rangeText(slice)}: ${slice.core}`),
  ]);
  return ['format: plasticore/placement/1', 'populations:', ...populations, ''].join('\n');
}

/** The JSON Schema (draft 7) of a placement file. */
export function placementJsonSchema(): z.core.JSONSchema.BaseSchema {
  return jsonSchemaOf(placementSchema, 'Plasticore placement');
}

/** The facts of a population that its distribution needs. */
export interface Portion {
  readonly name: string;
  readonly size: number;
  /** How much of a core's capacity all its neurons take: 1 fills a core. */
  readonly load: number;
  /** How much of a core's capacity each slice takes beside, however small. */
  readonly sliceLoad: number;
  /** At least and at most so many slices. */
  readonly least: number;
  readonly most: number;
}

/**
 * Into how many slices a population is cut. `fair`: its part of the load of all, so that a small one is on one core and
 * a large one on all. `full`: as few as a core has room for.
 */
export type Cutting = 'fair' | 'full';

/**
 * Cuts populations into slices, at multiples of `lanes`, and distributes these over cores: the largest slice first,
 * each to the core that has the least load so far.
 *
 * @param cores numbers of the cores to use
 * @param lanes the neurons of a tile
 * @param taken how much of a core is taken already, by its number
 */
export function distribute(
  portions: readonly Portion[],
  cores: readonly number[],
  lanes: number,
  cutting: Cutting = 'fair',
  taken: ReadonlyMap<number, number> = new Map(),
): Placement {
  const total = portions.reduce((sum, { load }) => sum + load, 0);
  const pieces = portions.flatMap((portion) => {
    const parts = partsOf(portion, cutting === 'full' ? 1 : cores.length / total, cores.length, lanes);
    return cutEvenly(portion.size, parts, lanes).map((range) => ({
      ...range,
      name: portion.name,
      load: Math.max(portion.sliceLoad, (portion.load * range.size) / portion.size),
    }));
  });
  const loads = cores.map((core) => taken.get(core) ?? 0);
  const slices = new Map(portions.map(({ name }): [string, Slice[]] => [name, []]));
  /** The cores, by their place in `cores`, that have a slice of a population already. */
  const usedBy = new Map(portions.map(({ name }) => [name, new Set<number>()]));
  for (const { name, first, size, load } of [...pieces].sort((a, b) => b.load - a.load)) {
    const own = slices.get(name);
    const used = usedBy.get(name);
    let best = -1;
    for (const [at, before] of loads.entries())
      if (used?.has(at) !== true && (best < 0 || before < numberAt(loads, best))) best = at;
    own?.push({ first, size, core: numberAt(cores, best) });
    used?.add(best);
    addAt(loads, best, load);
  }
  return Object.fromEntries(
    [...slices].map(([name, own]) => [name, own.sort((a, b) => a.first - b.first)] as const),
  );
}

/** @param perLoad slices for a load of 1 */
function partsOf(
  { size, load, least, most }: Portion,
  perLoad: number,
  cores: number,
  lanes: number,
): number {
  // A product that is a whole number but for the rounding of doubles is that number.
  const wanted = load === 0 ? 1 : Math.ceil(load * perLoad - 1e-9);
  return Math.max(1, Math.min(Math.max(wanted, least), most, cores, Math.ceil(size / lanes)));
}
