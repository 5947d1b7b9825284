import type { CoreImage, Field } from '../../image/index.ts';
import type { ValueRange } from '../../isa/index.ts';
import { LaneText, type Wire } from './lane-text.ts';
import type { Taps } from './taps.ts';
import { literal, signedBits, vector } from './text.ts';

/** A sum over the row, and where its text goes. */
interface Sum {
  /** What each lane adds, after the last phase. */
  readonly value: Wire;
  /** The range of the sum. */
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
 * Writes the sum of a value over the row.
 *
 * @param shared takes the text that all lanes share
 * @returns the name of the bits that its field takes
 */
export function sumText(
  { value, range, field, comment, name, phases, lanes, taps, image }: Sum,
  shared: string[],
): string {
  const bits = signedBits(range);
  const packed = taps.packed(`${name}_terms`, bits);
  const active = taps.active(2 + phases);
  lanes.lines.push(
    `assign ${packed}[l * ${bits} +: ${bits}] = ${active}[l] ? ${lanes.as(value, bits)} : ${literal(0, bits)};`,
  );
  shared.push(
    `// ${comment}: the sum over the row`,
    `reg signed ${vector(bits)} ${name};`,
    `reg signed ${vector(bits)} ${name}_tile;`,
    `integer i${name};`,
    'always @* begin',
    `  ${name}_tile = ${literal(0, bits)};`,
    `  for (i${name} = 0; i${name} < ${image.core.lanes}; i${name} = i${name} + 1) ${name}_tile = ${name}_tile + $signed(${packed}[i${name} * ${bits} +: ${bits}]);`,
    'end',
    'always @(posedge clk)',
    `  if (${taps.start()}) ${name} <= ${literal(0, bits)};`,
    `  else if (${taps.valid(2 + phases)}) ${name} <= ${name} + ${name}_tile;`,
  );
  const whole = new LaneText(image.core.datapathBits);
  whole.begin(`${name}_fit`);
  const sum: Wire = { text: name, range };
  const fitted = whole.fitted(sum, field);
  shared.push(...whole.lines);
  const word = whole.as(fitted, field.bits);
  shared.push(
    ...whole.unused().map((line) => line.replace('unused_lane', `${name}_unused`)),
    `wire ${vector(field.bits)} ${name}_word = ${word};`,
  );
  return `${name}_word`;
}
