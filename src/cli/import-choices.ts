/** The meaning of an import's options on a core, and the combinations that are refused. */
import type { Chip, ChipNetworks } from '../chips/index.ts';
import type { HwModel } from '../hardware/index.ts';
import type { InputData, LearningRule } from '../import/index.ts';
import { conventions, type Framework } from '../nir/index.ts';
import { option, PlasticoreError } from '../text/index.ts';

/** The frameworks that write files of NIR. */
export const frameworks = Object.keys(conventions).filter((name): name is Framework => name in conventions);
/** The most steps of a sample where no data say how many there are. */
export const defaultSteps = 100;
const usualAccumulator = 16;

/** The layers that go on learning, and their rule. */
export function learningOf({
  learn,
  rule,
}: {
  readonly learn?: readonly string[] | undefined;
  readonly rule?: LearningRule | undefined;
}) {
  if (learn === undefined && rule !== undefined)
    throw new PlasticoreError('usage', '--rule: nothing learns', {
      hint: '--learn NODE names the layer that goes on learning',
    });
  return learn && { nodes: learn, rule: rule ?? 'three-factor' };
}

/** The most steps of a sample: as given, or as many as the longest samples have. */
export function stepsFor(given: readonly InputData[], stated: number | undefined): number {
  const longest = given.find(({ steps }) => given.every((other) => other.steps <= steps));
  if (longest === undefined || stated === undefined) return stated ?? longest?.steps ?? defaultSteps;
  if (longest.steps <= stated) return stated;
  throw new PlasticoreError(
    'usage',
    `--steps ${stated}: samples of ${longest.name} have ${longest.steps} steps`,
    { hint: 'without --steps, a sample may have as many as those of the data' },
  );
}

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
    `--accumulator ${wanted}: hw-model '${name}' has accumulators of ${accumulatorBits.join(' or ')} bits`,
  );
}

/** A program is named after its file. */
export function programName(file: string): string {
  return file.replace(/\.nir$/, '').replace(/[^A-Za-z0-9_-]/g, '_') || 'network';
}

/** A chip that takes networks. */
export type ChipWithNetworks = Chip & { readonly networks: ChipNetworks };

/**
 * The chip of an hw-model that networks come to; undefined for a core that runs any program.
 *
 * @throws PlasticoreError `fit` for a chip that takes none
 */
export function chipTaking(hw: HwModel, chips: readonly Chip[]): ChipWithNetworks | undefined {
  if (hw.controller === undefined) return undefined;
  const chip = chips.find(({ name }) => name === hw.controller);
  if (chip?.networks !== undefined) return { ...chip, networks: chip.networks };
  throw new PlasticoreError(
    'fit',
    `hw-model '${hw.name}' runs the program of its own neurons alone, which its controller drives: no network is imported to it`,
    { hint: 'choose a core that runs any microcode, such as reference, large or mesh' },
  );
}

/** The precision of the program of a chip: the widths of its memories. */
export const ownPrecision = 'own';

/** Options that choose what neurons and memories of a chip do not leave open. */
export function refuseChoices(hw: HwModel, line: Readonly<Record<string, unknown>>): void {
  for (const name of ['precision', 'accumulator', 'learn', 'rule', 'calibrate'] as const)
    if (line[name] !== undefined && line[name] !== ownPrecision)
      throw new PlasticoreError(
        'usage',
        `${option(name)}: the neurons of '${hw.name}' and its memories are what they are, and a network on them does not learn`,
      );
  if (line.weights === 'as-is')
    throw new PlasticoreError(
      'usage',
      `${option('weights', 'as-is')}: '${hw.name}' takes a scale for each neuron`,
    );
}

/** A single scale for all neurons is a choice of Rockpool's quantisation alone. */
export function refuseGlobal(weights: string, hw: HwModel): void {
  if (weights === 'global')
    throw new PlasticoreError(
      'usage',
      `${option('weights', 'global')}: '${hw.name}' has a scale for each projection; Xylo's networks alone have this choice`,
    );
}
