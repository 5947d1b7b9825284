import { checkPrecisionName, nearestPrecision } from '../../compiler/index.ts';
import { type Cell, type CellChoice, type Experiment, noSettings } from '../../experiment/index.ts';
import { attempt, type Find, option, PlasticoreError, reasonOf } from '../../text/index.ts';
import { type Need, needsOf, type Size, sizeOf } from '../fit/index.ts';
import { allChoices } from '../search/index.ts';
import { Space, sweepSpace } from '../space/index.ts';
import { DesignLoader } from './design-loader.ts';

/** One network on one of several chips. */
export interface OnChip {
  readonly hw: string;
  readonly precision: string;
  /** Its size and its share of the chip, or the reason why it cannot run there. */
  readonly fit: (Size & { readonly needs: readonly Need[] }) | { readonly reason: string };
  /** Compiles it again, to run. */
  compile(): Cell;
}

/**
 * Compiles the network of an experiment for several chips: the designs of a space with the axis `hw`.
 *
 * @param choice its precision applies to all chips; without one, each takes the experiment's own or the
 * nearest to that of those it offers
 * @param hwModels names or paths
 * @throws PlasticoreError for an hw-model that cannot be read
 */
export function compileForEach(
  experiment: Experiment,
  { precision, seed = experiment.spec.default.seed, ...common }: CellChoice,
  hwModels: readonly string[],
  find: Find,
): OnChip[] {
  const wanted = precision ?? experiment.spec.default.precision;
  checkPrecisionName(wanted);
  const axis = { path: 'experiment.hw', values: [...new Set(hwModels)], place: { file: option('hw') } };
  const space = new Space(sweepSpace(experiment, [wanted], [axis]), common.settings ?? noSettings, wanted);
  const loader = new DesignLoader(experiment, common, find);
  return allChoices(space).map((choice): OnChip => {
    const design = space.designAt(choice);
    // A fault of a file is an error; a network that does not fit a chip is a result.
    const { hw } = loader.load(design);
    const own = { ...design, precision: precision ?? nearestPrecision(hw, wanted) };
    const deployed = attempt(() => loader.deploy(own, seed));
    return {
      hw: String(design.values[axis.path]),
      precision: own.precision,
      fit:
        deployed instanceof PlasticoreError
          ? { reason: inALine(deployed) }
          : { ...sizeOf(deployed), needs: needsOf(deployed) },
      compile: () => loader.compile(own, seed),
    };
  });
}

/** The first reason, and how many there are. */
function inALine(error: PlasticoreError): string {
  const more = error.others.length;
  return more === 0 ? reasonOf(error) : `${reasonOf(error)} (${more} more reason${more === 1 ? '' : 's'})`;
}
