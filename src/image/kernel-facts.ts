import { operationNamed } from '../isa/index.ts';
import type { ImageInstruction } from './image.ts';

/** What a kernel does beside computing and storing: what whoever runs it has to provide, or to keep in order. */
export interface KernelFacts {
  /** How many instructions step the lanes' generators: each does once for every tile visited. */
  readonly draws: number;
  /** The declared generators that it draws from, one for each instruction that does, in the order of the text. */
  readonly drawsFrom: readonly number[];
  /** Whether it pushes spikes into the FIFO, or for a controller. */
  readonly emits: boolean;
  /** Whether it sums over rows. */
  readonly reduces: boolean;
  /** Whether it asks what any item of a tile has. */
  readonly asksAny: boolean;
}

/** Facts follow from a kernel's code and are not stored in the image, which could then contradict itself. */
export function factsOf({
  code,
}: {
  readonly code: readonly Pick<ImageInstruction, 'mnemonic' | 'operands'>[];
}): KernelFacts {
  const operations = code.map(({ mnemonic }) => operationNamed(mnemonic));
  const does = (what: 'emit' | 'reduce' | 'any'): boolean =>
    operations.some(({ effect }) => effect.does === what);
  return {
    draws: operations.filter(({ draws }) => draws).length,
    drawsFrom: code.flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.is === 'generator' ? [operand.generator] : [])),
    ),
    emits: does('emit'),
    reduces: does('reduce'),
    asksAny: does('any'),
  };
}
