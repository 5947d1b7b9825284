import { type CoreImage, type Field, fitToField } from '../../image/index.ts';
import { registerRange, type ValueRange } from '../../isa/index.ts';
import { signedBits } from '../plan/widths.ts';
import { LaneText, type Wire } from './lane-text.ts';
import type { Taps } from './taps.ts';
import { commentLine, literal, vector } from './text.ts';

/** A sum over the row, or the largest value of the row, and where its text goes. */
interface Sum {
  readonly joins: 'sum' | 'largest';
  /** The value of each lane, after the last phase. */
  readonly value: Wire;
  /** The range of the sum, or of the largest value of active columns. */
  readonly range: ValueRange;
  /** The field that it overwrites. */
  readonly field: Field;
  /** The line that sums. */
  readonly comment: string;
  readonly name: string;
  readonly phases: number;
  readonly lanes: LaneText;
  readonly taps: Taps;
  readonly image: CoreImage;
}

/**
 * Writes the sum of a value over the row, or its largest.
 *
 * @param shared takes the text that all lanes share
 * @returns the name of the bits that its field takes
 */
export function sumText(
  { joins, value, range, field, comment, name, phases, lanes, taps, image }: Sum,
  shared: string[],
): string {
  const bits = signedBits(range);
  const packed = taps.packed(`${name}_terms`, bits);
  const active = taps.active(2 + phases);
  const isLargest = joins === 'largest';
  const none = isLargest ? literal(1n << BigInt(bits - 1), bits) : literal(0, bits);
  lanes.lines.push(
    `assign ${packed}[l * ${bits} +: ${bits}] = ${active}[l] ? ${lanes.as(value, bits)} : ${none};`,
  );
  const term = `$signed(${packed}[i${name} * ${bits} +: ${bits}])`;
  const joined = (one: string, other: string): string =>
    isLargest ? `${one} > ${other} ? ${one} : ${other}` : `${other} + ${one}`;
  shared.push(
    commentLine(`${comment}: the ${isLargest ? 'largest of' : 'sum over'} the row`),
    `reg signed ${vector(bits)} ${name};`,
    `reg signed ${vector(bits)} ${name}_tile;`,
    `integer i${name};`,
    'always @* begin',
    `  ${name}_tile = ${none};`,
    `  for (i${name} = 0; i${name} < ${image.core.lanes}; i${name} = i${name} + 1) ${name}_tile = ${joined(term, `${name}_tile`)};`,
    'end',
    'always @(posedge clk)',
    `  if (${taps.start()}) ${name} <= ${none};`,
    `  else if (${taps.valid(2 + phases)}) ${name} <= ${joined(`${name}_tile`, name)};`,
    ...(isLargest
      ? [
          `reg ${name}_any;`,
          'always @(posedge clk)',
          `  if (${taps.start()}) ${name}_any <= 1'b0;`,
          `  else if (${taps.valid(2 + phases)}) ${name}_any <= ${name}_any | (|${active});`,
        ]
      : []),
  );
  const whole = new LaneText(image.core.datapathBits);
  whole.begin(`${name}_fit`);
  const sum: Wire = { text: name, range };
  const fitted = whole.fitted(sum, field);
  shared.push(...whole.lines);
  const least = literal(BigInt.asUintN(field.bits, BigInt(fitToField(field)(registerRange.low))), field.bits);
  const found = whole.as(fitted, field.bits);
  const word = isLargest ? `${name}_any ? ${found} : ${least}` : found;
  shared.push(`wire ${vector(field.bits)} ${name}_word = ${word};`);
  return `${name}_word`;
}
