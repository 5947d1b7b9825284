import { compile, offered, type Precision, precisionDistance, precisionOf } from '../../compiler/index.ts';
import { type CellChoice, deployCell, type Experiment, loadCell, Models } from '../../experiment/index.ts';
import { coreArea, type HwModel } from '../../hardware/index.ts';
import type { Program } from '../../program/index.ts';
import { grouped } from '../../report/index.ts';
import { attempt, type Find, PlasticoreError } from '../../text/index.ts';
import { byCost, type Change, changed, withSettings } from './change.ts';
import {
  type LoadedDeployment,
  type Need,
  needsBeyond,
  type Size,
  sizeOf,
  spreadsPrograms,
  withRoom,
} from './needs.ts';

/** A change with which a program fits, with its size then. */
export interface FittingChange extends Size {
  readonly change: Change;
}

/** A cell that does not fit, and the files that it names, each read once. */
interface AskedCell {
  readonly experiment: Experiment;
  readonly choice: CellChoice;
  readonly find: Find;
  readonly models: Models;
}

type Try = (change: Change) => FittingChange | undefined;

/**
 * Changes with each of which a program fits a chip that is too small for it, from the cheapest to the last
 * resort. The compiler has tried each of them.
 *
 * @param hwModels names of other hw-models to try
 */
export function fittingChanges(
  experiment: Experiment,
  choice: CellChoice,
  hwModels: readonly string[],
  find: Find,
): FittingChange[] {
  const models = new Models(find);
  const tryOne: Try = (change) => {
    const cell = changed(choice, change);
    const deployment = attempt(() =>
      deployCell(experiment, cell, find, loadCell(experiment, cell, find, models)),
    );
    return deployment instanceof PlasticoreError ? undefined : { change, ...sizeOf(deployment) };
  };
  const tryAll = (changes: readonly Change[]) => changes.flatMap((change) => tryOne(change) ?? []);
  const { program, hw } = loadCell(experiment, choice, find, models);
  const precision = precisionOf(choice.precision ?? experiment.spec.default.precision, hw);
  const needed = needsBeyond(experiment, choice, find, models);
  const needs = needed ?? [];
  const layouts = [...sliced(hw), ...elsewhere(hw, needs)];
  const [rearranged, precisions] = [tryAll(layouts), tryAll(otherPrecisions(hw, precision))];
  const both = rearranged.length > 0 ? [] : withEach(layouts, otherPrecisions(hw, precision), precisions);
  // A change that does not help alone may save neurons.
  const narrowest = narrower(hw, precision).slice(0, 1);
  const narrowestToo = withEach(layouts, narrowest, []);
  const unhelpful = [...layouts, ...(narrowestToo.length === 0 ? narrowest : narrowestToo)].filter(
    (change) => tryOne(change) === undefined,
  );
  return [
    ...tryAll(inferenceAlone(experiment, choice)),
    ...rearranged,
    ...tryAll(narrowerAccumulators({ program, hw }, precision)),
    ...precisions,
    ...tryAll(both),
    ...tryAll(moreCores({ experiment, choice, find, models }, hw)),
    ...tryAll(needed === undefined ? widerWords(hw) : moreMemory(hw, needs)),
    ...tryAll(otherHwModels(hwModels, hw, models)),
    ...fewerNeurons(program, [none, ...unhelpful], tryOne),
  ].sort(byCost);
}

/** For a network that learns nothing. */
function inferenceAlone({ spec }: Experiment, { inference, epochs = spec.epochs }: CellChoice): Change[] {
  if (epochs > 0 || inference) return [];
  return [{ kind: 'inference', inference: true, costs: 'it cannot learn', rank: 0 }];
}

function sliced({ inferenceWeights }: HwModel): Change[] {
  if (inferenceWeights === 'sliced') return [];
  const set = ['hw.inferenceWeights=sliced'];
  return [{ kind: 'sliced', set, costs: 'weights are rounded at each read', rank: 0 }];
}

