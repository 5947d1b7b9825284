import { type CoreState, drawStates } from '../engine/index.ts';
import type { Image } from '../image/index.ts';
import { at } from '../text/index.ts';

/** How many words of a machine's own are behind the generators of its cores: see {@link LostSpikes}. */
function ownStates({ lostPackets }: Pick<Image, 'lostPackets'>): number {
  return lostPackets === undefined ? 0 : 1;
}

/** The states of several cores, one behind the other, and of the machine. */
export function joinStates(states: readonly CoreState[], own: readonly number[]): CoreState {
  return {
    banks: states.flatMap(({ banks }) => banks),
    generators: Uint32Array.from([...states.flatMap(({ generators }) => [...generators]), ...own]),
  };
}

/** The machine's own word of a state of {@link joinStates}; 0 if it has none. */
export function ownState(image: Pick<Image, 'lostPackets'>, { generators }: CoreState): number {
  return ownStates(image) === 0 ? 0 : at(generators, generators.length - 1);
}

/** Splits a state of {@link joinStates} again. */
export function statesOf(image: Pick<Image, 'cores' | 'lostPackets'>, state: CoreState): CoreState[] {
  const { cores } = image;
  const { banks } = state;
  const generators = state.generators.subarray(0, state.generators.length - ownStates(image));
  let bank = 0;
  let generator = 0;
  return cores.map(({ image: core }, index) => {
    const [firstBank, firstGenerator] = [bank, generator];
    // The last core takes the rest, so that its length check reports it.
    const isLast = index + 1 === cores.length;
    bank = isLast ? banks.length : bank + core.banks.length;
    const own = core.core.lanes + core.generators.length + drawStates(core);
    generator = isLast ? generators.length : generator + own;
    return {
      banks: banks.slice(firstBank, bank),
      generators: generators.slice(firstGenerator, generator),
    };
  });
}
