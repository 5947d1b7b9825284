import {
  type Chip,
  type ChipModel,
  checkClasses,
  coreImageOf,
  defineHost,
  type FeatureSet,
  fieldNamed,
  type Hosting,
  type Image,
  type LabelledSet,
  type NamedSet,
  option,
  PlasticoreError,
  sampleValues,
  sizeNamed,
} from '../api.ts';
import { endCycles, startCycles, writeCycles } from './core.ts';
import { type RancOptions, RancPresenter, rancOptions } from './presenter.ts';

/** RANC: its host, its cores' controllers. */

export * from './controller.ts';

/**
 * RANC: cores of axons and neurons with a crossbar, ticks, and a mesh of FIFO routers.
 *
 * Source: J. Mack et al., IEEE TCAD 40(11), 2021.
 */
export const ranc: Chip = {
  name: 'ranc',
  host: defineHost({
    description:
      'How the host presents samples to RANC: features above a threshold become packets to the axons of cores, without an encoder; packets that leave by the output bus vote for a class.',
    options: rancOptions,
    registers: [],
    encodesSamples: true,
    makesCores: true,
    hosting: rancHosting,
  }),
};

/** Hosts RANC: features of a sample become packets, and the packets that leave the chip vote for a class. */
function rancHosting(options: RancOptions, _registers: unknown, model: ChipModel | undefined): Hosting {
  return {
    describe: () => JSON.stringify({ ranc: options }),
    check: (image, _encoding, set) => checkRanc(image, options, model, set),
    start({ image, engine }, _encoding, { test }, crew) {
      if (crew !== undefined)
        throw new PlasticoreError(
          'usage',
          "RANC's cores are stepped by one controller, and so on one thread",
          {
            hint: `leave ${option('threads')} out`,
          },
        );
      const core = coreImageOf(image);
      const presenter = new RancPresenter(image, engine, options, {
        ...meshOf(image.core.hwModel, model),
        fifoDepth: core.core.fifoDepth,
        inputFifoDepth: options.inputFifoDepth,
        dxWidth: core.fields[fieldNamed(core, 'neurons.dx')]?.bits ?? 0,
      });
      const set = featuresOf(test);
      return {
        learn: () => {
          throw new PlasticoreError('usage', 'RANC does not learn', { hint: option('epochs', 0) });
        },
        ask(sample, observe) {
          const answer = presenter.present(sampleValues(set, sample));
          observe?.();
          return answer;
        },
        counters: () => presenter.counters(),
        resetCounters: () => presenter.resetCounters(),
        steps: options.ticks,
        countSpikes: (counts) => {
          const population = image.populations.findIndex(({ name }) => name === 'neurons');
          const of = counts[population];
          if (of !== undefined) presenter.countSpikes(of);
        },
      };
    },
  };
}

function featuresOf(set: LabelledSet): FeatureSet {
  if (set.kind === 'features') return set;
  throw new Error('a set of events, which the check refuses');
}

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
