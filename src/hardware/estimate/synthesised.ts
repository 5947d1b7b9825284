import table from '#points/synthesised' with { type: 'json' };
import { cited } from './points.ts';

/** What a synthesis tool makes of whole cores, in areas of a NAND with two inputs. */

/** The area of a NAND with two inputs in the Nangate open cell library, 45 nm. */
export const nandUm2 = 0.798;

export const synthesisedBy = table.sources.yosys.cite;

/**
 * Cores as `plasticore rtl` writes them, without their banks: the pipelines of its kernels (the work of its units, and
 * their registers), and as control all else: sequencer, walker with its lists, FIFO, generators, gate bits,
 * multiplexers of the banks' ports. `bits` are those of lists, FIFO and gates, which become flip-flops; `line` is what
 * `rtl` was asked for. Every second one by the bits is fitted, and the others are checks.
 */
export const synthesisedCores = cited(table, table.cores);
