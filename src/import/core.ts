/** Networks as programs of their own on a core that runs any microcode. */
import { precisionOf } from '../compiler/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { option, PlasticoreError } from '../text/index.ts';
import { CauseTally } from './check/causes.ts';
import type { NetworkView } from './check/running.ts';
import { endsOf, type Imported, type ImportedProgram, placedFor, type TargetRecord } from './imported.ts';
import { type Entry, mostValue } from './input-numbers.ts';
import { networkOf } from './map/network.ts';
import { type Gains, type NirStage, storedPotential } from './map/stages.ts';
import { describeProgram } from './program/describe.ts';
import { numbering } from './program/layout.ts';
import { type Learning, learningPlan } from './program/learning.ts';
import { measureActivity } from './quantise/activity.ts';
import {
  type IntegerLink,
  type IntegerNetwork,
  type IntegerStage,
  type Leak,
  quantise,
} from './quantise/quantise.ts';
import type { MemoryWidths } from './quantise/scales.ts';
import type { GivenGraph } from './reading.ts';
import type { Target, Way } from './target.ts';

/** How to import a graph to a core. */
export interface ImportOptions extends Partial<Mapping> {
  readonly widths: MemoryWidths;
  /** When spikes arrive on the chip: in the same step, or in the next one. */
  readonly delivery?: 'same' | 'next' | undefined;
  /** Set if weights are integers of the weights' bits times a scale, and are taken as they are. */
  readonly areIntegers?: boolean | undefined;
  /** Called after each sample of the calibration, with how many are done. */
  readonly onCalibrated?: ((done: number) => void) | undefined;
  /** Layers that go on learning; by default, none. */
  readonly learning?: Learning | undefined;
}

/** A graph of NIR as a program on a core. */
export interface ImportedNetwork extends ImportedProgram {
  readonly integers: IntegerNetwork;
}

/**
 * Turns a graph of NIR into a program in integers: neurons become populations, and all linear nodes between them
 * projections. Samples of a calibration set the scales; without any, the worst case sets them.
 *
 * @throws PlasticoreError `data`, with the node, if a core cannot run it
 */
export function importNir(given: GivenGraph, options: ImportOptions): ImportedNetwork {
  const { graph, rules, input, file, name, steps, calibration, checked } = given;
  const { widths, entry = 'each step', gains = 'weights', delivery = 'same', learning } = options;
  const integerBits = options.areIntegers === true ? widths.weightBits : undefined;
  const placed = placedFor(given, delivery, { gains, integerBits });
  const { network, readout } = placed;
  const activity = calibration && measureActivity(graph, rules, network, calibration, options.onCalibrated);
  const mostInput =
    input.are === 'spikes' ? Math.max(1, calibration?.most ?? 1, checked?.most ?? 1) : mostValue;
  const integers = quantise(network, widths, activity, mostInput, steps, entry);
  const layers = network.stages.map((stage) => `${stage.node} (${stage.type}, ${stage.size})`).join(', ');
  const description = `Imported from ${file}: ${layers}.`;
  const plan = learning && learningPlan(integers, readout, learning, activity, steps);
  return {
    ...placed,
    ...describeProgram(name, description, integers, readout, steps, plan),
    entry,
    widths,
    integers,
    learns: learning !== undefined,
    notes: [...placed.notes, ...coarseNotes(integers)],
    layers: layersOf(integers),
    answer: { field: `${readout.name}.score`, number: numbering(readout, network.pictures) },
    causes: () => new CauseTally(integers),
    record: () => coreRecord(integers, readout, calibration?.samples ?? 0),
  };
}

/** Choices for a program on a core. */
export interface CoreChoices {
  readonly precision: string;
  readonly accumulatorBits: number;
  /** Whether weights were trained as integers times a scale, and are not rounded again. */
  readonly areIntegers: boolean;
  readonly learning?: Learning | undefined;
  /** Called after each sample of the calibration, with how many are done, and of how many. */
  readonly onCalibrated?: ((done: number, samples: number) => void) | undefined;
}

/** A core that runs any microcode. */
export function coreTarget(hw: HwModel, choices: CoreChoices): Target {
  const { precision, accumulatorBits, areIntegers, learning, onCalibrated } = choices;
  const delivery = hw.chip?.delivery === 'next' ? 'next' : 'same';
  return {
    hw,
    precision,
    delivery,
    ways(given) {
      const options: ImportOptions = {
        widths: { weightBits: precisionOf(precision, hw).weightBits, accumulatorBits },
        delivery,
        areIntegers,
        onCalibrated: onCalibrated && ((done) => onCalibrated(done, given.calibration?.samples ?? 0)),
        learning,
      };
      return mappingsOf(given, areIntegers).map(({ choices: words, ...mapping }) => ({
        choices: words,
        make: () => importNir(given, { ...options, ...mapping }),
      }));
    },
  };
}

/** The choices that are left when a network is put on a core. */
export interface Mapping {
  /** When values of a constant input come; by default, in each step. */
  readonly entry: Entry;
  /** Where gains go that differ within a convolution; by default, into its weights. */
  readonly gains: Gains;
}

/** All mappings of a graph that differ, with their choices in words. */
function mappingsOf(
  { graph, rules, input: numbers }: GivenGraph,
  areIntegers: boolean,
): readonly (Mapping & Pick<Way<Imported>, 'choices'>)[] {
  const uneven = networkOf(graph, rules, numbers, { gains: 'neurons' }).stages.filter(
    ({ model }) => model?.inputGain,
  );
  const names = uneven.map(({ node }) => `'${node}'`).join(', ');
  const entries = numbers.are === 'constant' ? (['once', 'each step'] as const) : (['each step'] as const);
  const places =
    uneven.length > 0 && !areIntegers ? (['neurons', 'weights'] as const) : (['weights'] as const);
  return entries.flatMap((entry) =>
    places.map((gains) => ({
      entry,
      gains,
      choices: [
        { what: 'how the constant input reaches the first neurons', value: entryWords[entry] },
        { what: `where the gains of ${names} are, which differ within a channel`, value: gainWords[gains] },
      ],
    })),
  );
}

