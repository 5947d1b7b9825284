import {
  allLists,
  type BoundKernel,
  type Field,
  type Image,
  plainActions,
  rangesOfKernel,
} from '../../image/index.ts';

/** What prices need to know of a kernel: its code, and the width of each of its instructions. */
export interface PricedKernel {
  readonly bound: BoundKernel;
  readonly widths: readonly number[];
}

/**
 * What the prices of an image derive from, besides an hw-model. Worked out once, it serves many models that do the same
 * at other costs.
 */
export interface CostBasis {
  readonly kernels: readonly PricedKernel[];
  /** For each pass over words of fields: the fields that it scans as a gate does. */
  readonly scans: readonly (readonly number[])[];
  readonly memory: ProgramMemory;
}

/** Where the fields of a program are, and which of them list the targets of projections. */
export type ProgramMemory = Pick<Image, 'layouts' | 'projections' | 'banks'> & {
  readonly fields: readonly Omit<Field, 'neededFor'>[];
};

/** That of a compiled image. */
export function costBasis(image: Image): CostBasis {
  const { kernels, fields, layouts, projections, banks, work } = image;
  const scans = work.slice(kernels.length).map((): readonly number[] => []);
  for (const action of allLists(image.events).flatMap(plainActions)) {
    if (action.does === 'stop-unless-any') scans[action.work - kernels.length] = [action.field];
  }
  return {
    kernels: kernels.map((bound) => ({
      bound,
      widths: rangesOfKernel(bound, image).map(({ widthBits }) => widthBits),
    })),
    scans,
    memory: { fields, layouts, projections, banks },
  };
}
