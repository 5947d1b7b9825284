import { type BoundKernel, factsOf, type Image, loadedField } from '../../../../image/index.ts';
import { residentFields } from './batch.ts';
import type { LinePlan } from './lines.ts';
import type { Segmentation } from './segments.ts';

/** What the rows of a batch of spikes are copied together for: one field of synapses, and rows of so many at most. */
export interface Gathering {
  /** The field that the weights are stored in; undefined if the kernel reads none. */
  readonly field: number | undefined;
  readonly longest: number;
}

/** Rows of more synapses are visited where they are. */
const mostGathered = 32;

/**
 * Whether the short rows of single targets that spikes of a batch visit may be copied one behind the other, and carried out in
 * one loop. In loops of their own, a processor guesses the end of nearly each row wrongly. Nothing may differ from row to row
 * but the synapses, which the kernel only reads.
 */
export function gatheringOf(
  image: Image,
  kernel: BoundKernel,
  lines: readonly LinePlan[],
  segmentation: Segmentation | undefined,
): Gathering | undefined {
  if (segmentation?.index === undefined || segmentation.columns !== 1) return undefined;
  const { draws, drawsFrom, emits, takesValue } = factsOf(kernel);
  if (draws > 0 || drawsFrom.length > 0 || emits || takesValue || kernel.rowGate !== undefined)
    return undefined;
  if (residentFields(image, kernel) === undefined || lines.some(({ when }) => when === 'row'))
    return undefined;
  const longest = longestRow(segmentation);
  if (longest > mostGathered || segmentation.firstPost.some((post) => post >= 2 ** 16)) return undefined;
  const fields = new Set(
    kernel.code.flatMap(({ operands }) =>
      operands.flatMap((operand) =>
        operand.is === 'field' && operand.role === 'syn'
          ? [image.fields.indexOf(loadedField(image.fields, operand.field))]
          : [],
      ),
    ),
  );
  const [field] = fields;
  return fields.size > 1 ? undefined : { field, longest };
}

function longestRow({ rows, rowStart }: Segmentation): number {
  let longest = 0;
  for (let row = 0; row < rows; row++)
    longest = Math.max(longest, (rowStart[row + 1] ?? 0) - (rowStart[row] ?? 0));
  return longest;
}
