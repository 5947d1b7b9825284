import { operationNamed } from '../isa/index.ts';
import { takesOf } from './accesses.ts';
import type { ImageInstruction } from './lists.ts';

/** Side effects of a kernel besides computing and storing, for which engines and controllers must provide. */
export interface KernelFacts {
  /** How many instructions step the lanes' generators: each steps once for every visited tile. */
  readonly draws: number;
  /** The declared generators that it draws from, one for each such instruction, in text order. */
  readonly drawsFrom: readonly number[];
  /** Whether it emits spikes, to the FIFO or to a controller. */
  readonly emits: boolean;
  /** Whether its spikes carry a value. */
  readonly sends: boolean;
  /** Whether it takes the value that a spike carries. */
  readonly takesValue: boolean;
  /** Whether it sums over rows. */
  readonly reduces: boolean;
  /** Whether it tests if any item of a tile is set. */
  readonly asksAny: boolean;
  /** Whether it names positions of fields. */
  readonly namesPositions: boolean;
}

/** Facts follow from a kernel's code. They are not stored in the image, where they could contradict it. */
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
    sends: operations.some(({ effect }) => effect.does === 'emit' && effect.sends),
    takesValue: code.some(({ operands }) => operands.some(({ is }) => is === 'payload')),
    reduces: does('reduce'),
    asksAny: does('any'),
    namesPositions: operations.some((operation) => takesOf(operation) !== 'items'),
  };
}
