import {
  i16x8,
  i32,
  i32x4,
  type Local,
  ModuleBuilder,
  v128,
  vectorBytes,
  whileBelow,
} from '../../../wasm/index.ts';

/** Spikes that are counted at once: so many bytes add up to less than 2^16. */
export const spikesAtOnce = 256;

/** Where the counts of rows lie. */
export interface RowCounts {
  /** One row of counts for each row of synapses, a byte each. */
  readonly table: number;
  /** Counts of a row, a multiple of 16. */
  readonly width: number;
  /** The addends, u32 each. */
  readonly sums: number;
  /** The bits of a spike that are its row. */
  readonly mask: number;
}

/**
 * A module that adds up the counts of the rows of some spikes: `count` (address of the spikes, u32 each; where they
 * end). It sets the sums.
 */
export function rowCountsModule({ table, width, sums, mask }: RowCounts): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory('host', 'memory', 1);
  const count = module.function('count', { params: ['i32', 'i32'], results: [] }, (f, first, end) => {
    for (let column = 0; column < width; column += vectorBytes) {
      const low = f.keep(v128.const(Int32Array.of(0, 0, 0, 0)));
      const high = f.keep(v128.const(Int32Array.of(0, 0, 0, 0)));
      const next = f.keep(first);
      whileBelow(f, next, end, 4, () => {
        const row = f.keep(v128.load(i32.load(next).and(mask).times(width), table + column));
        f.set(low, i16x8.add(low, i16x8.extend_low_i8x16_u(row)));
        f.set(high, i16x8.add(high, i16x8.extend_high_i8x16_u(row)));
      });
      const store = (part: Local<'v128'>, to: number): void => {
        f.do(v128.store(0, i32x4.extend_low_i16x8_u(part), sums + 4 * to));
        f.do(v128.store(0, i32x4.extend_high_i16x8_u(part), sums + 4 * to + vectorBytes));
      };
      store(low, column);
      store(high, column + 8);
    }
  });
  module.export('count', count);
  return module.toBytes();
}
