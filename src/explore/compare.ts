import { offered, precisionOf } from '../compiler/index.ts';
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
  return hwModels.map((hw): OnChip => {
    const wanted = choice.precision ?? experiment.spec.default.precision;
    const precision = choice.precision ?? nearestPrecision(experiment, { ...choice, hw }, wanted, find);
    const own = { ...choice, hw, precision };
    return { hw, precision, choice: own, fit: fitOf(() => deployCell(experiment, own, find)) };
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

/** The precision that differs least in its weights, then in its shadow weights. */
function nearestPrecision(experiment: Experiment, choice: CellChoice, wanted: string, find: Find): string {
  const { hw } = loadCell(experiment, choice, find);
  const names = offered(hw);
  const [, shadowBits = '0', weightBits = '0'] = /^mp(\d+)-(\d+)$/.exec(wanted) ?? [];
  const distance = (name: string): number => {
    const at = precisionOf(name, hw);
    return 64 * Math.abs(at.weightBits - Number(weightBits)) + Math.abs(at.shadowBits - Number(shadowBits));
  };
  if (wanted === 'fp32' || names.includes(wanted)) return wanted;
  return names.reduce((best, name) => (distance(name) < distance(best) ? name : best), names[0] ?? wanted);
}