const entryWords: Readonly<Record<Entry, string>> = {
  once: 'once, into a field that is added in each step',
  'each step': 'as spikes that carry it, in each step',
};

const gainWords: Readonly<Record<Gains, string>> = {
  neurons: 'in the neurons, which multiply what they gather, so that weights stay shared',
  weights: 'in the weights, which are then one for each synapse',
};

const usualAccumulator = 16;

/**
 * The width of accumulators to choose scales for: the narrowest of the core that is as wide as asked for. By default it
 * is 16, as far as the core goes, on a core of wider ones, too: the program then takes no more on other chips.
 */
export function accumulatorOf(
  { name, precision: { accumulatorBits } }: HwModel,
  wanted: number | undefined,
): number {
  const widest = Math.max(...accumulatorBits);
  if (accumulatorBits.length === 0) return wanted ?? usualAccumulator;
  if (wanted === undefined) return Math.min(usualAccumulator, widest);
  if (wanted <= widest) return Math.min(...accumulatorBits.filter((bits) => bits >= wanted));
  throw new PlasticoreError(
    'usage',
    `${option('accumulator', wanted)}: hw-model '${name}' has accumulators of ${accumulatorBits.join(' or ')} bits`,
  );
}

/** The part of `import.json` about a program on a core. */
function coreRecord(
  { network, stages, links }: IntegerNetwork,
  readout: NirStage,
  calibrated: number,
): TargetRecord {
  return {
    scales: { calibration: calibrated === 0 ? 'none: ranges of the worst case' : `${calibrated} samples` },
    readout: `${readout.name}.score`,
    populations: stages.map((integer) => {
      const { stage } = integer;
      const numbered = network.pictures.has(stage.name) ? 'row, column, channel' : 'as in the graph';
      return [stage, { ...populationOf(integer), numbering: numbered }];
    }),
    projections: links.map(projectionOf),
  };
}

function populationOf({ stage, scale, leak, current }: IntegerStage) {
  const { type, shape } = stage;
  return {
    type,
    shape,
    /** Multiply the integer by this for the model's potential; in units of the threshold if neurons fire repeatedly. */
    potentialScale: 2 ** -scale.potential,
    range: scale.potentialRange,
    rangeFrom: scale.from,
    leak: leakText(leak),
    ...(stage.model?.inputGain && { gain: 'its own, of what it gathers in a step' }),
    ...(current && { currentScale: 2 ** -scale.current, currentLeak: leakText(current.leak) }),
    gives:
      scale.given.is === 'spike'
        ? 'a spike'
        : scale.given.is === 'count'
          ? `up to ${2 ** scale.given.bits - 1} spikes a step, counted by one that carries ${scale.given.bits} bits`
          : `its potential, in ${scale.given.bits} bits`,
  };
}

function projectionOf({ link, weights, shift }: IntegerLink) {
  const { name, from, to, isLate, delay, map } = link;
  return {
    projection: name,
    ...endsOf(link),
    connect: map.sliding === undefined ? 'by pairs' : 'convolution',
    arrives: isLate ? 'in the next step' : 'in the same step',
    ...(delay !== 0 && {
      delay:
        typeof delay === 'number'
          ? delay
          : `one for each neuron of ${delay.of === 'from' ? from.name : to.name}`,
    }),
    weightScale: 2 ** -weights.scale,
    ...(link.integerScale !== undefined && { integers: 'as they were trained' }),
    shift,
    weights: weights.values.length,
    clipped: weights.clipped,
    rootMeanSquareError: weights.error,
  };
}

function leakText(leak: Leak): string {
  switch (leak.is) {
    case 'nothing':
      return 'nothing is kept';
    case 'all':
      return 'none';
    case 'shift':
      return `v / 2^${leak.shift} is lost`;
    case 'product':
      return `a product of ${leak.bits} bits`;
  }
}

/** Thresholds of fewer units get a note. */
const coarse = 16;

/** Notes on thresholds that integers hold only coarsely. */
function coarseNotes({ stages }: IntegerNetwork): string[] {
  return stages.flatMap(({ stage, threshold, scale }) => {
    const least = threshold?.reduce((low, value) => Math.min(low, Math.abs(value)), Infinity) ?? Infinity;
    if (least >= coarse || scale.given.is === 'count') return [];
    return [
      `node '${stage.node}': its threshold is ${least} units of the potential; a calibration, or wider accumulators, make them finer`,
    ];
  });
}

/** The layers of a network in integers, as a comparison sees them. */
function layersOf({ stages, network }: IntegerNetwork): NetworkView['layers'] {
  return stages
    .filter(({ stage }) => stage.type !== 'Output')
    .map(({ stage, scale, threshold }) => {
      const { given, potential } = scale;
      const unit = 2 ** -potential;
      const unitOf = (neuron: number): number => stage.model?.unit[neuron] ?? 1;
      return {
        stage,
        isSpiking: threshold !== undefined,
        ...(given.is === 'count' && { countBits: given.bits }),
        number: numbering(stage, network.pictures),
        inGraph: (neuron, stored) => unitOf(neuron) * unit * stored,
        expected: (neuron, v, spikes) =>
          stage.model === undefined ? v : unitOf(neuron) * storedPotential(stage.model, neuron, v, spikes),
      };
    });
}
