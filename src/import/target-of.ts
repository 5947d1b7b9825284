import type { Chip } from '../chips/index.ts';
import { nearestPrecision } from '../compiler/index.ts';
import type { HwModel } from '../hardware/index.ts';
import { type Find, option, PlasticoreError } from '../text/index.ts';
import { type ChipWithNetworks, chipTarget, ownPrecision } from './chip.ts';
import { accumulatorOf, type CoreChoices, coreTarget } from './core.ts';
import type { Learning, LearningRule } from './program/learning.ts';
import type { Target } from './target.ts';
import { xyloTarget } from './xylo/target.ts';

/** A user's choices for the program. */
export interface AskedProgram {
  readonly precision?: string | undefined;
  readonly accumulator?: number | undefined;
  /** `as-is`: integers as they were trained; `global`: on Xylo, one scale for all hidden neurons. */
  readonly weights?: string | undefined;
  /** Layers that go on learning. */
  readonly learn?: readonly string[] | undefined;
  readonly rule?: LearningRule | undefined;
  /** The samples of a calibration, by their path. */
  readonly calibrate?: string | undefined;
}

/** The precision where none is asked for, or the nearest of an hw-model. */
export const importPrecision = 'mp16-8';

/**
 * The target that an hw-model is.
 *
 * @param chips those with controllers that it may name
 * @param find finds the program of a chip
 * @throws PlasticoreError `fit` for a chip that takes no networks, `usage` for choices that the target has not
 */
export function targetOf(
  hw: HwModel,
  chips: readonly Chip[],
  asked: AskedProgram,
  find: Find,
  onCalibrated?: CoreChoices['onCalibrated'],
): Target {
  const { weights } = asked;
  if (hw.controller !== undefined) {
    const chip = chipTaking(hw, chips);
    refuseChoices(hw, asked);
    refuseGlobal(hw, weights);
    return chipTarget(hw, chip, find);
  }
  const precision = asked.precision ?? nearestPrecision(hw, importPrecision);
  if (hw.mapping?.tool === 'rockpool') {
    refuseChoices(hw, { ...asked, precision: undefined });
    return xyloTarget(hw, precision, weights === 'global' ? 'global' : 'channel');
  }
  refuseGlobal(hw, weights);
  return coreTarget(hw, {
    precision,
    accumulatorBits: accumulatorOf(hw, asked.accumulator),
    areIntegers: weights === 'as-is',
    learning: learningOf(asked),
    onCalibrated,
  });
}

/** The chip of an hw-model that networks come to. */
function chipTaking({ name, controller }: HwModel, chips: readonly Chip[]): ChipWithNetworks {
  const chip = chips.find((each) => each.name === controller);
  if (chip?.networks !== undefined) return { ...chip, networks: chip.networks };
  throw new PlasticoreError(
    'fit',
    `hw-model '${name}' runs the program of its own neurons alone, which its controller drives: no network is imported to it`,
    { hint: 'choose a core that runs any microcode, such as reference, large or mesh' },
  );
}

/** Options that choose what neurons and memories of a chip do not leave open. */
function refuseChoices({ name }: HwModel, asked: AskedProgram): void {
  for (const key of ['precision', 'accumulator', 'learn', 'rule', 'calibrate'] as const)
    if (asked[key] !== undefined && asked[key] !== ownPrecision)
      throw new PlasticoreError(
        'usage',
        `${option(key)}: the neurons of '${name}' and its memories are what they are, and a network on them does not learn`,
      );
  if (asked.weights === 'as-is')
    throw new PlasticoreError(
      'usage',
      `${option('weights', 'as-is')}: '${name}' takes a scale for each neuron`,
    );
}

/** A single scale for all neurons is a choice of Rockpool's quantisation alone. */
function refuseGlobal({ name }: HwModel, weights: string | undefined): void {
  if (weights !== 'global') return;
  throw new PlasticoreError(
    'usage',
    `${option('weights', 'global')}: '${name}' has a scale for each projection; Xylo's networks alone have this choice`,
  );
}

/** The layers that go on learning, and their rule. */
function learningOf({ learn, rule }: AskedProgram): Learning | undefined {
  if (learn === undefined && rule !== undefined)
    throw new PlasticoreError('usage', `${option('rule')}: nothing learns`, {
      hint: `${option('learn', 'NODE')} names the layer that goes on learning`,
    });
  return learn && { nodes: learn, rule: rule ?? 'three-factor' };
}
