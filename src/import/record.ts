import type { Encoding, FeatureRange } from '../data/index.ts';
import { stepNotes } from '../nir/index.ts';
import type { Decision } from './decision.ts';
import type { ImportedNetwork } from './import.ts';
import { type InputName, inputBits } from './input-numbers.ts';
import type { IntegerLink, IntegerStage, Leak } from './quantise/index.ts';
import { readingsOf } from './readings.ts';

/** Information for an import's files beside the program itself. */
export interface ImportContext {
  /** The graph's file: its name and its bytes. */
  readonly source: { readonly name: string; readonly bytes: Uint8Array };
  readonly hw: string;
  readonly precision: string;
  readonly decisions: readonly Decision[];
  /** The experiment's data; undefined if none are named. */
  readonly data: ExperimentData | undefined;
}

/** Samples of an experiment. */
export type ExperimentData =
  /** Spikes or values: a file with the array `input`, and perhaps `label`. */
  | {
      readonly are: InputName;
      readonly path: string;
      readonly hasLabels: boolean;
      /** The numbers that 0 and 255 of a core stand for, unless the kind of the numbers says so. */
      readonly range?: FeatureRange | undefined;
      /** The file with the samples to learn from, by its path from the folder of the other. */
      readonly train?: string | undefined;
    }
  /** A data set, which is encoded; without a path, one that comes with the package. */
  | { readonly are: 'samples'; readonly path: string | undefined; readonly encoder: Encoding };

/** The decisions of an import, with reasons: the contents of `import.json`. */
export function recordOf(imported: ImportedNetwork, { hw, precision, decisions }: ImportContext) {
  const { graph, rules, integers, readout, output, calibrated, description } = imported;
  const { network, widths, stages, links } = integers;
  const { input, pictures, depths, outputs } = network;
  return {
    nir: graph.version,
    notes: notesOf(imported),
    decisions,
    readings: readingsOf(graph, rules),
    hw,
    precision,
    accumulatorBits: widths.accumulatorBits,
    steps: description.steps ?? 1,
    calibration: calibrated === 0 ? 'none: ranges of the worst case' : `${calibrated} samples`,
    input: {
      node: input.node,
      population: input.name,
      shape: input.shape,
      gives: network.numbers.are,
      ...(network.numbers.are !== 'spikes' && {
        scale: network.numbers.scale,
        offset: network.numbers.offset,
        bits: inputBits,
      }),
    },
    outputs: [...outputs].map(([node, { name }]) => ({ node, population: name, isReadout: node === output })),
    readout: `${readout.name}.score`,
    populations: stages.map((stage) => ({
      ...populationOf(stage),
      numbering: pictures.has(stage.stage.name) ? 'row, column, channel' : 'as in the graph',
      stepsBehindInput: depths.get(stage.stage.name) ?? 0,
    })),
    projections: links.map((link) => projectionOf(link)),
  };
}

function populationOf({ stage, scale, leak, current }: IntegerStage) {
  const { name, node, type, shape } = stage;
  return {
    population: name,
    node,
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
  const { name, from, to, nodes, isLate, delay, map } = link;
  return {
    projection: name,
    from: from.name,
    to: to.name,
    nodes,
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

/** Corrections of the graph, losses in the program, and surprises. */
export function notesOf({ graph, rules, integers }: ImportedNetwork): string[] {
  const coarseOnes = integers.stages.flatMap(({ stage, threshold, scale }) => {
    const least = threshold?.reduce((low, value) => Math.min(low, Math.abs(value)), Infinity) ?? Infinity;
    if (least >= coarse || scale.given.is === 'count') return [];
    return [
      `node '${stage.node}': its threshold is ${least} units of the potential; a calibration, or wider accumulators, make them finer`,
    ];
  });
  return [...graph.notes, ...stepNotes(graph, rules), ...coarseOnes];
}

/** Thresholds of fewer units get a note. */
const coarse = 16;
