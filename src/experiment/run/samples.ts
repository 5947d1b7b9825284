import { chips as bundledChips, type Chip, findHost } from '../../chips/index.ts';
import {
  type Dataset,
  type Encoding,
  encodedInputs,
  givesValues,
  type LabelledSet,
} from '../../data/index.ts';
import { checkCarriesValues, sampleSteps } from '../../engine/index.ts';
import { type Image, kernelsByPhase, suppliedTo } from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import { option, PlasticoreError } from '../../text/index.ts';
import type { Cell } from '../description/index.ts';
import type { RunState } from './state.ts';

/** Number of samples in a whole run: those of all epochs and those scored, including validation between epochs. */
export function samplesInAll({ epochs, validation }: Cell, { train, test }: Dataset): number {
  const times = validation === undefined ? 1 : Math.max(1, epochs);
  return epochs * train.count + times * test.count;
}

/** Number of samples done. */
export function samplesDone(
  { epochs, validation }: Cell,
  { train, test }: Dataset,
  { part, epoch, done }: Pick<RunState, 'part' | 'epoch' | 'done'>,
): number {
  // A round is an epoch and the scoring after it. Without validation, only the last epoch is followed by scoring.
  const round = train.count + (validation === undefined ? 0 : test.count);
  const rounds = part === 'score' ? Math.max(0, epochs - 1) : epoch;
  const isTrained = part !== 'train' && epochs > 0;
  return rounds * round + (isTrained ? train.count : 0) + done;
}

/** A table of the scores of more classes would be of no use, and takes memory for each sample. */
const mostScores = 1024;

/**
 * Whether the scores of all classes are kept: answers are the largest item of a readout, and it has not too many. The host
 * of a chip answers in its own way.
 */
export function hasScores({ chip, image }: Pick<Cell, 'chip' | 'image'>): boolean {
  const { count = 0 } = image.fields[image.readout] ?? {};
  return chip === undefined && count > 0 && count <= mostScores;
}

/**
 * Checks that a data set fits a cell's network, or the chip it hosts.
 *
 * @throws PlasticoreError `data`, or `invalid-value` if the chip's configuration is at fault
 */
export function checkData(
  { image, encoder, chip, epochs }: Cell,
  { name, train, test }: Dataset,
  chips: readonly Chip[] = bundledChips,
): void {
  if (epochs > 0 && test.inputs > 0) checkTraining(image, name, train);
  if (chip === undefined) checkNetwork(image, encoder, name, train, chips);
  else
    findHost(chips, chip.chip)
      .hosting(chip)
      .check(image, encoder, { ...train, name });
}

/** Training takes samples, and labels where a rule reads them. */
function checkTraining(image: Image, name: string, { count, classes }: LabelledSet): void {
  const hint = `${option('epochs', 0)} only tests`;
  if (count === 0)
    throw new PlasticoreError('data', `data set '${name}' has no samples to learn from`, { hint });
  const { learning } = kernelsByPhase(image.events);
  const reader = [...learning].find((kernel) =>
    image.kernels[kernel]?.code.some(({ operands }) =>
      operands.some((operand) => operand.is === 'host' && hostScalars[operand.scalar] === 'label'),
    ),
  );
  if (classes > 0 || reader === undefined) return;
  throw new PlasticoreError(
    'data',
    `data set '${name}' has no labels for training, and kernel '${image.kernels[reader]?.name}' reads host.label`,
    { hint },
  );
}

function checkNetwork(
  image: Image,
  encoder: Encoding,
  name: string,
  train: LabelledSet,
  chips: readonly Chip[],
): void {
  if (image.input < 0 || image.readout < 0) {
    throw new PlasticoreError(
      'data',
      `program '${image.program}' takes no samples: it has no input or no readout`,
      { hint: howToRun(image, chips) },
    );
  }
  if (train.inputs === 0) return;
  const inputs = image.populations[image.input];
  const encoded = encodedInputs(train, encoder);
  const supplied = inputs && suppliedTo(inputs);
  if (supplied !== encoded) {
    const found =
      train.kind === 'features'
        ? `has ${encoded} features per sample`
        : `has ${train.inputs} channels, encoded into ${encoded} inputs`;
    throw new PlasticoreError(
      'data',
      `data set '${name}' ${found}; population '${inputs?.name}' of '${image.program}' has ${supplied} ${supplied === inputs?.size ? 'neurons' : 'inputs'}`,
      { hint: 'the two numbers must be equal' },
    );
  }
  if (givesValues(encoder)) checkCarriesValues(inputs);
  const steps = train.kind === 'events' ? (train.steps ?? 0) : 0;
  if (steps > sampleSteps(image))
    throw new PlasticoreError(
      'data',
      `data set '${name}' has ${steps} steps per sample; '${image.program}' has at most ${sampleSteps(image)}`,
      { hint: option('set', `program.steps=${steps}`) },
    );
  const readout = image.fields[image.readout];
  if (readout === undefined || readout.count < train.classes) {
    throw new PlasticoreError(
      'data',
      `data set '${name}' has ${train.classes} classes; the readout ${readout?.name} of '${image.program}' has ${readout?.count} items`,
    );
  }
}

/** Explains how to run a program that cannot take samples itself. */
function howToRun({ core: { controller } }: Image, chips: readonly Chip[]): string {
  if (controller === undefined) return 'a program that takes samples names both, under input and readout';
  const chip = chips.find(({ name }) => name === controller);
  const runs =
    chip !== undefined && chip.host === undefined
      ? `controller '${controller}' runs it, but no experiment can host that chip`
      : `controller '${controller}' runs it, in an experiment with a section '${controller}:'`;
  return `${runs}; plasticore verify replays a recording`;
}
