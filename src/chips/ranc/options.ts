import type * as z from 'zod';
import {
  type ChipModel,
  checkClasses,
  fieldNamed,
  type Image,
  key,
  list,
  type NamedSet,
  PlasticoreError,
  sizeNamed,
  strictObject,
  whole,
} from '../api.ts';
import { endCycles, startCycles, writeCycles } from './core.ts';

/** Features of a sample, and the core whose axons they are. */
const window = strictObject({
  x: key(whole('a column of the mesh', 0, 2 ** 15), 'Column of the core.', 1),
  y: key(whole('a row of the mesh', 0, 2 ** 15), 'Row of the core.', 0),
  first: key(
    whole('the number of a feature', 0),
    'The feature, counted from 0, that is axon 0 of the core. Those that follow it are the other axons, as far as there are features.',
    82,
  ),
});

/** `ranc:` in an experiment: how the host presents samples to RANC, and reads answers from what leaves the chip. */
export const rancOptions = strictObject({
  threshold: key(
    whole('a feature', 0, 255).default(127),
    'Features above it are sent, as one packet to each core in whose window they are.',
    127,
  ),
  windows: key(
    list(window, 'windows').min(1, { error: 'expected at least one window' }),
    'The cores that samples are sent to, and which features of a sample they see.',
    [
      { x: 0, y: 0, first: 0 },
      { x: 1, y: 0, first: 82 },
    ],
  ),
  ticks: key(whole('a number of ticks', 1, 2 ** 16), 'Ticks of a sample.', 3),
  answerTick: key(
    whole('a tick', 0, 2 ** 16),
    'The tick of a sample, counted from 0, from which on packets that leave the chip are counted for the answer.',
    2,
  ),
  classes: key(
    whole('a number of classes', 1, 2 ** 16).default(10),
    'A packet that leaves the chip speaks for class axon mod `classes`. The first class of those that most packets speak for is the answer.',
    10,
  ),
  tickCycles: key(whole('a number of cycles', 1, 2 ** 30), 'Cycles from one tick to the next.', 18_100),
  inputFifoDepth: key(
    whole('the depth of the input FIFO', 1, 2 ** 16).default(512),
    'Packets that the FIFO in front of the chip holds.',
    512,
  ),
});

export type RancOptions = z.infer<typeof rancOptions>;

/** The chip of an hw-model, with a mesh as RANC has it: an output bus, a core at each other router. */
interface RancMeshModel {
  readonly columns: number;
  readonly rows: number;
  /** The router without a core. */
  readonly output: number;
}

/**
 * The mesh of an hw-model.
 *
 * @throws PlasticoreError `fit` if it is none of RANC's
 */
export function meshOf(hwModel: string, chip: ChipModel | undefined): RancMeshModel {
  const fail = (message: string, hint: string): never => {
    throw new PlasticoreError('fit', `hw-model '${hwModel}' ${message}`, { hint });
  };
  if (chip === undefined)
    return fail('has no section chip: expected a mesh of cores', 'see hw-model ranc-tea');
  const { columns, rows, numbering, outputBus } = chip.mesh;
  if (outputBus === undefined)
    return fail('has no output bus, so no answer leaves the chip', 'chip.mesh.outputBus: {x: 0, y: 3}');
  if (numbering !== 'by-row')
    return fail(
      `numbers its cores ${numbering}, expected by-row`,
      "RANC's router x + y * columns is at (x, y)",
    );
  return { columns, rows, output: outputBus.x + outputBus.y * columns };
}

/** Cycles from a tick until a core that never waits is ready for the next one. */
function cyclesOfTick(axons: number, neurons: number): number {
  return startCycles + neurons * (axons + writeCycles) - writeCycles + endCycles;
}

/**
 * Checks that samples can be presented as an experiment says.
 *
 * @throws PlasticoreError `fit`, `invalid-value` or `data`
 */
export function checkRanc(
  { cores, core: { hwModel } }: Image,
  options: RancOptions,
  chip: ChipModel | undefined,
  set: NamedSet,
): void {
  const image = cores[0]?.image;
  if (image === undefined) throw new Error('an image without cores');
  const mesh = meshOf(hwModel, chip);
  for (const [index, window] of options.windows.entries()) checkWindow(window, index, mesh, set);
  checkReach(options, image.fields[fieldNamed(image, 'neurons.dx')]?.bits, 'x');
  checkReach(options, image.fields[fieldNamed(image, 'neurons.dy')]?.bits, 'y');
  const { ticks, answerTick, tickCycles } = options;
  if (answerTick >= ticks)
    throw new PlasticoreError(
      'invalid-value',
      `ranc.answerTick: expected a tick from 0 to ${ticks - 1}, found ${answerTick}`,
      { hint: `a sample has ${ticks} ticks, ranc.ticks` },
    );
  const least = cyclesOfTick(sizeNamed(image, 'axons'), sizeNamed(image, 'neurons'));
  if (tickCycles < least)
    throw new PlasticoreError(
      'invalid-value',
      `ranc.tickCycles: expected at least ${least}, found ${tickCycles}`,
      { hint: 'a core steps through all axons of all neurons in a tick, and misses one that comes before' },
    );
  checkClasses(set, { name: 'ranc.classes', takes: options.classes });
}

function checkWindow(
  { x, y, first }: RancOptions['windows'][number],
  index: number,
  { columns, rows, output }: RancMeshModel,
  { name, kind, inputs }: NamedSet,
): void {
  const place = `ranc.windows[${index}]`;
  if (x >= columns || y >= rows)
    throw new PlasticoreError(
      'invalid-value',
      `${place}: expected a core of the mesh of ${columns} x ${rows}, found x ${x}, y ${y}`,
      { hint: 'columns and rows count from 0' },
    );
  if (x + y * columns === output)
    throw new PlasticoreError('invalid-value', `${place}: at x ${x}, y ${y} is the output bus, not a core`, {
      hint: 'packets to it would leave the chip at once',
    });
  if (kind !== 'features')
    throw new PlasticoreError('data', `data set '${name}' has events, expected features, such as pixels`, {
      hint: 'the host sends those above ranc.threshold, each once',
    });
  if (first >= inputs)
    throw new PlasticoreError(
      'data',
      `data set '${name}' has ${inputs} features; ${place} begins at feature ${first}`,
      { hint: 'features count from 0' },
    );
}

/** Packets from outside travel from the router at (0, 0), by a distance of so many bits. */
function checkReach({ windows }: RancOptions, bits: number | undefined, axis: 'x' | 'y'): void {
  const most = 2 ** ((bits ?? 0) - 1) - 1;
  const far = windows.findIndex((window) => window[axis] > most);
  if (far < 0) return;
  throw new PlasticoreError(
    'invalid-value',
    `ranc.windows[${far}].${axis}: a packet goes at most ${most} routers far, found ${windows[far]?.[axis]}`,
    { hint: `parameter d${axis}_width of the program has ${bits} bits` },
  );
}
