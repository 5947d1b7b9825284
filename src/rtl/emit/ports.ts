import { allLists, batchSizes, type CoreImage } from '../../image/index.ts';
import { hostAddressBits, hostScalarBits } from './context.ts';
import { indexBits } from './text.ts';
import { type Widths, widthsOf } from './widths.ts';

/** Widths of a core's ports, as what is around it connects them. */
export interface PortWidths extends Widths {
  readonly population: number;
  readonly label: number;
  readonly interval: number;
  /** Sizes of batches, of which a command says which ones its sample ends. */
  readonly batches: number;
  /** Of the widest word that the host reads or writes, of an address, and of the number of a bank. */
  readonly host: number;
  readonly hostAddress: number;
  readonly hostBank: number;
}

export function portWidthsOf(image: CoreImage): PortWidths {
  const widths = widthsOf(image);
  return {
    ...widths,
    population: indexBits(Math.max(2, image.populations.length)),
    label: hostScalarBits(image, 'label'),
    interval: indexBits(Math.max(2, image.epochs.length)),
    batches: batchSizes(allLists(image.events)).length,
    host: Math.max(
      32,
      ...image.banks.flatMap(({ wordBits, usedWords }) => (usedWords === 0 ? [] : [wordBits])),
    ),
    hostAddress: hostAddressBits(image, widths),
    hostBank: indexBits(image.banks.length + 1),
  };
}

/** The values that the spikes of the core carry, as the lane of a tile has them, at their place in an address. */
export function valueInAddress({ populations }: CoreImage, population: string, value: string): string {
  const shifts = populations.map(
    ({ payload }, index) => `${population} == ${index} ? ${payload?.shift ?? 0} : `,
  );
  return `(32'(${value}) << (${shifts.join('')}0))`;
}