/** Potentials and sums in the widths that the core has, and the program does not take. */
function narrowerAccumulators({ program, hw }: LoadedDeployment, { name: precision }: Precision): Change[] {
  const image = attempt(() => compile(program, withRoom(hw), { precision, seed: 1 }));
  if (image instanceof PlasticoreError) return [];
  const fields = Object.entries(program.spec.populations).flatMap(([population, { fields = {} }]) =>
    Object.entries(fields).flatMap(([field, spec]) => {
      if (!('accumulator' in spec) || spec.accumulator === undefined) return [];
      const bits = image.fields.find(({ name }) => name === `${population}.${field}`)?.bits ?? 0;
      return [{ path: `program.populations.${population}.fields.${field}.accumulator`, bits }];
    }),
  );
  return hw.precision.accumulatorBits.flatMap((width): Change[] => {
    const wider = fields.filter(({ bits }) => bits > width);
    if (wider.length === 0) return [];
    return [
      {
        kind: 'accumulators',
        set: wider.map(({ path }) => `${path}=${width}`),
        costs: `potentials and sums of ${width} bits may saturate`,
        rank: -width,
      },
    ];
  });
}

/** The other precisions of a core, by the bits that they give up. */
function otherPrecisions(hw: HwModel, precision: Precision): Change[] {
  return offered(hw).flatMap((name): Change[] => {
    if (name === precision.name) return [];
    const other = precisionOf(name, hw);
    const rank = precisionDistance(precision, other);
    return [{ kind: 'precision', precision: name, costs: widths(other), rank }];
  });
}

/** Precisions with fewer bits, the narrowest first. */
function narrower(hw: HwModel, precision: Precision): Change[] {
  const bitsAt = (name = ''): number => {
    const { weightBits, shadowBits } = precisionOf(name, hw);
    return weightBits + shadowBits;
  };
  return otherPrecisions(hw, precision)
    .filter((change) => bitsAt(change.precision) < bitsAt(precision.name))
    .sort((one, other) => bitsAt(one.precision) - bitsAt(other.precision));
}

function widths({ weightBits, shadowBits }: Precision): string {
  return `weights of ${weightBits} bits, shadow weights of ${shadowBits}`;
}

/** Weights that their bank cannot hold, in the bank that has the most room. */
function elsewhere({ placement }: HwModel, needs: readonly Need[]): Change[] {
  const room = ({ needed, available }: Need): number => available - needed;
  const [most] = needs.filter(({ bank }) => bank !== undefined).sort((a, b) => room(b) - room(a));
  const short = needs.find(({ bank }) => bank === placement.weight);
  if (most === undefined || short === undefined || room(short) >= 0 || room(most) <= 0) return [];
  const set = [`hw.placement.weight=${most.bank}`];
  return [{ kind: 'placement', set, costs: `weights are in the ${most.bank} bank`, rank: 0 }];
}

/** Layouts of weights, at precisions that do not fit without them. */
function withEach(
  layouts: readonly Change[],
  precisions: readonly Change[],
  fitting: readonly FittingChange[],
): Change[] {
  const fits = new Set(fitting.map(({ change }) => change.precision));
  return layouts.flatMap(({ set, costs }) =>
    precisions
      .filter(({ precision }) => !fits.has(precision))
      .map((change) => ({ ...change, set, costs: `${change.costs}; ${costs}` })),
  );
}

/** The bundled chip of several cores, whose network connects cores of other models. */
const meshOfCores = 'mesh';

/** A mesh with enough columns of tiles; a core that stands alone gets the network of the bundled mesh. */
function moreCores(asked: AskedCell, hw: HwModel): Change[] {
  if (hw.controller !== undefined) return [];
  const joined = spreadsPrograms(hw) ? [] : asMesh(asked, hw);
  if (joined === undefined) return [];
  const { experiment, choice, find, models } = asked;
  const spread = attempt(() => loadCell(experiment, withSettings(choice, joined), find, models).hw);
  if (spread instanceof PlasticoreError || !spreadsPrograms(spread)) return [];
  const { columns, rows, coresPerTile } = spread.chip.mesh;
  const needs = needsBeyond(experiment, withSettings(choice, joined), find, models) ?? [];
  const needed = needs.find(({ what }) => what === 'cores')?.needed;
  if (needed === undefined) return [];
  const enough = Math.ceil(needed / (rows * coresPerTile));
  const set = [...joined, ...(enough === columns ? [] : [`hw.chip.mesh.columns=${enough}`])];
  return [{ kind: 'cores', set, costs: `${needed} cores like it, on a mesh`, rank: needed }];
}

