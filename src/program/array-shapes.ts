import { type ConnectedSpec, connectionOf } from './connections.ts';
import { type LocatedSpec, type ProgramArray, refuse } from './program.ts';
import type { ConnectSpec, ProgramSpec } from './schema.ts';

/** The shapes that an array of a field of a population may have, the natural one first. */
export function populationShapes({
  size,
  shape,
}: Pick<ProgramSpec['populations'][string], 'size' | 'shape'>): (readonly number[])[] {
  return shape === undefined ? [[size]] : [shape, [size]];
}

/** The shapes that an array of a projection's weights may have, the natural one first; none if it has no weights. */
export function weightShapes(program: ConnectedSpec, name: string): (readonly number[])[] {
  const { weightRows, weightRowLength } = connectionOf(program, name);
  if (weightRows === 0) return [];
  const rows = [weightRows, weightRowLength];
  const connect: ConnectSpec = program.spec.projections[name]?.connect ?? 'dense';
  if (connect !== 'dense' && 'sparse' in connect) return [[weightRowLength], rows];
  if (connect === 'dense' || !('convolution' in connect)) return [rows];
  const { window } = connect.convolution;
  const [high, wide] = typeof window === 'number' ? [window, window] : window;
  return [[high, wide, weightRows / (high * wide), weightRowLength], rows];
}

/**
 * The cores that an array fills, by one more dimension in front of a shape; undefined if it has none. Only a controller
 * of a chip's own, which triggers named events, has cores that start with contents of their own.
 */
export function coresIn(
  { spec }: LocatedSpec,
  { shape: [cores, ...rest] }: ProgramArray,
  expected: readonly (readonly number[])[],
): number | undefined {
  if (Object.keys(spec.events.on).length === 0) return undefined;
  const isOfCores = expected.some(
    (shape) => shape.length === rest.length && shape.every((length, axis) => length === rest[axis]),
  );
  return isOfCores ? cores : undefined;
}

/**
 * Refuses an array that has none of the shapes expected; none are expected where there is nothing to fill.
 *
 * @param isFlat whether it is a list without a shape, of which only the number is checked
 */
export function checkShape(
  program: LocatedSpec,
  { name, shape, values, path }: ProgramArray,
  expected: readonly (readonly number[])[],
  isFlat = false,
): void {
  const [natural, ...others] = expected;
  if (natural === undefined) return;
  const count = natural.reduce((product, length) => product * length, 1);
  const is = (other: readonly number[]): boolean =>
    other.length === shape.length && other.every((length, axis) => length === shape[axis]);
  if (expected.some(is) || (isFlat && values.length === count)) return;
  const transposed = [natural, ...others].some((other) => is([...other].reverse()));
  const projection = path[0] === 'projections' ? program.spec.projections[String(path[1])] : undefined;
  const axes =
    projection === undefined
      ? ''
      : natural.length === 1
        ? ' (synapses, row by row)'
        : natural.length === 2
          ? ' (pre x post)'
          : ' (rows x columns x inputs x outputs)';
  refuse(
    program,
    path,
    `'${name}' has ${isFlat ? `${values.length} values` : `the shape ${shown(shape)}`}, expected ${[natural, ...others].map(shown).join(' or ')}${axes}`,
    transposed ? 'it is transposed: save weights.T' : undefined,
  );
}

export function shown(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join(' x ');
}
