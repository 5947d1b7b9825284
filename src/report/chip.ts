import type { Image, PlacedCore } from '../image/index.ts';
import type { ChipReport } from './schema.ts';

/** Which part of a program each core of a chip holds. */
export function chipReport({ cores, chip, populations: names }: Image): ChipReport | undefined {
  if (chip === undefined) return undefined;
  const { columns, rows, coresPerTile, numbering } = chip.mesh;
  return {
    costSet: chip.costSet,
    columns,
    rows,
    coresPerTile,
    numbering,
    delivery: chip.delivery,
    cores: cores.map((part) => ({
      core: part.number,
      slices: part.populations.flatMap(({ population, first, isCopy }, index) => {
        const size = part.image.populations[index]?.size ?? 0;
        const name = names[population]?.name ?? '';
        return isCopy ? [] : [{ population: name, first, last: first + size - 1 }];
      }),
      ...bitsOf(part),
    })),
  };
}

/** Bits of everything that a core stores, of its copies of what lives elsewhere, and of partial sums. */
function bitsOf({ image, fields }: PlacedCore): { totalBits: number; copyBits: number; sumBits: number } {
  const bits = { totalBits: 0, copyBits: 0, sumBits: 0 };
  for (const [index, { layout, bits: width, count, fixed }] of image.fields.entries()) {
    if (layout === undefined) continue;
    const part = fields[index];
    bits.totalBits += width * count;
    if (fixed === true) continue;
    if (part === undefined) bits.sumBits += width * count;
    else if (part.isCopy) bits.copyBits += width * count;
  }
  return bits;
}
