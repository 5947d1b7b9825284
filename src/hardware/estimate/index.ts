/** Estimators: the costs of a part by its shape, node and supply, from published figures. */

import { tableOf } from '../../text/index.ts';
import { arithmetic } from './arithmetic.ts';
import { cells } from './cells.ts';
import { clock } from './clock.ts';
import { controlAreas, hardwiredControl, usualControlBits } from './control.ts';
import {
  type Conditions,
  type Estimator,
  factorAt,
  intervalOf,
  type Quantity,
  type Range,
} from './estimator.ts';
import { fifo } from './fifo.ts';
import { instructionFetch } from './instruction-fetch.ts';
import { registers } from './registers.ts';
import { router } from './router.ts';
import { sram } from './sram/index.ts';
import { chargePj, wires } from './wires.ts';

export { nominalSupplyV } from './node.ts';
export { cellUm2, flavours, usualFlavour, usualTemperatureC } from './sram/index.ts';

export {
  arithmetic,
  type Conditions,
  cells,
  chargePj,
  clock,
  controlAreas,
  type Estimator,
  factorAt,
  fifo,
  hardwiredControl,
  instructionFetch,
  intervalOf,
  type Quantity,
  type Range,
  registers,
  router,
  sram,
  usualControlBits,
  wires,
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
  cells,
  wires,
  clock,
];

/** The name of an input where it is typed or listed. */
export const inputNames: Readonly<Record<string, string>> = tableOf({
  capacityBits: 'bits',
  controlBits: 'bits',
  widthBits: 'bits',
  packetBits: 'bits',
  wordBits: 'word',
  ports: 'ports',
  depth: 'depth',
  lengthUm: 'length',
  flipFlops: 'flip-flops',
  coreUm2: 'area',
  technologyNm: 'node',
  supplyV: 'supply',
  temperatureC: 'temperature',
});

/** Whether an input is counted, so that it is a whole number; lengths, supply and temperature are measured. */
export function isCountInput({ unit }: Range): boolean {
  return !['nm', 'V', 'degrees', 'um', 'um2'].includes(unit);
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
  { range, reach }: Estimator<Input>,
  inputs: Readonly<Record<Input, number>>,
  own: Quantity['range'] = {},
): OutOfRange | undefined {
  for (const [input, bounds] of Object.entries<Range>({ ...range, ...reach?.(inputs), ...own })) {
    const value = inputs[input as Input];
    if (!(value >= bounds.low && value <= bounds.high)) return { input, range: bounds };
  }
  return undefined;
}
