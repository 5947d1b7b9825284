import { chips as bundledChips, type Chip, findHost } from '../../chips/index.ts';
import {
  checkClasses,
  checkInputs,
  type Dataset,
  type Encoding,
  encodedInputs,
  givesValues,
  type LabelledSet,
} from '../../data/index.ts';
import { checkCarriesValues, sampleSteps } from '../../engine/index.ts';
import { allLists, batchSizes, type Image, kernelsByPhase, suppliedTo } from '../../image/index.ts';
import { hostScalars } from '../../isa/index.ts';
import { command, option, PlasticoreError } from '../../text/index.ts';
import type { Cell, Life } from '../description/index.ts';
import { lifeSamples } from './life-plan.ts';

/**
 * Checks that a data set fits a cell's network, or the chip it hosts.
 *
 * @throws PlasticoreError `data`, or `invalid-value` if the chip's configuration is at fault
 */
export function checkData(cell: Cell, data: Dataset, chips: readonly Chip[] = bundledChips): void {
  const { image, encoder, chip, epochs, life } = cell;
  const { name, train, test } = data;
  if (life !== undefined) checkLife({ ...cell, life }, data);
  if (epochs > 0 && test.inputs > 0) checkTraining(image, name, train);
  if (chip === undefined) checkNetwork(image, encoder, name, train);
  else {
    if (train.targets !== undefined)
      throw new PlasticoreError(
        'data',
        `data set '${name}' asks for numbers, and the host of chip '${chip.chip}' for classes`,
      );
    findHost(chips, chip)
      .hosting(chip)
      .check(image, encoder, { ...train, name });
  }
}

/**
 * The data have all stages of a life, and the host can present them.
 *
 * @throws PlasticoreError `data`, at the key of the stage
 */
function checkLife(cell: Cell & { readonly life: Life }, data: Dataset): void {
  if (data.train.targets !== undefined)
    throw new PlasticoreError(
      'data',
      `data set '${data.name}' asks for numbers: a life is told by accuracies`,
      {
        hint: 'leave out the life of the experiment',
      },
    );
  lifeSamples(cell, data);
  const { chip, life } = cell;
  if (chip === undefined) return;
  const frozen = life.stages.find(({ isFrozen }) => isFrozen);
  if (frozen === undefined) return;
  throw new PlasticoreError(
    'data',
    `the host of chip '${chip.chip}' presents samples for training to learn them: no stage of it is frozen`,
    { ...frozen.places.frozen, hint: 'leave the stage out, or `frozen`' },
  );
}

/** Training takes samples, and labels where a rule reads them. */
function checkTraining(image: Image, name: string, { count, classes, targets }: LabelledSet): void {
  const hint = `${option('epochs', 0)} only tests`;
  if (count === 0)
    throw new PlasticoreError('data', `data set '${name}' has no samples to learn from`, { hint });
  const batch = batchSizes(allLists(image.events)).at(-1);
  if (batch !== undefined && batch > count)
    throw new PlasticoreError(
      'data',
      `the program learns in batches of ${batch} samples (everySample), and data set '${name}' has ${count} to learn from`,
      { hint: `use ${batch} samples or more (${option('limit', batch)}), or make the batch smaller` },
    );
  const { learning } = kernelsByPhase(image.events);
  const reader = [...learning].find((kernel) =>
    image.kernels[kernel]?.code.some(({ operands }) =>
      operands.some((operand) => operand.is === 'host' && hostScalars[operand.scalar] === 'label'),
    ),
  );
  if (classes > 0 || targets !== undefined || reader === undefined) return;
  throw new PlasticoreError(
    'data',
    `data set '${name}' has no labels for training, and kernel '${image.kernels[reader]?.name}' reads host.label`,
    { hint },
  );
}

function checkNetwork(image: Image, encoder: Encoding, name: string, train: LabelledSet): void {
  if (image.input < 0 || image.readout < 0) {
    throw new PlasticoreError(
      'data',
      `program '${image.program}' takes no samples: it has no input or no readout`,
      { hint: howToRun(image) },
    );
  }
  const input = image.populations[image.input];
  if (train.inputs === 0 || input === undefined) return;
  const set = { ...train, name };
  checkInputs(set, encoder, {
    name: `population '${input.name}' of '${image.program}'`,
    takes: suppliedTo(input),
    ...(suppliedTo(input) === input.size && {
      hint: option('set', `program.populations.${input.name}.size=${encodedInputs(set, encoder)}`),
    }),
  });
  if (givesValues(encoder, train)) checkCarriesValues(input);
  checkTargets(image, set);
  const steps = train.kind === 'events' ? (train.steps ?? 0) : 0;
  if (steps > sampleSteps(image))
    throw new PlasticoreError(
      'data',
      `data set '${name}' has ${steps} steps per sample; '${image.program}' has at most ${sampleSteps(image)}`,
      { hint: option('set', `program.steps=${steps}`) },
    );
  const readout = image.fields[image.readout];
  checkClasses(set, {
    name: `readout '${readout?.name}' of '${image.program}'`,
    takes: readout?.count ?? 0,
  });
}

/** A program with a regression takes samples that ask for numbers, and no other program does. */
function checkTargets(
  { program, regression }: Pick<Image, 'program' | 'regression'>,
  { name, classes, targets }: Pick<LabelledSet, 'name' | 'classes' | 'targets'>,
): void {
  const fail = (message: string, hint?: string): never => {
    throw new PlasticoreError('data', message, { ...(hint !== undefined && { hint }) });
  };
  const bits = targets === undefined ? 0 : Math.ceil(Math.log2(targets.levels));
  if (regression === undefined) {
    if (targets === undefined) return;
    const hint = `its program states regression: {bits: ${bits}}`;
    fail(`data set '${name}' asks for numbers, and '${program}' answers with a class`, hint);
  } else if (targets === undefined) {
    if (classes > 0)
      fail(
        `data set '${name}' has ${classes} classes, and '${program}' answers with a number`,
        'a program that answers with a class has no regression',
      );
  } else if (bits > regression.bits)
    fail(
      `data set '${name}' asks for numbers of ${bits} bits, and '${program}' takes ${regression.bits}`,
      option('set', `program.regression.bits=${bits}`),
    );
}

/** Explains how to run a program that cannot take samples itself. */
function howToRun({ core }: Image): string {
  const { controller, controllerModule: module, controllerData: data } = core;
  if (controller === undefined) return 'a program that takes samples names both, under input and readout';
  const section = data === undefined ? controller : (data.name ?? 'controller');
  const named = `controller '${controller}'${module === undefined ? '' : ` of the module ${module.file}`}`;
  return `${named} runs it, in an experiment with a section '${section}:'; ${command('verify')} replays a recording`;
}
