import { checkPrecisionName, nearestPrecision } from '../compiler/index.ts';
import {
  type CellChoice,
  type Deployment,
  deployCell,
  type Experiment,
  loadCell,
} from '../experiment/index.ts';
import { type Find, PlasticoreError } from '../text/index.ts';
import { type Need, needsOf, type Size, sizeOf } from './fit/index.ts';

/** One network on one of several chips. */
export interface OnChip {
  readonly hw: string;
  readonly precision: string;
  readonly choice: CellChoice;
  /** Its size and what it takes of the chip, or why it cannot run there. */
  readonly fit: (Size & { readonly needs: readonly Need[] }) | { readonly reason: string };
}

/**
 * Compiles the network of an experiment for several chips.
 *
 * @param choice its precision applies to all chips; without one, each takes the experiment's own or the nearest to that of
 * those it offers
 * @param hwModels names or paths
 * @throws PlasticoreError for an hw-model that cannot be read
 */
export function compileForEach(
  experiment: Experiment,
  choice: CellChoice,
  hwModels: readonly string[],
  find: Find,
): OnChip[] {
  const wanted = choice.precision ?? experiment.spec.default.precision;
  checkPrecisionName(wanted);
  return hwModels.map((name): OnChip => {
    // What is wrong with a file is an error; what a chip makes of it is a result.
    const { hw } = loadCell(experiment, { ...choice, hw: name, precision: wanted }, find);
    const precision = choice.precision ?? nearestPrecision(hw, wanted);
    const own = { ...choice, hw: name, precision };
    return { hw: name, precision, choice: own, fit: fitOf(() => deployCell(experiment, own, find)) };
  });
}

function fitOf(compile: () => Deployment): OnChip['fit'] {
  try {
    const deployment = compile();
    return { ...sizeOf(deployment), needs: needsOf(deployment) };
  } catch (error) {
    if (!(error instanceof PlasticoreError)) throw error;
    return { reason: reasonOf(error) };
  }
}

/** An error in one line, with what would help. */
export function reasonOf({ message, hint }: PlasticoreError): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
