import { programLimits } from './limits.ts';
import { type LocatedSpec, type ProgramArrays, refuse } from './program.ts';
import type { ConnectSpec, ProgramSpec } from './schema.ts';
import { denseSegments, longestRow, SegmentList, type Segments } from './segments.ts';
import { sparseSegments } from './sparse.ts';

/**
 * Rows, columns and channels of a picture. Neuron (row, column, channel) has the number (row x columns + column) x
 * channels + channel.
 */
export type PictureShape = readonly [rows: number, columns: number, channels: number];

/** A window that slides over a picture. */
interface Window {
  readonly rows: number;
  readonly columns: number;
  /** Along the rows, and along the columns. */
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
}

/** How a projection is wired, and how its weights are laid out. */
export interface Connection {
  readonly segments: Segments;
  /**
   * Rows of weights: one per pre-synaptic neuron of a dense projection; one per window position and input channel of a
   * convolution; a single one with those of all neurons, one neuron after the other, where targets are listed; none for
   * a pooling.
   */
  readonly weightRows: number;
  readonly weightRowLength: number;
  /** Whether the targets of each neuron are listed, so that the core holds their indices. */
  readonly isSparse: boolean;
  /** The most synapses that a pre-synaptic neuron has. */
  readonly longestRow: number;
}

/** The part of a program that states how its neurons are connected. */
export type ConnectedSpec = LocatedSpec & { readonly arrays: ProgramArrays };

const known = new WeakMap<ProgramSpec, Map<string, Connection>>();

/**
 * The wiring of a projection, computed once per program.
 *
 * @throws PlasticoreError if shapes are missing or do not match
 */
export function connectionOf(program: ConnectedSpec, name: string): Connection {
  const connections = known.get(program.spec) ?? new Map<string, Connection>();
  known.set(program.spec, connections);
  const connection = connections.get(name) ?? connect(program, name);
  connections.set(name, connection);
  return connection;
}

function connect(program: ConnectedSpec, name: string): Connection {
  const { spec } = program;
  const projection = spec.projections[name];
  const from = spec.populations[projection?.from ?? ''];
  const to = spec.populations[projection?.to ?? ''];
  if (projection === undefined || from === undefined || to === undefined)
    throw new Error(`no projection ${name}`);
  const { connect } = projection;
  checkPooled(program, name, from.shape);
  const refuseSize = (count: number, most: number, what: string): void => {
    if (count > most)
      refuse(
        program,
        ['projections', name],
        `'${name}' would have ${count} ${what}; at most ${most} are possible`,
      );
  };
  if (connect === 'dense') {
    refuseSize(from.size * to.size, programLimits.weights, 'weights');
    const segments = denseSegments(from.size, to.size);
    const [weightRows, weightRowLength] = [from.size, to.size];
    return { segments, weightRows, weightRowLength, longestRow: to.size, isSparse: false };
  }
  if ('sparse' in connect) {
    const segments = sparseSegments(program, name, connect.sparse, from.size, to.size);
    const weightRowLength = segments.length.reduce((sum, count) => sum + count, 0);
    return { segments, weightRows: 1, weightRowLength, longestRow: longestRow(segments), isSparse: true };
  }
  const fail = (message: string, hint?: string): never =>
    refuse(program, ['projections', name, 'connect'], message, hint);
  const window = slidingWindow(connect);
  const { kind } = window;
  const source =
    from.shape ?? fail(`a ${kind} needs a picture: '${projection.from}' has no shape`, needsShape);
  const target = to.shape ?? fail(`a ${kind} makes a picture: '${projection.to}' has no shape`, needsShape);
  const fits = slidPlaces(source, window) ?? fail(`the window is larger than '${projection.from}'`);
  const channels = kind === 'pooling' ? source[2] : target[2];
  const expected = [...fits, channels];
  if (expected.some((length, axis) => length !== target[axis])) {
    fail(
      `over '${projection.from}' of [${source.join(', ')}] the window makes [${expected.join(', ')}], but '${projection.to}' has the shape [${target.join(', ')}]`,
      'places along an axis = floor((length + 2 x padding - window) / stride) + 1',
    );
  }
  const covered = window.rows * window.columns;
  const pieces = fits[0] * fits[1] * covered * (kind === 'pooling' ? channels : source[2]);
  refuseSize(pieces, programLimits.segments, 'pieces of rows');
  if (kind === 'convolution') refuseSize(covered * source[2] * target[2], programLimits.weights, 'weights');
  if (kind === 'pooling') {
    const segments = poolingSegments(source, target, window);
    return { segments, weightRows: 0, weightRowLength: 0, longestRow: longestRow(segments), isSparse: false };
  }
  const segments = convolutionSegments(source, target, window);
  return {
    segments,
    weightRows: window.rows * window.columns * source[2],
    weightRowLength: target[2],
    longestRow: longestRow(segments),
    isSparse: false,
  };
}

