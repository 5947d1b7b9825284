import type { Placement, Population, Slice } from '../../image/index.ts';
import { type Path, type Place, PlasticoreError, suggest } from '../../text/index.ts';

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
export function coresIn(placement: Placement): number[] {
  const used = new Set(Object.values(placement).flatMap((slices) => slices.map(({ core }) => core)));
  return [...used].sort((a, b) => a - b);
}

/** The neurons of a slice as files name them. */
export function rangeText({ first, size }: Pick<Slice, 'first' | 'size'>): string {
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
