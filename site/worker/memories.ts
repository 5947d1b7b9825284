/** Each simulated core has a memory of its own, for which a browser reserves gigabytes of addresses. */
import type { Experiment } from '../../src/experiment/index.ts';
import type { Program } from '../../src/program/index.ts';

/** Memories that a browser has room for, about. */
const mostMemories = 100;

/** What a design that asks for more may be told. */
export const roomHint = `a browser has room for about ${mostMemories}: run it on the command line, or set fewer (placement.cores of its program)`;

/**
 * Why a browser has no room for an experiment, as far as its files say how many cores there are; undefined if it may
 * have.
 */
export function noRoomFor({ hosted }: Pick<Experiment, 'hosted'>, { spec }: Program): string | undefined {
  // Some hosts hold all their cores in one memory.
  const cores = hosted?.host.makesCores === true ? 1 : (spec.placement.cores ?? 1);
  return cores <= mostMemories
    ? undefined
    : `a browser has no room for the memories of ${cores} simulated cores, but of about ${mostMemories}`;
}
