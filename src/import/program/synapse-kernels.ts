import type { IntegerLink, StageOutput, Widths } from '../quantise/index.ts';
import { KernelText, type WrittenKernel } from './kernel-text.ts';

/** Bits of a lane's arithmetic without the sign; no sum of a product and a potential needs more. */
const safeBits = 29;

/**
 * The kernel that one spike runs over its row: it adds weights, times the value of the spike, to a field of the
 * targets.
 *
 * @param shift to the left, from units of the product to those of the field
 */
export function integrateKernel(
  given: StageOutput,
  field: IntegerLink['field'],
  shift: number,
  { weightBits, accumulatorBits }: Widths,
): WrittenKernel {
  const text = new KernelText(accumulatorBits, 'row');
  let added = text.load('syn.weight');
  const valueBits = given.is === 'spike' ? 0 : given.bits;
  const saturates = weightBits + valueBits + shift > safeBits ? '.s' : '';
  if (given.is === 'value' && shift < 0) {
    const value = text.load('ev.value');
    const down = text.parameter('down', -shift);
    // The product may be wider than the lanes, but not after the shift; otherwise it saturates.
    if (saturates === '') added = text.value('mulsra.rn', added, value, down);
    else text.line('sra.rn', added, text.value('mul.s', added, value), down);
  } else {
    if (given.is !== 'spike') added = text.value(`mul${saturates}`, added, text.load('ev.value'));
    // A parameter of zero costs nothing: it shifts a register onto itself.
    text.line(`shl${saturates}`, added, added, text.parameter('align', shift));
  }
  const before = text.load(`post.${field}`);
  const sum = saturates === '' ? text.sum('add', before, added) : text.value('add.s', before, added);
  text.store(sum, `post.${field}`);
  return text.written();
}
