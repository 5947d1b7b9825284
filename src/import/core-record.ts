/** What is told of a network in integers: in `import.json`, in notes, and to a comparison. */

import type { ProgramView } from './check/index.ts';
import { endsOf, type TargetRecord } from './imported.ts';
import { type NirStage, storedPotential } from './map/index.ts';
import { numbering } from './program/index.ts';
import type { IntegerLink, IntegerNetwork, IntegerStage, Leak } from './quantise/index.ts';

/** The part of `import.json` about a program on a core. */
export function coreRecord(
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
export function coarseNotes({ stages }: IntegerNetwork): string[] {
  return stages.flatMap(({ stage, threshold, scale }) => {
    const least = threshold?.reduce((low, value) => Math.min(low, Math.abs(value)), Infinity) ?? Infinity;
    if (least >= coarse || scale.given.is === 'count') return [];
    return [
      `node '${stage.node}': its threshold is ${least} units of the potential; a calibration, or wider accumulators, make them finer`,
    ];
  });
}

/** The layers of a network in integers, as a comparison sees them. */
export function layersOf({ stages, network }: IntegerNetwork): ProgramView['layers'] {
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
