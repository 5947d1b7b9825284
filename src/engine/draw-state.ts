import { at } from '../arrays/index.ts';
import type { ProgramView } from '../image/index.ts';

/*
 * How often a core has drawn the cells that flip: the last of the states of its generators, on a core that does.
 */

/** How many words of a core's state say how often it has drawn the cells that flip. */
export function drawStates({ faults }: Pick<ProgramView, 'faults'>): number {
  return faults?.errors === 'fresh' ? 1 : 0;
}

export function drawState(image: Pick<ProgramView, 'faults'>, draws: number): readonly number[] {
  return drawStates(image) === 0 ? [] : [draws];
}

export function drawsIn(image: Pick<ProgramView, 'faults'>, generators: Uint32Array): number {
  return drawStates(image) === 0 ? 0 : at(generators, generators.length - 1);
}
