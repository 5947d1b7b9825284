import type { Cell, Experiment } from '../../src/experiment/index.ts';
import { allChoices, DesignLoader, type SweepChoice, spaceOfSweep } from '../../src/explore/index.ts';
import type { SpaceDesign } from '../../src/explore/space/index.ts';
import { findFile } from '../../src/fs/index.ts';

/** A design of a sweep. */
export interface SweptDesign extends SpaceDesign {
  compile(seed: number): Cell;
}

/** The designs of a sweep, in its order. */
export function sweptDesigns(experiment: Experiment, choice: SweepChoice): readonly SweptDesign[] {
  const { space } = spaceOfSweep(experiment, choice);
  const { precisions: _, vary: __, ...common } = choice;
  const loader = new DesignLoader(experiment, common, findFile);
  return allChoices(space).map((position) => {
    const design = space.designAt(position);
    return { ...design, compile: (seed) => loader.compile(design, seed) };
  });
}