/** Settings that put copies of a core on the bundled mesh; undefined if that would change more than its memory. */
function asMesh({ experiment, choice, find, models }: AskedCell, hw: HwModel): string[] | undefined {
  const set = [`hw.extends=${meshOfCores}`];
  const mesh = attempt(() => loadCell(experiment, withSettings(choice, set), find, models).hw);
  if (mesh instanceof PlasticoreError || mesh.lanes !== hw.lanes || mesh.datapathBits !== hw.datapathBits)
    return undefined;
  const banks = hw.banks.map((bank) => ({ bank, inMesh: mesh.banks.find(({ name }) => name === bank.name) }));
  if (banks.some(({ bank, inMesh }) => inMesh?.wordBits !== bank.wordBits)) return undefined;
  return [
    ...set,
    ...banks
      .filter(({ bank, inMesh }) => inMesh?.capacityBits !== bank.capacityBits)
      .map(({ bank: { name, capacityBits } }) => `hw.banks.${name}.capacityBits=${capacityBits}`),
  ];
}

/** Banks that are just large enough. */
function moreMemory(hw: HwModel, needs: readonly Need[]): Change[] {
  const missing = hw.banks.flatMap(({ name }) => {
    const need = needs.find(({ bank }) => bank === name);
    return need === undefined || need.needed <= need.available ? [] : [{ name, ...need }];
  });
  if (missing.length === 0) return [];
  return [
    {
      kind: 'memory',
      set: missing.map(({ name, needed }) => `hw.banks.${name}.capacityBits=${needed}`),
      costs: missing
        .map(({ what, needed, available }) => `${grouped(needed - available)} more ${what}`)
        .join(', '),
      rank: 0,
    },
  ];
}

/** A bank with words of twice the bits, where no number of words would do. */
function widerWords({ banks }: HwModel): Change[] {
  return banks.map(({ name, wordBits }) => ({
    kind: 'memory',
    set: [`hw.banks.${name}.wordBits=${2 * wordBits}`],
    costs: `words of ${2 * wordBits} bits in the ${name} bank`,
    rank: wordBits,
  }));
}

/** Other hw-models of the same arithmetic. */
function otherHwModels(names: readonly string[], hw: HwModel, models: Models): Change[] {
  return names.flatMap((name): Change[] => {
    const other = models.hw({ name, from: '' }, '');
    if (other.name === hw.name || other.arithmetic !== hw.arithmetic) return [];
    // A chip is no larger FPGA, nor an FPGA a smaller chip.
    if ((other.fpga === undefined) !== (hw.fpga === undefined)) return [];
    const rank = other.fpga?.luts ?? coreArea(other).totalUm2;
    return [{ kind: 'hw', hw: name, costs: other.description, rank }];
  });
}

const none: Change = { kind: 'neurons', costs: '', rank: 0 };

/**
 * For each population except the input and the readout: the most of its neurons that fit, found by bisection.
 *
 * @param also changes that are made with it, each if it saves neurons
 */
function fewerNeurons({ spec }: Program, also: readonly Change[], tryOne: Try): FittingChange[] {
  const [answer] = spec.readout?.split('.') ?? [];
  return Object.entries(spec.populations).flatMap(([name, { size, shape }]) => {
    if (name === spec.input || name === answer) return [];
    // The last length of a shape is that of its channels.
    const most = shape?.at(-1) ?? size;
    const path = shape === undefined ? 'size' : `shape.${shape.length - 1}`;
    const tryWith = (other: Change, count: number) => {
      const lost = `${grouped(size - (size / most) * count)} of ${grouped(size)} neurons in ${name}`;
      return tryOne({
        ...other,
        kind: 'neurons',
        set: [...(other.set ?? []), `program.populations.${name}.${path}=${count}`],
        costs: other.costs === '' ? lost : `${lost}; ${other.costs}`,
        rank: most - count,
      });
    };
    let kept = 0;
    return also.flatMap((other) => {
      const found = mostThatFit(most, (count) => tryWith(other, count));
      if (found === undefined || most - found.change.rank <= kept) return [];
      kept = most - found.change.rank;
      return [found];
    });
  });
}

/** The result for the largest number below `all` that has one. */
function mostThatFit<T>(all: number, tryWith: (count: number) => T | undefined): T | undefined {
  let found = all > 1 ? tryWith(1) : undefined;
  if (found === undefined) return undefined;
  let [low, high] = [1, all];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const fitting = tryWith(middle);
    if (fitting === undefined) high = middle;
    else [low, found] = [middle, fitting];
  }
  return found;
}
