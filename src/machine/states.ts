import { type CoreState, drawStates } from '../engine/index.ts';
import type { Image } from '../image/index.ts';

/** The states of several cores, one behind the other. */
export function joinStates(states: readonly CoreState[]): CoreState {
  return {
    banks: states.flatMap(({ banks }) => banks),
    generators: Uint32Array.from(states.flatMap(({ generators }) => [...generators])),
  };
}

/** Splits a state of {@link joinStates} again. */
export function statesOf(cores: Image['cores'], { banks, generators }: CoreState): CoreState[] {
  let bank = 0;
  let generator = 0;
  return cores.map(({ image }, index) => {
    const [firstBank, firstGenerator] = [bank, generator];
    // The last core takes the rest, so that its length check reports it.
    const isLast = index + 1 === cores.length;
    bank = isLast ? banks.length : bank + image.banks.length;
    const own = image.core.lanes + image.generators.length + drawStates(image);
    generator = isLast ? generators.length : generator + own;
    return {
      banks: banks.slice(firstBank, bank),
      generators: generators.slice(firstGenerator, generator),
    };
  });
}
