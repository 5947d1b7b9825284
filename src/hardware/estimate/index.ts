/** Estimators: what a part costs by its shape, node and supply, from published figures. */

import { tableOf } from '../../text/index.ts';
import { arithmetic } from './arithmetic.ts';
import { hardwiredControl } from './control.ts';
import { type Estimator, intervalOf, type Quantity, type Range } from './estimator.ts';
import { fifo } from './fifo.ts';
import { instructionFetch } from './instruction-fetch.ts';
import { registers } from './registers.ts';
import { router } from './router.ts';
import { sram } from './sram.ts';

export {
  arithmetic,
  type Estimator,
  fifo,
  hardwiredControl,
  instructionFetch,
  intervalOf,
  type Quantity,
  type Range,
  registers,
  router,
  sram,
};

/** To add an estimator, add its file here: the command, the docs and `auto` know it then. */
export const estimators: readonly Estimator[] = [
  sram,
  arithmetic,
  registers,
  instructionFetch,
  hardwiredControl,
  fifo,
  router,
];

/** What an input is called where it is typed or listed. */
export const inputNames: Readonly<Record<string, string>> = tableOf({
  capacityBits: 'bits',
  widthBits: 'bits',
  packetBits: 'bits',
  wordBits: 'word',
  ports: 'ports',
  depth: 'depth',
  technologyNm: 'node',
  supplyV: 'supply',
});

/** Whether an input is counted, so that it is a whole number; node and supply are measured. */
export function isCounted({ unit }: Range): boolean {
  return unit !== 'nm' && unit !== 'V';
}

/** An input beyond the range of an estimator. */
export interface OutOfRange {
  readonly input: string;
  readonly range: Range;
}

/**
 * The first input that an estimator does not reach; undefined if it reaches them all.
 *
 * @param own range of one of its quantities, where that is narrower
 */
export function outOfRange<Input extends string>(
  { range }: Estimator<Input>,
  inputs: Readonly<Record<Input, number>>,
  own: Quantity['range'] = {},
): OutOfRange | undefined {
  for (const [input, reach] of Object.entries<Range>({ ...range, ...own })) {
    const value = inputs[input as Input];
    if (!(value >= reach.low && value <= reach.high)) return { input, range: reach };
  }
  return undefined;
}
