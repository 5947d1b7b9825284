import { type BoundKernel, definitionOf } from '../../image/index.ts';
import { operationNamed } from '../../isa/index.ts';
import { longestRow, type Segments } from '../../program/index.ts';

/** A partial sum has 32 bits; its least value stands for a row that was not visited. */
const largest = 2 ** 31 - 1;

/** Whether a kernel finds the largest of a row. */
export function findsLargest({ code }: BoundKernel): boolean {
  return code.some(({ mnemonic }) => {
    const { effect } = operationNamed(mnemonic);
    return effect.does === 'reduce' && effect.joins === 'largest';
  });
}

/** Whether a partial sum holds whatever a kernel may sum over a row, exactly. */
export function sumsFit({ code }: BoundKernel, segments: Segments): boolean {
  const row = longestRow(segments);
  return code.every((line, at) => {
    const [source] = line.operands;
    if (operationNamed(line.mnemonic).effect.does !== 'reduce' || source?.is !== 'register') return true;
    const { low = -(2 ** 31), high = 2 ** 31 } = definitionOf(code, at, source.register) ?? {};
    return row * Math.max(-low, high) <= largest;
  });
}