/** Squares that share weights lie side by side, in the picture and in a window over it. */
function checkPooled(program: ConnectedSpec, name: string, shape: PictureShape | undefined): void {
  const { pooled = 1, connect = 'dense', from } = program.spec.projections[name] ?? {};
  const sides = perAxis(pooled);
  if (sides.every((side) => side === 1)) return;
  const fail = (message: string): never =>
    refuse(
      program,
      ['projections', name, 'pooled'],
      message,
      "leave 'pooled' out if nothing pools before the weights",
    );
  const picture = shape ?? fail(`'${from}' has no shape whose neurons could be pooled`);
  const window = connectionWindow(connect);
  for (const axis of [0, 1] as const) {
    if (sides[axis] > picture[axis])
      fail(`expected a side within the picture's ${picture[axis]}, found ${sides[axis]}`);
    const lengths =
      window === undefined
        ? []
        : [axis === 0 ? window.rows : window.columns, window.stride[axis], window.padding[axis]];
    for (const length of lengths)
      if (length % sides[axis] !== 0)
        fail(`expected a side that divides window, stride and padding, found ${sides[axis]} for ${length}`);
  }
}

/** A window, and whether its places have weights. */
type SlidingWindow = Window & { readonly kind: 'convolution' | 'pooling' };

/** The window of a connection that has one. */
export function connectionWindow(connect: ConnectSpec): SlidingWindow | undefined {
  return connect === 'dense' || 'sparse' in connect ? undefined : slidingWindow(connect);
}

const needsShape = 'give the population a shape, [rows, columns, channels], instead of a size';

function slidingWindow(
  connect: Extract<ConnectSpec, { convolution: unknown } | { pooling: unknown }>,
): SlidingWindow {
  const [kind, { window, stride, padding }] =
    'convolution' in connect
      ? (['convolution', connect.convolution] as const)
      : (['pooling', connect.pooling] as const);
  const [rows, columns] = perAxis(window);
  return { kind, rows, columns, stride: perAxis(stride), padding: perAxis(padding) };
}

/** One number for each axis of a picture. */
export function perAxis(length: number | readonly [number, number]): readonly [number, number] {
  return typeof length === 'number' ? [length, length] : length;
}

/** Number of window positions along the rows and the columns of a picture; undefined if the window does not fit. */
function slidPlaces([rows, columns]: PictureShape, window: Window): readonly [number, number] | undefined {
  const { stride, padding } = window;
  const along = (axis: 0 | 1, length: number, side: number) =>
    Math.floor((length + 2 * padding[axis] - side) / stride[axis]) + 1;
  const places = [along(0, rows, window.rows), along(1, columns, window.columns)] as const;
  return places.every((count) => count >= 1) ? places : undefined;
}

/**
 * For each input, a segment for each output whose window covers it, in ascending order: the weights for the input's
 * position in that window and the input's channel, onto all channels of the output.
 */
function convolutionSegments(source: PictureShape, target: PictureShape, window: Window): Segments {
  const channels = target[2];
  return slidSegments(source, target, window, (list, place, channel, output) =>
    list.add(output * channels, channels, (place * source[2] + channel) * channels),
  );
}

/** For each input, the outputs of the same channel whose window covers it. There are no weights. */
function poolingSegments(source: PictureShape, target: PictureShape, window: Window): Segments {
  return slidSegments(source, target, window, (list, _, channel, output) =>
    list.add(output * target[2] + channel, 1, 0),
  );
}

function slidSegments(
  [rows, columns, channels]: PictureShape,
  [outputRows, outputColumns]: PictureShape,
  window: Window,
  add: (list: SegmentList, place: number, channel: number, output: number) => void,
): Segments {
  const list = new SegmentList();
  for (let row = 0; row < rows; row++) {
    const down = covering(row, window.rows, window, 0, outputRows);
    for (let column = 0; column < columns; column++) {
      const across = covering(column, window.columns, window, 1, outputColumns);
      for (let channel = 0; channel < channels; channel++) {
        for (const y of down) {
          for (const x of across) {
            const place = y.place * window.columns + x.place;
            add(list, place, channel, y.output * outputColumns + x.output);
          }
        }
        list.endRow();
      }
    }
  }
  return list.segments;
}

/** The outputs along one axis whose window covers an input, and the input's position in each window. */
function covering(
  input: number,
  side: number,
  { stride, padding }: Window,
  axis: 0 | 1,
  outputs: number,
): { readonly output: number; readonly place: number }[] {
  const found: { output: number; place: number }[] = [];
  for (let output = 0; output < outputs; output++) {
    const place = input + padding[axis] - output * stride[axis];
    if (place >= 0 && place < side) found.push({ output, place });
  }
  return found;
}
