import type { ChipLists, Placement } from '../../image/index.ts';
import type { Analysis } from '../compile-core.ts';
import { replayedFields } from './axons.ts';
import { CoreBuilder } from './core-builder.ts';
import { coresHolding } from './placement.ts';
import { SystemListWriter } from './system-lists.ts';

/** A program cut up for cores, before anything has a place in their memories. */
export interface CutProgram {
  /** In ascending order of their numbers. */
  readonly builders: readonly CoreBuilder[];
  readonly lists: ChipLists;
}

export function cut(analysis: Analysis, placement: Placement): CutProgram {
  const replayed = replayedFields(analysis);
  const builders = coresHolding(placement).map(
    (core) => new CoreBuilder(analysis, placement, core, replayed),
  );
  const lists = new SystemListWriter(analysis, builders, replayed).write();
  return { builders, lists };
}
