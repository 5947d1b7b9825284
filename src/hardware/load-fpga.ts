import type { FpgaPart } from './fpga.ts';
import type { HwModelFile } from './schema.ts';
import type { Sources } from './sources.ts';

/** The resources of an FPGA, as a model states them. */
export function readFpga(file: NonNullable<HwModelFile['fpga']>, sources: Sources): FpgaPart {
  const { part, luts, multipliers, memories, source, core } = file;
  return {
    part,
    luts,
    multipliers,
    memories: Object.entries(memories).map(([name, memory]) => ({ name, ...memory })),
    source: sources.named(source),
    core: core && { ...core, source: sources.named(core.source) },
  };
}
